import PrivateCluster
import Synchronization
import TestSupport
import Testing

@Suite("A database of a test's own")
struct WithDatabaseTests {
    private static let fillings = Mutex(0)
    private static let filled = DatabaseTemplate("filled") { connectionString in
        fillings.withLock { $0 += 1 }
        #expect(connectionString.contains("filled_template"))
    }

    @Test("many tests at a time each get their own database, from a template that is made once")
    func manyAtATime() async throws {
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    try await withDatabase(from: Self.filled) { database in
                        try await database.execute("CREATE TABLE own (id int); INSERT INTO own VALUES (1)")
                        let count = try await database.execute("SELECT count(*) FROM own")
                        #expect(count == "1")
                        return database.name
                    }
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names.count == 12)
        #expect(Self.fillings.withLock { $0 } == 1)
    }

    @Test("the database is gone when the test is over")
    func gone() async throws {
        let name = try await withDatabase(from: .empty) { $0.name }
        let left = try await SharedCluster.running.execute(
            "SELECT count(*) FROM pg_database WHERE datname = '\(name)'")
        #expect(left == "0")
    }

    @Test("a test's own error is told, and its database is gone")
    func errorIsTold() async throws {
        struct Own: Error {}
        let name = Mutex("")
        await #expect(throws: Own.self) {
            try await withDatabase(from: .empty) { database in
                name.withLock { $0 = database.name }
                throw Own()
            }
        }
        let left = try await SharedCluster.running.execute(
            "SELECT count(*) FROM pg_database WHERE datname = '\(name.withLock { $0 })'")
        #expect(left == "0")
    }
}
