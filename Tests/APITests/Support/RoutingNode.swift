import API
import Answering
import Coverage
import Logging
import NIOHTTP1
import PostgresClient
import StorageTestSupport
import Testing

/// A process's worth of the service with real desks, as chat servers ask it.
struct RoutingNode: AskedService {
    let port: Int
    let token: String
    /// All nodes go by it; it stands until it is moved.
    let clock: TestClock
    let pool: PostgresPool

    /// Lets an operator be here.
    func arrive(_ id: String, seats: Int = 2, languages: [String] = []) async throws {
        let spoken = languages.map { #""\#($0)""# }.joined(separator: ",")
        let answer = try await ask(
            .PUT, "/v1/presence/\(id)",
            json: #"{"availability":"available","seats":\#(seats),"languages":[\#(spoken)],"lease_seconds":90}"#)
        #expect(answer.status == 200, "\(answer.text)")
    }

    /// Asks who takes a session on the queue `ask`.
    func create(_ id: String, library: String = "pub01", language: String? = nil) async throws -> HTTPAnswer {
        let spoken = language.map { #","language":"\#($0)""# } ?? ""
        return try await ask(
            .POST, "/v1/sessions",
            json: #"{"id":"\#(id)","queue":"ask","channel":"chat","library":"\#(library)"\#(spoken)}"#)
    }

    /// Does something with session 1, which is all that most tests have.
    func act(
        _ name: String, session: Int = 1, headers: [(String, String)] = [], _ json: String = #"{"operator":"pub01-01"}"#
    ) async throws -> HTTPAnswer {
        try await ask(.POST, "/v1/sessions/\(session)/\(name)", headers: headers, json: json)
    }

    /// How session 1 stands.
    func session() async throws -> JSONValue {
        try #require(try await ask(.GET, "/v1/sessions/1").json)
    }

    /// The types of the events of session 1, in their order.
    func trail() async throws -> [String] {
        let answer = try await ask(.GET, "/v1/sessions/1/trail")
        return (answer.json?["events"]?.array ?? []).compactMap { $0["type"]?.text }
    }

    /// What the database itself finds wrong.
    func faults() async throws -> [String] {
        try await pool.withConnection { connection in
            try await connection.query("SELECT fault FROM routing_fault").map { try $0.decode(String.self) }
        }
    }
}

extension ConsortiumBundle {
    /// The valid one with an email queue, `mail`, that promises an answer within an hour of opening.
    static func withEmail() -> ConsortiumBundle {
        var bundle = valid()
        bundle.queues.append(
            Queue(
                id: "mail", name: "Email", channel: .email, skill: "general", minShiftMinutes: 60,
                maxShiftMinutes: 180, answerSeconds: 3600))
        bundle.hours += [Weekday.monday, .tuesday].map { .valid(queue: "mail", weekday: $0) }
        return bundle
    }
}

/// Lends a node, at 11:00 on a Monday in New York, when the queues are open.
func withNode(_ body: (RoutingNode) async throws -> Void) async throws {
    try await withServiceDatabase { pool in
        try await pool.importing(.withEmail())
        let token = try await pool.makeToken().text
        let monday = try #require(CivilDate("2026-10-26"))
        try await withNode(on: pool, token, TestClock(at: .newYork(monday, hour: 11)), body)
    }
}

/// Lends two nodes over one database.
func withTwoNodes(_ body: (RoutingNode, RoutingNode) async throws -> Void) async throws {
    try await withNode { first in
        try await withNode(on: first.pool, first.token, first.clock) { second in try await body(first, second) }
    }
}

private func withNode(
    on pool: PostgresPool, _ token: String, _ clock: TestClock, _ body: (RoutingNode) async throws -> Void
) async throws {
    let desks = Desks(pool: pool, clock: { clock.now })
    let service = APIService(
        APIService.Settings(address: .host("127.0.0.1", port: 0)), consortium: "two", pool: pool,
        desk: try await desks.desk(of: "two"), now: { clock.now },
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await service.running(beside: [DeskService(desks: desks)]) { port in
        let node = RoutingNode(port: port, token: token, clock: clock, pool: pool)
        try await node.waitUntilReady()
        try await body(node)
    }
}
