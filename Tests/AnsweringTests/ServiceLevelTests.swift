import Answering
import Coverage
import PostgresClient
import Routing
import Storage
import StorageTestSupport
import Testing

@Suite("What became of the questions of a day")
struct ServiceLevelTests {
    /// Chats within 30 s; email within two hours in which its queue is open, Mondays and Tuesdays from 10:00 to 14:00.
    private static var bundle: ConsortiumBundle {
        var bundle = ConsortiumBundle.valid(weeks: 2)
        var mail = Queue.valid("mail")
        mail.channel = .email
        mail.answerSeconds = 2 * 3600
        bundle.queues.append(mail)
        bundle.queues.sort { $0.id < $1.id }
        bundle.hours += [Weekday.monday, .tuesday].map { .valid(queue: "mail", weekday: $0) }
        return bundle
    }

    private func withLevels(_ body: (PlayedDesk) async throws -> Void) async throws {
        try await withDesk(Self.bundle) { desk, clock, pool in
            try await body(
                PlayedDesk(
                    desk: desk, clock: clock, pool: pool,
                    levels: ServiceLevels(consortium: "two", pool: pool, now: { clock.now }),
                    zone: try TimeZoneRules(identifier: "America/New_York")))
        }
    }

    @Test("a chat counts as answered when an operator has it, and in time within the queue's seconds")
    func chats() async throws {
        try await withLevels { played in
            let (soon, late) = (try await played.chat("soon"), try await played.chat("late"))
            played.clock.move(bySeconds: 30)
            try await played.accept(soon)
            played.clock.move(bySeconds: 1)
            try await played.accept(late)
            #expect(try await played.told("ask") == ["came 2, answered 2, in time 1, gave up 0, early 0, to email 0"])
        }
    }

    @Test("who leaves before an operator has them gives up; who leaves early is told apart, and spam is nobody")
    func givingUp() async throws {
        try await withLevels { played in
            let (early, late) = (try await played.chat("early"), try await played.chat("late"))
            let spam = try await played.chat("spam")
            try await played.end(spam, .spam)
            played.clock.move(bySeconds: 20)
            try await played.end(early, .abandoned)
            played.clock.move(bySeconds: 20)
            try await played.end(late, .abandoned)
            #expect(try await played.told("ask") == ["came 2, answered 0, in time 0, gave up 2, early 1, to email 0"])
        }
    }

    @Test("a chat that is handed to email counts where it was asked")
    func toEmail() async throws {
        try await withLevels { played in
            let number = try await played.chat("one")
            _ = try await played.desk.perform(.transfer(number, to: .toQueue("mail"), by: nil))
            #expect(try await played.told("ask") == ["came 1, answered 0, in time 0, gave up 0, early 0, to email 1"])
            #expect(try await played.told("mail") == [""])
        }
    }

    @Test("email counts as answered when it ends so, and in time within hours in which its queue is open")
    func email() async throws {
        try await withLevels { played in
            // Asked at 11:00, due at 13:00; asked at 13:30, due on Tuesday at 11:30.
            let first = try await played.email("first")
            played.clock.move(bySeconds: 2 * 3600 + 1)
            try await played.end(first, .answered)
            played.clock.move(bySeconds: 1800 - 1)
            let (second, open) = (try await played.email("second"), try await played.email("open"))
            played.clock.move(bySeconds: 20 * 3600)
            try await played.end(second, .referred)
            #expect(try await played.told("mail") == ["came 3, answered 2, in time 1, gave up 0, early 0, to email 0"])
            // The day is over, and still what changes is seen.
            played.clock.move(bySeconds: 3 * 3600)
            try await played.end(open, .answered)
            #expect(try await played.told("mail") == ["came 3, answered 3, in time 1, gave up 0, early 0, to email 0"])
        }
    }

    @Test("days are those of the consortium's clocks, and each is there")
    func days() async throws {
        try await withLevels { played in
            _ = try await played.chat("Monday at 11:00")
            played.clock.move(bySeconds: 13 * 3600 - 1)
            _ = try await played.chat("Monday, a second before midnight")
            played.clock.move(bySeconds: 1)
            _ = try await played.chat("Tuesday")
            #expect(try await played.came("ask", days: -1..<3) == [0, 2, 1, 0])
            #expect(try await played.came("academic", days: -1..<3) == [0, 0, 0, 0])
            #expect(try await played.came("ask", days: 1..<2) == [1])
        }
    }

