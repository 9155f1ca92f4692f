import Coverage
import Routing
import Storage
import StorageTestSupport
import Testing

@Suite("Stored events")
struct DeskEventTests {
    private static let at = Instant(secondsSince1970: 1_793_631_600)
    private static let offer = Offer(
        seat: Seat(operator: "pub01-01", number: 2), library: "pub01", rung: .overflow, madeAt: at,
        acceptBy: at.advanced(bySeconds: 30))
    private static let explanation = Explanation(rungs: [
        RungFinding(
            rung: .ownLibrary, state: .openEarly, opensAt: at, present: 3, chosen: ["pub01-01"],
            passedOver: [PassedOver(operator: "pub01-02", reason: .noFreeSeat)]),
        RungFinding(rung: .email, state: .notYet, opensAt: at),
    ])

    static let kinds: [DeskEvent.Kind] = [
        .created(
            .init(
                chatServer: "chat.example.org", externalID: "a \"b\" \\ c", library: "pub01", language: "es",
                note: "two lines\nand a tab\t and \u{1F4D6}")),
        .created(.init(chatServer: "chat.example.org", externalID: "1")),
        .offered([offer, offer], explanation), .waiting(ahead: 3, explanation), .fallback(nil), .fallback(.partner),
        .accepted(Seat(operator: "pub01-01", number: 1), withdrawn: ["pub01-02", "acad01-01"]), .declined,
        .offerExpired, .offerWithdrawn(.operatorGone), .requeued(.asked, toFront: true),
        .requeued(.operatorGone, toFront: false), .transferred(.toOperator("pub01-01")),
        .transferred(.toLibrary("pub01")), .transferred(.toQueue("ask")), .noted(""), .silent(seconds: 300),
        .wrappingUp(until: at), .ended(.patronLeft),
        .present(
            Presence(
                operator: "pub01-01", availability: .busy, channels: [.email], queues: ["ask", "academic"], seats: 4,
                isWilling: false, languages: ["es", "fr"], leaseUntil: at)),
        .present(Presence(operator: "pub01-01", leaseUntil: at)), .lapsed(graceUntil: nil), .lapsed(graceUntil: at),
        .left(graceUntil: at), .gone, .gapOpened(shift: at..<at.advanced(byMinutes: 60)),
        .gapClosed(shift: at..<at.advanced(byMinutes: 60)),
    ]

    @Test("are read as they were written", arguments: kinds)
    func roundTrip(kind: DeskEvent.Kind) throws {
        #expect(try DeskEvent.Kind(name: kind.name, details: kind.details) == kind)
    }

    @Test("are read without the members that a newer program has added, and whatever way their text is escaped")
    func unknownMembers() throws {
        let details = """
            {"text" : "a\\u0020\\ud83d\\udcd6\\/\\n", "mood": {"is": [1, -2, true, null, "x"]}, "seconds": null}
            """
        #expect(try DeskEvent.Kind(name: "noted", details: details) == .noted("a \u{1F4D6}/\n"))
    }

    @Test(
        "that are no JSON are refused",
        arguments: ["", "{", #"{"text":"a"#, #"{"text":"\ud83d"}"#, #"{"text":7}"#, #"{"text":"\q"}"#, "[]"])
    func damaged(details: String) {
        #expect(throws: UnreadableEvent.self) { try DeskEvent.Kind(name: "noted", details: details) }
    }

    @Test("of a kind that a newer program wrote are not guessed at")
    func unknownKind() {
        #expect(throws: UnreadableEvent.self) { try DeskEvent.Kind(name: "teleported", details: "{}") }
    }
}
