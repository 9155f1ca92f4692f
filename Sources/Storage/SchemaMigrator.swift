package import PostgresClient
package import ServiceSchema

/// Brings a database's schema to the version that this program knows, never backwards.
package struct SchemaMigrator: Sendable {
    /// How the database's schema stands to the program's.
    package enum State: Hashable, Sendable {
        /// Nothing of Coverdesk is there yet.
        case empty
        /// Some migrations are still to be applied.
        case behind(version: Int)
        case current(version: Int)
    }

    package let migrations: [ServiceSchema.Migration]

    package init(migrations: [ServiceSchema.Migration] = ServiceSchema.migrations) {
        self.migrations = migrations
    }

    /// The newest version the program knows.
    package var latestVersion: Int { migrations.last?.version ?? 0 }

    /// Applies what is missing, each migration in a transaction of its own, all under one advisory lock: of several
    /// processes that start together one migrates and the others wait.
    ///
    /// - Returns: The migrations applied now, in order; none if the schema was current.
    /// - Throws: ``SchemaRefusal`` if the database does not fit the program; nothing was changed then.
    package func migrate(_ connection: PostgresConnection) async throws -> [ServiceSchema.Migration] {
        try checkOrder()
        try await connection.execute("SELECT pg_advisory_lock(\(Self.advisoryLock))")
        do {
            let applied = try await applyMissing(on: connection)
            try await connection.execute("SELECT pg_advisory_unlock(\(Self.advisoryLock))")
            return applied
        } catch {
            // The lock goes with the connection if this fails too.
            _ = try? await connection.execute("SELECT pg_advisory_unlock(\(Self.advisoryLock))")
            throw error
        }
    }

    /// How the schema stands, without changing anything.
    ///
    /// - Throws: ``SchemaRefusal`` if the database does not fit the program.
    package func state(in session: some PostgresSession) async throws -> State {
        let recorded = try await recordedMigrations(in: session)
        try await check(recorded, in: session)
        guard let last = recorded.last else { return .empty }
        return last.version < latestVersion ? .behind(version: last.version) : .current(version: last.version)
    }

    private func applyMissing(on connection: PostgresConnection) async throws -> [ServiceSchema.Migration] {
        try await connection.executeScript(
            """
            CREATE TABLE IF NOT EXISTS schema_migration (
                version    integer PRIMARY KEY,
                name       text NOT NULL,
                checksum   text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """)
        let recorded = try await recordedMigrations(in: connection)
        try await check(recorded, in: connection)
        let missing = migrations.dropFirst(recorded.count)
        for migration in missing {
            try await connection.withTransaction { transaction in
                try await transaction.executeScript(migration.sql)
                try await transaction.execute(
                    """
                    INSERT INTO schema_migration (version, name, checksum)
                    VALUES (\(migration.version), \(migration.name),
                        encode(sha256(convert_to(\(migration.sql), 'UTF8')), 'hex'))
                    """)
            }
        }
        return Array(missing)
    }

    private func checkOrder() throws {
        for (index, migration) in migrations.enumerated() where migration.version != index + 1 {
            throw SchemaRefusal.gap(after: index, found: migration.version)
        }
    }

    private func recordedMigrations(in session: some PostgresSession) async throws -> [Recorded] {
        let exists = try await session.query("SELECT to_regclass('schema_migration') IS NOT NULL")
        guard try exists.first?.decode(Bool.self) == true else { return [] }
        let rows = try await session.query(
            "SELECT version, name, checksum FROM schema_migration ORDER BY version")
        return try rows.map { row in
            let (version, name, checksum) = try row.decode((Int, String, String).self)
            return Recorded(version: version, name: name, checksum: checksum)
        }
    }

    private func check(_ recorded: [Recorded], in session: some PostgresSession) async throws {
        for (index, row) in recorded.enumerated() {
            guard row.version == index + 1 else { throw SchemaRefusal.gap(after: index, found: row.version) }
            guard index < migrations.count else {
                throw SchemaRefusal.newer(database: recorded.last?.version ?? row.version, program: latestVersion)
            }
            let checksum = try await session.query(
                "SELECT encode(sha256(convert_to(\(migrations[index].sql), 'UTF8')), 'hex')")
            guard try checksum.first?.decode(String.self) == row.checksum else {
                throw SchemaRefusal.edited(version: row.version, name: row.name)
            }
        }
    }

    private struct Recorded {
        let version: Int
        let name: String
        let checksum: String
    }

    /// An arbitrary number that only this lock uses: "coverdsk" in ASCII.
    private static let advisoryLock: Int64 = 0x636F_7665_7264_736B
}

/// Why a database's schema and this program do not fit together.
package enum SchemaRefusal: Error, Hashable, CustomStringConvertible {
    case edited(version: Int, name: String)
    case gap(after: Int, found: Int)
    case newer(database: Int, program: Int)
    case notCurrent(database: Int, program: Int)

    package var description: String {
        switch self {
        case .edited(let version, let name):
            "migration V\(version) (\(name)) is not the one that this database was made with: a file that has been "
                + "applied is never edited; restore it and write a new one"
        case .gap(let after, let found):
            "migration V\(found) follows V\(after): one is missing; the numbers run 1, 2, 3 without a gap"
        case .newer(let database, let program):
            "the database is at version \(database), newer than this program's \(program): "
                + "run a newer coverdesk, or another database"
        case .notCurrent(let database, let program):
            "the database is at version \(database) and this program needs \(program): run `coverdesk migrate`"
        }
    }
}
