import Answering
import Coverage
import PostgresClient
import Routing
import Storage
import StorageTestSupport
import Synchronization

/// A clock that stands until it is moved: Monday, 11:00 in New York, when the queues of the valid bundle are open.
final class DeskClock: Sendable {
    private let time = Mutex(Instant.newYork(CivilDate("2026-10-26") ?? CivilDate(daysSince1970: 0), hour: 11))

    var now: Instant { time.withLock { $0 } }

    func move(bySeconds seconds: Int64) {
        time.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }
}

/// Lends a running desk of the consortium `two` on a database of its own.
func withDesk(
    _ bundle: ConsortiumBundle = .valid(), _ body: (Desk, DeskClock, PostgresPool) async throws -> Void
) async throws {
    try await withServiceDatabase { pool in
        try await pool.importing(bundle)
        let clock = DeskClock()
        try await withNode(pool, clock: { clock.now }) { desk in try await body(desk, clock, pool) }
    }
}

/// Lends a desk of the consortium `two` in what could be a process of its own.
func withNode(
    _ pool: PostgresPool, clock: @escaping @Sendable () -> Instant, _ body: (Desk) async throws -> Void
) async throws {
    let desks = Desks(pool: pool, clock: clock)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await desks.run() }
        try await body(try await desks.desk(of: "two"))
        group.cancelAll()
    }
}

extension DeskRequest {
    static func create(_ key: String, queue: String = "ask", library: String? = "pub01") -> DeskRequest {
        .create(
            NewSession(
                origin: .init(
                    chatServer: "chat.example.org", externalID: key, library: library.map { Library.ID($0) }),
                queue: Queue.ID(queue), channel: .chat))
    }

    static func present(_ id: String, seats: Int = 2) -> DeskRequest {
        .setPresence(NewPresence(operator: Operator.ID(id), seats: seats))
    }
}

extension DeskAnswer {
    /// The decision, if it is one.
    var decision: Decision? {
        if case .session(let decision) = self { return decision }
        return nil
    }
}

extension PostgresPool {
    /// What the database itself finds wrong.
    func routingFaults() async throws -> [String] {
        try await withConnection { connection in
            try await connection.query("SELECT fault || ' ' || coalesce(session_number, 0) FROM routing_fault")
                .map { try $0.decode(String.self) }
        }
    }
}
