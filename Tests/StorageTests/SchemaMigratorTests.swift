import PostgresClient
import ServiceSchema
import Storage
import StorageTestSupport
import Testing

@Suite("Migrations")
struct SchemaMigratorTests {
    private let one = ServiceSchema.Migration(version: 1, name: "one", sql: "CREATE TABLE one (id int)")
    private let two = ServiceSchema.Migration(version: 2, name: "two", sql: "CREATE TABLE two (id int)")

    @Test("an empty database is brought up to date, once")
    func migratesOnce() async throws {
        try await withEmptyDatabase { pool in
            let migrator = SchemaMigrator()
            let (first, second) = try await pool.withConnection { connection in
                (try await migrator.migrate(connection), try await migrator.migrate(connection))
            }
            #expect(first.map(\.version) == Array(1...migrator.latestVersion))
            #expect(second.isEmpty)
            let state = try await pool.withConnection { try await migrator.state(in: $0) }
            #expect(state == .current(version: migrator.latestVersion))
        }
    }

    @Test("each version can be reached from the one before", arguments: 1..<ServiceSchema.migrations.count)
    func migratesFromEachVersion(version: Int) async throws {
        try await withEmptyDatabase { pool in
            let earlier = SchemaMigrator(migrations: Array(ServiceSchema.migrations.prefix(version)))
            try await pool.withConnection { _ = try await earlier.migrate($0) }
            let state = try await pool.withConnection { try await SchemaMigrator().state(in: $0) }
            #expect(state == .behind(version: version))
            let applied = try await pool.withConnection { try await SchemaMigrator().migrate($0) }
            #expect(applied.count == ServiceSchema.migrations.count - version)
        }
    }

    @Test("many processes that start at once migrate once")
    func migratesUnderALock() async throws {
        try await withEmptyDatabase { pool in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await pool.withConnection { try await SchemaMigrator().migrate($0).count }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(applied == ServiceSchema.migrations.count)
        }
    }

    @Test("an edited old file is refused")
    func refusesEdited() async throws {
        let edited = ServiceSchema.Migration(version: 1, name: "one", sql: "CREATE TABLE one (id bigint)")
        try await expectRefusal(.edited(version: 1, name: "one"), of: [edited, two], after: [one])
    }

    @Test("a gap is refused")
    func refusesGap() async throws {
        let third = ServiceSchema.Migration(version: 3, name: "three", sql: "CREATE TABLE three (id int)")
        try await expectRefusal(.gap(after: 1, found: 3), of: [one, third], after: [one])
    }

    @Test("a database newer than the program is refused")
    func refusesNewer() async throws {
        try await expectRefusal(.newer(database: 2, program: 1), of: [one], after: [one, two])
    }

    @Test("a migration that fails leaves nothing behind")
    func failsWhole() async throws {
        let broken = ServiceSchema.Migration(version: 2, name: "two", sql: "CREATE TABLE two (id int); SELECT 1/0")
        try await withEmptyDatabase { pool in
            await #expect(throws: PostgresError.self) {
                try await pool.withConnection { try await SchemaMigrator(migrations: [one, broken]).migrate($0) }
            }
            let tables = try await pool.withConnection { connection in
                try await connection.query("SELECT to_regclass('one') IS NOT NULL, to_regclass('two') IS NOT NULL")
                    .single().decode((Bool, Bool).self)
            }
            #expect(tables == (true, false))
        }
    }

    private func expectRefusal(
        _ refusal: SchemaRefusal, of later: [ServiceSchema.Migration], after earlier: [ServiceSchema.Migration]
    ) async throws {
        try await withEmptyDatabase { pool in
            try await pool.withConnection { _ = try await SchemaMigrator(migrations: earlier).migrate($0) }
            await #expect(throws: refusal) {
                try await pool.withConnection { try await SchemaMigrator(migrations: later).migrate($0) }
            }
        }
    }
}
