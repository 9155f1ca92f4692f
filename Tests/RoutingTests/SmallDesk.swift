import Coverage
import Routing
import RoutingTestSupport

/// A desk of the small consortium at ten on a Monday, spoken to in few words.
struct SmallDesk {
    private(set) var desk: LiveDesk
    private(set) var events: [DeskEvent] = []

    init(_ consortium: SmallConsortium = SmallConsortium()) {
        desk = LiveDesk(book: consortium.book, now: .mondayAtTen)
    }

    /// Has an operator come, able to hold so many sessions.
    mutating func arrive(
        _ id: String, seats: Int = 2, languages: Set<String> = [], willing: Bool = true,
        _ availability: Presence.Availability = .available
    ) throws {
        _ = try perform(
            .setPresence(
                NewPresence(
                    operator: Operator.ID(id), availability: availability, seats: seats, isWilling: willing,
                    languages: languages, leaseSeconds: 600)))
    }

    /// Has a patron ask.
    @discardableResult
    mutating func ask(
        _ key: String = "patron", queue: String = "ask", library: String? = nil, language: String? = nil,
        channel: Queue.Channel = .chat
    ) throws -> Decision {
        try decide(
            .create(
                NewSession(
                    origin: .init(
                        chatServer: ChatServer.ID("chat"), externalID: key, library: library.map { Library.ID($0) },
                        language: language), queue: Queue.ID(queue), channel: channel)))
    }

    @discardableResult
    mutating func decide(_ request: DeskRequest) throws -> Decision {
        guard case .session(let decision) = try perform(request) else { throw NoDecision() }
        return decision
    }

    @discardableResult
    mutating func perform(_ request: DeskRequest) throws -> DeskAnswer {
        defer { collect() }
        return try desk.perform(request)
    }

    mutating func wait(seconds: Int) {
        desk.advance(to: desk.now.advanced(bySeconds: Int64(seconds)))
        collect()
    }

    mutating func standing(of number: Session.Number) throws -> Standing {
        try desk.decision(on: number).standing
    }

    /// Whom a session is offered to.
    mutating func asked(for number: Session.Number) throws -> [String] {
        guard case .offered(let offers) = try standing(of: number) else { return [] }
        return offers.map(\.seat.operator.rawValue)
    }

    mutating func standing(of queue: String) -> QueueStanding? { desk.standing(of: Queue.ID(queue)) }

    /// The names of what has happened to a session.
    func story(of number: Session.Number) -> [String] {
        events.filter { $0.session == number }.map(\.kind.name)
    }

    private mutating func collect() {
        events += desk.takeChanges().events
    }

    /// The answer was not a decision.
    struct NoDecision: Error {}
}

extension Shift {
    /// On a queue from ten on a Monday, for so many minutes.
    static func atTen(_ id: String, _ queue: String = "ask", after: Int = 0, minutes: Int = 120) -> Shift {
        let start = Instant.mondayAtTen.advanced(byMinutes: after)
        return Shift(
            queue: Queue.ID(queue), operator: Operator.ID(id), during: start..<start.advanced(byMinutes: minutes))
    }
}

extension Decision {
    /// Whom it is offered to.
    var asked: [String] {
        guard case .offered(let offers) = standing else { return [] }
        return offers.map(\.seat.operator.rawValue)
    }
}
