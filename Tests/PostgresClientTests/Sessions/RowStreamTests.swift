import Foundation
import PostgresClient
import TestSupport
import Testing

@Suite("Streams of rows")
struct RowStreamTests {
    @Test("a million rows, a gigabyte, pass through little memory")
    func bounded() async throws {
        try await withConnection { connection in
            let before = try residentBytes()
            var peak = before
            var sum = 0
            try await connection.stream("SELECT generate_series(1, 1000000)::bigint, repeat('x', 1000)") { rows in
                for try await row in rows {
                    let number = try Int.decode(row[0])
                    sum += number
                    if number.isMultiple(of: 50_000) { peak = max(peak, try residentBytes()) }
                }
            }
            #expect(sum == 500_000_500_000)
            // Other tests run in the same process at the same time.
            #expect(peak - before < 400 << 20)
        }
    }

    @Test("one that is left early leaves the connection usable")
    func leftEarly() async throws {
        try await withConnection { connection in
            let first = try await connection.stream("SELECT generate_series(1, 100000000)") { rows in
                for try await row in rows { return try row.decode(Int.self) }
                return 0
            }
            #expect(first == 1)
            #expect(try await connection.value("SELECT 2", as: Int.self) == 2)
        }
    }

    @Test("one that is not read at all leaves the connection usable")
    func unread() async throws {
        try await withConnection { connection in
            try await connection.stream("SELECT generate_series(1, 100000000)") { _ in }
            #expect(try await connection.value("SELECT 2", as: Int.self) == 2)
        }
    }

    @Test("one left early in a transaction lets the transaction go on")
    func leftEarlyInTransaction() async throws {
        try await withConnection { connection in
            try await connection.withTransaction { transaction in
                try await transaction.execute("CREATE TABLE loan (id bigint)")
                try await transaction.stream("SELECT generate_series(1, 50000)") { rows in
                    for try await _ in rows { break }
                }
                try await transaction.execute("INSERT INTO loan VALUES (1)")
            }
            #expect(try await connection.value("SELECT count(*) FROM loan", as: Int.self) == 1)
        }
    }

    @Test("an error in the middle comes after the rows before it")
    func errorInTheMiddle() async throws {
        try await withConnection { connection async throws in
            var count = 0
            let error = await #expect(throws: PostgresError.self) {
                try await connection.stream("SELECT 1 / (1000 - n) FROM generate_series(1, 2000) AS n") { rows in
                    for try await _ in rows { count += 1 }
                }
            }
            #expect(error?.code == .divisionByZero)
            #expect(count == 999)
            #expect(try await connection.value("SELECT 2", as: Int.self) == 2)
        }
    }

    @Test("one of no rows ends at once")
    func empty() async throws {
        try await withConnection { connection in
            let count = try await connection.stream("SELECT 1 WHERE false") { rows in
                try await rows.reduce(0) { count, _ in count + 1 }
            }
            #expect(count == 0)
        }
    }

    @Test("rows come in order, with values that were bound")
    func order() async throws {
        try await withConnection { connection in
            let numbers = try await connection.stream("SELECT n FROM generate_series(1, \(5000)::int) AS n") { rows in
                var numbers: [Int] = []
                for try await row in rows { numbers.append(try row.decode(Int.self)) }
                return numbers
            }
            #expect(numbers == Array(1...5000))
        }
    }

    /// The memory that the process holds now.
    private func residentBytes() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(Int(fields[1])) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
