import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("Whatever is written, and in whichever order it commits")
struct SyncPropertyTests {
    @Test("a replica that applies every step is what the service shows at each", arguments: [1, 2, 3] as [UInt64])
    func followsEverything(seed: UInt64) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid(weeks: 2))
            _ = try await pool.publishing(
                try await pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)], weeks: 2))
            try await pool.run("INSERT INTO routing_head (consortium_id) VALUES ('two')")
            var replicas = [try await Followed("pub01", in: pool), try await Followed("acad01", in: pool)]
            let writing = Writing()
            try await withThrowingTaskGroup(of: Void.self) { group in
                let configuration = pool.configuration
                group.addTask {
                    defer { writing.isOver.withLock { $0 = true } }
                    try await Self.writeAtOnce(seed: seed, to: configuration)
                }
                while !writing.isOver.withLock({ $0 }) {
                    for index in replicas.indices {
                        let truth = try await replicas[index].follow(in: pool)
                        try #require(replicas[index].replica == truth)
                    }
                }
                try await group.waitForAll()
            }
            for index in replicas.indices {
                let truth = try await replicas[index].follow(in: pool)
                #expect(replicas[index].replica == truth)
            }
        }
    }

    private static func writeAtOnce(seed: UInt64, to configuration: PostgresConfiguration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<3 as Range<UInt64> {
                group.addTask {
                    var random = SplitMix64(seed: seed * 100 + writer)
                    try await PostgresConnection.withConnection(configuration) { connection in
                        try await write(&random, on: connection)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Some transactions of a few random statements each, of which some fail and some are rolled back.
    private static func write(_ random: inout SplitMix64, on connection: PostgresConnection) async throws {
        for _ in 0..<40 {
            let statements = (0..<Int.random(in: 1...3, using: &random)).map { _ in statement(&random) }
            let isKept = Int.random(in: 0..<5, using: &random) > 0
            let pause = Int.random(in: 0...8, using: &random)
            do {
                try await connection.withTransaction { transaction in
                    for statement in statements { try await transaction.executeScript(statement) }
                    try await Task.sleep(for: .milliseconds(pause))
                    if !isKept { throw RolledBack() }
                }
            } catch is RolledBack {
            } catch let error as PostgresError where !error.isConnectionLoss {
                // A constraint forbids it, or two waited for each other: nothing was done.
            }
        }
    }

    private struct RolledBack: Error {}

    private final class Writing: Sendable {
        let isOver = Mutex(false)
    }

    private static func statement(_ random: inout SplitMix64) -> String {
        let person = ["pub01-01", "pub01-02", "acad01-01", "acad01-02"].randomElement(using: &random) ?? ""
        let library = ["pub01", "acad01"].randomElement(using: &random) ?? ""
        let queue = ["ask", "academic"].randomElement(using: &random) ?? ""
        let number = Int.random(in: 1...6, using: &random)
        let span = "tstzrange(to_timestamp(\(number * 1000)), to_timestamp(\(number * 1000 + 500)))"
        let statements = [
            "UPDATE operator SET library_id = '\(library)' WHERE operator_id = '\(person)'",
            "UPDATE operator SET retired_at = CASE WHEN retired_at IS NULL THEN now() END WHERE operator_id = '\(person)'",
            "UPDATE operator SET name = 'N\(number)' WHERE operator_id = '\(person)'",
            "INSERT INTO absence VALUES ('two', '\(person)', \(span), 'r\(number)') ON CONFLICT DO NOTHING",
            "DELETE FROM absence WHERE operator_id = '\(person)'",
            "UPDATE absence SET reason = reason || '\(number)' WHERE length(reason) < 9",
            "INSERT INTO operator_skill VALUES ('two', '\(person)', 's\(number)') ON CONFLICT DO NOTHING",
            "DELETE FROM operator_skill WHERE skill = 's\(number)'",
            "UPDATE queue SET retired_at = CASE WHEN retired_at IS NULL THEN now() END WHERE queue_id = '\(queue)'",
            "INSERT INTO demand VALUES ('two', '\(queue)', \(span), 0, \(number)) ON CONFLICT DO NOTHING",
            "UPDATE demand SET target = minimum + \(number) WHERE queue_id = '\(queue)'",
            "DELETE FROM demand WHERE queue_id = '\(queue)' AND lower(during) < to_timestamp(\(number * 1000))",
            "UPDATE shift SET operator_id = '\(person)' WHERE shift_number = 1",
            "DELETE FROM shift WHERE shift_number = \(1 + number)",
            """
            INSERT INTO shift SELECT consortium_id, plan_number, \(1 + number), period, '\(queue)', '\(person)',
                tstzrange(lower(period) + interval '\(number) hours', lower(period) + interval '\(number + 1) hours')
            FROM plan ORDER BY plan_number DESC LIMIT 1 ON CONFLICT DO NOTHING
            """,
            """
            INSERT INTO plan (consortium_id, plan_number, period, created_at, created_by)
            SELECT 'two', max(plan_number) + 1, (array_agg(period))[1], now(), 'x' FROM plan;
            INSERT INTO shift SELECT 'two', (SELECT max(plan_number) FROM plan), shift_number, plan_period, queue_id,
                operator_id, during FROM shift WHERE plan_number = (SELECT max(plan_number) - 1 FROM plan)
            """,
            """
            UPDATE plan SET state = 'superseded', superseded_at = now() WHERE state = 'published';
            UPDATE plan SET state = 'published', published_at = now(), published_by = 'x'
            WHERE plan_number = (SELECT max(plan_number) FROM plan) AND state = 'draft'
            """,
            "UPDATE plan SET message = 'm\(number)' WHERE state = 'published'",
            "UPDATE queue SET channel = CASE channel WHEN 'chat' THEN 'email' ELSE 'chat' END WHERE queue_id = '\(queue)'",
        ]
        let all = statements + atTheDesk(number, person, library, queue)
        return all.randomElement(using: &random) ?? ""
    }

    /// What the desk does with sessions, each time under its head's lock.
    private static func atTheDesk(_ number: Int, _ person: String, _ library: String, _ queue: String) -> [String] {
        [
            """
            INSERT INTO session VALUES ('two', \(number), 'c', '\(number)', '\(queue)', '\(library)', NULL, 'n', now())
                ON CONFLICT DO NOTHING;
            INSERT INTO live_session (consortium_id, session_number, queue_id, line_front, line_since, active_at, passed,
                fallbacks) VALUES ('two', \(number), '\(queue)', false, now(), now(), '', '') ON CONFLICT DO NOTHING
            """,
            """
            UPDATE live_session SET operator_id = '\(person)', seat_number = 1, held_since = now(), line_front = NULL,
                line_since = NULL, wish = NULL WHERE session_number = \(number)
            """,
            """
            UPDATE live_session SET operator_id = NULL, seat_number = NULL, held_since = NULL, line_front = true,
                line_since = now(), wish = 'operator=\(person)=1' WHERE session_number = \(number)
            """,
            "UPDATE live_session SET queue_id = '\(queue)' WHERE session_number = \(number)",
            "DELETE FROM live_session WHERE session_number = \(number)",
        ].map { "SELECT FROM routing_head WHERE consortium_id = 'two' FOR UPDATE; \($0)" }
    }
}
