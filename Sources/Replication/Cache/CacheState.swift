import CacheSchema
package import GRDB

/// What a cache says of itself: the row of its table `meta`.
package struct CacheState: Hashable, Sendable {
    /// The version of the replicated tables in place; 0 until the first snapshot is complete.
    package var schema: Int
    package var service: String?
    package var database: String?
    package var consortium: String?
    package var library: String?
    package var cursor: String?
    /// Unix microseconds by the service's clock.
    package var asOf: Int64?
    package var isInStep: Bool
    /// Unix seconds by this machine's clock.
    package var contactAt: Int64?
    /// Seconds by which the service's clock was ahead of this machine's.
    package var clockDifference: Int64?
    /// Unix seconds by this machine's clock.
    package var provenAt: Int64?

    /// Whether its tables are those of this program; otherwise they are fetched anew.
    package var isCurrent: Bool { schema == CacheSchema.version }

    package init(in db: Database) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM meta") else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "its table meta has no row")
        }
        schema = row["schema"]
        service = row["service"]
        database = row["database"]
        consortium = row["consortium"]
        library = row["library"]
        cursor = row["cursor"]
        asOf = row["as_of"]
        isInStep = row["in_step"] == 1
        contactAt = row["contact_at"]
        clockDifference = row["clock_difference"]
        provenAt = row["proven_at"]
    }
}
