/// The schema of a library's cache, compiled into the program.
///
/// `schema/cache` holds it as numbered SQL files; a file that has landed is never edited. They are of two kinds. What the
/// cache keeps of its own, its state and the intents made offline, goes forward from file to file like the service's
/// tables. What it replicates can be had anew at any time, so it is not carried over: a later file takes the place of an
/// earlier one, and the agent fetches everything into the new tables before it drops the old.
package enum CacheSchema {
    /// One step of what is kept.
    package struct Migration: Sendable {
        package let version: Int
        package let sql: String
    }

    /// The steps of what is kept, in order: each is run once, in a transaction.
    package static let kept: [Migration] = [
        Migration(version: 1, sql: text(PackageResources.V0001__create_meta_and_intents_sql))
    ]

    /// The replicated tables: `CREATE TABLE` statements alone, each beginning its line.
    package static let replicaTables = text(PackageResources.V0002__create_replica_tables_sql)

    /// Indexes and views over the replicated tables.
    package static let views = text(PackageResources.V0004__create_views_sql)

    /// The number of the last file: what `meta.schema` holds once the tables are in place.
    package static let version = 4

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
