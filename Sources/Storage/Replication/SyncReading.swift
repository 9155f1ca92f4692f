package import Coverage
import PostgresClient

/// One state of the database, as replicas see it.
///
/// Everything that is read in it is of the same moment. Once it is narrowed to a library, the database itself shows it
/// nothing of others.
package struct SyncReading: Sendable {
    /// Which changes.
    package enum Part: Sendable {
        /// Those that concern all libraries.
        case shared
        /// Those that concern the library alone.
        case own
        case all
    }

    /// What changed for whom.
    package struct Change: Hashable, Sendable {
        package let table: ReplicaTable
        /// Nil is all.
        package let library: Library.ID?
        /// How many lines it may take at most.
        package let count: Int
    }

    /// The database's id; another database's cursors mean nothing here.
    package let database: String
    package let snapshot: ReplicaSnapshot
    /// Changes by transactions before this one are no longer there.
    package let horizon: UInt64
    /// Microseconds since 1970, by the database's clock.
    package let asOf: Int64
    private let transaction: PostgresTransaction

    /// Bytes that lines are handed over in.
    private static let portion = 64 << 10

    static func begin(_ consortium: Consortium.ID, in transaction: PostgresTransaction) async throws -> SyncReading {
        // The same on each node and each standby; another where the database was restored from a dump, even beside the
        // original.
        let row = try await transaction.query(
            """
            SELECT pg_current_snapshot()::text,
                md5(database_id || ' ' || (SELECT system_identifier FROM pg_control_system()) || ' '
                    || (SELECT oid FROM pg_database WHERE datname = current_database()))::uuid::text,
                (SELECT transaction_id::text FROM change_horizon WHERE consortium_id = \(consortium)),
                (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
                set_config('coverdesk.consortium', \(consortium), true)
            FROM database_identity
            """
        ).single()
        let (text, database, horizon, asOf, _) = try row.decode((String, String, String?, Int64, String).self)
        guard let snapshot = ReplicaSnapshot(text) else {
            throw PostgresError(code: .decoding, message: "\(text) is no snapshot")
        }
        return SyncReading(
            database: database, snapshot: snapshot, horizon: horizon.flatMap { UInt64($0) } ?? 0, asOf: asOf,
            transaction: transaction)
    }

    /// Whether all changes since a snapshot of this database are still there.
    ///
    /// A snapshot that is ahead is of a history that was lost, such as when an older backup took the database's place.
    package func reachesBack(to seen: ReplicaSnapshot) -> Bool {
        seen.xmin >= horizon && seen.isShown(by: snapshot)
    }

    /// How much changed since a snapshot in which tables, for all libraries.
    ///
    /// Not to be asked once the reading was narrowed.
    package func changes(since seen: ReplicaSnapshot) async throws -> [Change] {
        try await transaction.execute("SELECT set_config('coverdesk.seen', \(seen.text), true)")
        return try await transaction.query(
            "SELECT table_name, library_id, change_count FROM changed_table"
        ).compactMap { row in
            let (name, library, count) = try row.decode((String, Library.ID?, Int).self)
            // Some of what is logged concerns no replica.
            return ReplicaTable.named(name).map { Change(table: $0, library: library, count: count) }
        }
    }

    /// The tables in which something changed since a snapshot, as far as the library may know of it.
    package func changedTables(since seen: ReplicaSnapshot) async throws -> [ReplicaTable] {
        try await transaction.execute("SELECT set_config('coverdesk.seen', \(seen.text), true)")
        let names = Set(
            try await transaction.query("SELECT DISTINCT table_name FROM replica.changed").decode(String.self))
        return ReplicaTable.all.filter { names.contains($0.name) }
    }

    /// From now on only what a library may see can be read.
    ///
    /// - Parameter library: Nil is what all libraries see.
    /// - Throws: ``PostgresError``.
    package func narrow(to library: Library.ID?) async throws {
        try await transaction.executeScript("SET LOCAL ROLE coverdesk_replica")
        try await transaction.execute("SELECT set_config('coverdesk.library', \(library?.rawValue ?? ""), true)")
    }

    /// Hands over every row of a table as lines that put it.
    ///
    /// - Returns: How many there are.
    package func snapshotLines(
        of table: ReplicaTable, _ take: ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await lines(table.snapshotCopy, take)
    }

    /// Hands over what changed in a table since a snapshot: lines that put rows, and lines that take them away.
    ///
    /// A row is there at most once, as it is now, however often it changed. One that is gone, or went out of sight, may
    /// never have been seen.
    ///
    /// - Returns: How many lines there are.
    package func changedLines(
        of table: ReplicaTable, _ part: Part, since seen: ReplicaSnapshot, _ take: ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await transaction.execute("SELECT set_config('coverdesk.seen', \(seen.text), true)")
        let deletions = try await lines(table.deletionCopy(part), take)
        return try await deletions + lines(table.putCopy(part), take)
    }

    /// Hands over all rows of a range in the key's order, as lines that put them.
    package func rangeLines(
        of table: ReplicaTable, in range: KeyRange, _ take: ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await name(range)
        return try await lines(table.rangeCopy(range, sign: "+"), take)
    }

    /// Sums a range's rows up, in some parts of about as many rows.
    ///
    /// - Parameters:
    ///   - table: Whose.
    ///   - range: Which rows.
    ///   - parts: 1 or more; fewer come where there are fewer rows.
    /// - Returns: The parts in the key's order, which together are the range; one at least.
    /// - Throws: ``PostgresError``.
    /// - Complexity: Reads all rows of the range, one at a time.
    package func digests(of table: ReplicaTable, in range: KeyRange, parts: Int) async throws -> [RangeDigest] {
        try await name(range)
        let rowsEach = parts == 1 ? Int.max : try await count(of: table, in: range).dividedUp(by: parts)
        var summing = DigestSumming(range, rowsEach: max(1, rowsEach), keyCount: table.keyKinds.count)
        try await transaction.copyOut(table.rangeCopy(range)) { rows in
            for try await row in rows { try summing.add(row) }
        }
        return summing.finish()
    }

    private func count(of table: ReplicaTable, in range: KeyRange) async throws -> Int {
        let query = PostgresQuery(
            unescaped: "SELECT count(*) FROM replica.\(table.name) AS v \(table.condition(range))")
        return try await transaction.query(query).single().decode(Int.self)
    }

    private func name(_ range: KeyRange) async throws {
        try await transaction.execute(
            """
            SELECT set_config('coverdesk.range_from', \(range.from ?? [])::text, true),
                set_config('coverdesk.range_to', \(range.to ?? [])::text, true)
            """)
    }

    private func lines(_ copy: String, _ take: ([UInt8]) async throws -> Void) async throws -> Int {
        try await transaction.copyOut(copy) { rows in
            var portion: [UInt8] = []
            var count = 0
            for try await row in rows {
                portion += row.bytes
                count += 1
                if portion.count >= Self.portion {
                    try await take(portion)
                    portion.removeAll(keepingCapacity: true)
                }
            }
            if !portion.isEmpty { try await take(portion) }
            return count
        }
    }
}

extension Int {
    fileprivate func dividedUp(by parts: Int) -> Int { (self + parts - 1) / parts }
}