    @Test("the night on which clocks go back is one day")
    func clocks() async throws {
        try await withLevels { played in
            // Sunday 1 November at 00:30, then at 01:30 twice, then at 23:59:59.
            played.clock.move(bySeconds: 5 * 86_400 + 13 * 3600 + 1800)
            for wait in [3600, 3600, 0] as [Int64] {
                _ = try await played.chat("\(played.clock.now)")
                played.clock.move(bySeconds: wait)
            }
            played.clock.move(bySeconds: 22 * 3600 + 1799)
            _ = try await played.chat("last")
            played.clock.move(bySeconds: 1)
            _ = try await played.chat("next")
            #expect(try await played.came("ask", days: 5..<8) == [0, 4, 1])
        }
    }

    @Test("of one library's patrons, theirs alone")
    func library() async throws {
        try await withLevels { played in
            _ = try await played.chat("ours")
            _ = try await played.desk.perform(.create("theirs", library: "acad01"))
            _ = try await played.desk.perform(.create("nobody's", library: nil))
            #expect(try await played.came("ask", days: 0..<1) == [3])
            #expect(try await played.came("ask", days: 0..<1, patronsOf: "pub01") == [1])
        }
    }

    @Test("an aim that is changed judges the days that were read before, too")
    func newAim() async throws {
        try await withLevels { played in
            let number = try await played.chat("one")
            played.clock.move(bySeconds: 40)
            try await played.accept(number)
            try await played.end(number, .answered)
            played.clock.move(bySeconds: 86_400)
            #expect(try await played.told("ask") == ["came 1, answered 1, in time 0, gave up 0, early 0, to email 0"])
            try await played.setAnswerSeconds(60)
            #expect(try await played.told("ask") == ["came 1, answered 1, in time 1, gave up 0, early 0, to email 0"])
        }
    }
}

/// A desk at which patrons ask, and what is told of it.
private struct PlayedDesk {
    let desk: Desk
    let clock: DeskClock
    let pool: PostgresPool
    let levels: ServiceLevels
    let zone: TimeZoneRules

    private static let monday = CivilDate("2026-10-26") ?? CivilDate(daysSince1970: 0)

    func chat(_ key: String) async throws -> Session.Number {
        try #require(try await desk.perform(.create(key)).decision?.number)
    }

    func email(_ key: String) async throws -> Session.Number {
        let request = DeskRequest.create(
            NewSession(
                origin: .init(chatServer: "mail.example.org", externalID: key, library: "pub01"), queue: "mail",
                channel: .email))
        return try #require(try await desk.perform(request).decision?.number)
    }

    /// Has an operator come and take a chat.
    func accept(_ number: Session.Number) async throws {
        _ = try await desk.perform(.present("pub01-01"))
        _ = try await desk.perform(.accept(number, by: "pub01-01"))
    }

    func end(_ number: Session.Number, _ outcome: Outcome) async throws {
        _ = try await desk.perform(.end(number, outcome: outcome, by: nil))
    }

    func setAnswerSeconds(_ seconds: Int) async throws {
        _ = try await pool.withConnection { connection in
            try await connection.execute("UPDATE queue SET answer_seconds = \(seconds)")
        }
    }

    private func report(_ days: Range<Int>, _ library: Library.ID?) async throws -> ServiceLevels.Report {
        clock.move(bySeconds: 30)
        let dates = Self.monday.advanced(byDays: days.lowerBound)..<Self.monday.advanced(byDays: days.upperBound)
        return try await levels.report(on: dates, in: zone, patronsOf: library)
    }

    func came(_ queue: Queue.ID, days: Range<Int>, patronsOf library: Library.ID? = nil) async throws -> [Int] {
        try await report(days, library).days[queue, default: []].map(\.came)
    }

    /// Monday in words.
    func told(_ queue: Queue.ID) async throws -> [String] {
        try await report(0..<1, nil).days[queue, default: []].map { day in
            guard day.came > 0 else { return "" }
            return "came \(day.came), answered \(day.answered), in time \(day.answeredInTime), gave up \(day.gaveUp), "
                + "early \(day.gaveUpEarly), to email \(day.toEmail)"
        }
    }
}
