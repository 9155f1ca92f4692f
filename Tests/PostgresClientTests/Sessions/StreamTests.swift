import Foundation
import PostgresClient
import TestSupport
import Testing

@Suite("Streams of rows")
struct StreamTests {
    @Test("a million rows pass in bounded memory")
    func boundsMemory() async throws {
        try await withConnection { connection in
            let before = try residentMegabytes()
            var peak = before
            // Together 200 MB, were they all kept.
            let query: PostgresQuery = "SELECT n, repeat('x', 200) FROM generate_series(1, 1000000) AS n"
            let sum = try await connection.stream(query) { rows in
                var sum = 0
                for try await row in rows {
                    let (n, text) = try row.decode((Int, String).self)
                    sum += n + text.utf8.count - 200
                    if n.isMultiple(of: 100_000) { peak = max(peak, try residentMegabytes()) }
                }
                return sum
            }
            #expect(sum == 500_000_500_000)
            #expect(peak - before < 100)
        }
    }

    @Test("rows that nobody asks for stay at the server")
    func holdsBack() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let query: PostgresQuery = "SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"
                try await connection.stream(query) { rows in
                    var iterator = rows.makeAsyncIterator()
                    _ = try await iterator.next()
                    try await eventually("the server waits for its client") {
                        try await pool.withConnection { other in
                            try await other.value(
                                """
                                SELECT coalesce(wait_event, '') = 'ClientWrite' FROM pg_stat_activity
                                WHERE pid = \(connection.processID)
                                """)
                        }
                    }
                }
                #expect(try await connection.value("SELECT 1") == 1)
            }
        }
    }

    @Test("a statement that was run before gives all its rows right after one")
    func leavesNothingBehind() async throws {
        try await withConnection { connection in
            let query: PostgresQuery = "SELECT generate_series(1, 3)"
            let before = try await connection.query(query).map { try $0.decode(Int.self) }
            for stream: PostgresQuery in ["SELECT generate_series(1, 2)", "SELECT generate_series(1, 2)"] {
                try await connection.stream(stream) { for try await _ in $0 {} }
                let after = try await connection.query(query).map { try $0.decode(Int.self) }
                #expect(after == before)
            }
            // A transaction's first statement is its BEGIN; the statements behind it are as before, too.
            try await connection.stream("SELECT 1") { for try await _ in $0 {} }
            let inTransaction = try await connection.withTransaction { transaction in
                try await transaction.query(query).map { try $0.decode(Int.self) }
            }
            #expect(inTransaction == before)
        }
    }

    @Test("one that is left early is stopped, and the session goes on", arguments: [false, true])
    func leavesEarly(inTransaction: Bool) async throws {
        try await withPool { pool in
            let firstTwo = { (session: any PostgresSession) in
                try await session.stream("SELECT generate_series(1, 100000)") { rows in
                    try await rows.prefix(2).reduce(into: [Int]()) { try $0.append($1.decode(Int.self)) }
                }
            }
            let (read, after) =
                try await inTransaction
                ? pool.withTransaction { transaction in
                    (try await firstTwo(transaction), try await transaction.value("SELECT 3", as: Int.self))
                }
                : pool.withConnection { connection in
                    (try await firstTwo(connection), try await connection.value("SELECT 3", as: Int.self))
                }
            #expect(read == [1, 2])
            #expect(after == 3)
        }
    }

    @Test("a failure among the rows comes after those before it")
    func failsInBetween() async throws {
        try await withConnection { connection in
            var read: [Int] = []
            let error = try await failure {
                try await connection.stream("SELECT 10 / (5 - n) FROM generate_series(1, 9) AS n") { rows in
                    for try await row in rows { read.append(try row.decode(Int.self)) }
                }
            }
            #expect(error.code == .divisionByZero)
            #expect(read == [2, 3, 5, 10])
            #expect(try await connection.value("SELECT 1") == 1)
        }
    }

    @Test("a second statement while it is read is refused, and does not hang")
    func refusesSecond() async throws {
        try await withConnection { connection in
            try await connection.stream("SELECT generate_series(1, 3)") { rows in
                for try await _ in rows {
                    let error = try await failure { try await connection.execute("SELECT 1") }
                    #expect(error.code == .misuse)
                }
            }
            #expect(try await connection.value("SELECT 1") == 1)
        }
    }

    @Test("a stream that fails to begin says why")
    func failsToBegin() async throws {
        try await withConnection { connection in
            let error = try await failure {
                try await connection.stream("SELECT * FROM nowhere") { rows in
                    for try await _ in rows {}
                }
            }
            #expect(error.code == .undefinedTable)
            #expect(try await connection.value("SELECT 1") == 1)
        }
    }

    /// What the process has in memory now.
    private func residentMegabytes() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(fields[1]) ?? 0) * 4096 / 1_000_000
    }

    @Test("one that is not read at all is stopped, and the session goes on")
    func unread() async throws {
        try await withConnection { connection in
            try await connection.stream("SELECT generate_series(1, 100000000)") { _ in }
            #expect(try await connection.value("SELECT 2") == 2)
        }
    }
}
