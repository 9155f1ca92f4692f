import CacheSchema
import Foundation
import GRDB

/// The cache's tables, made and put in the place of each other.
enum CacheTables {
    /// `Covd`: marks an SQLite file as a cache.
    static let applicationID: Int32 = 0x436F_7664

    private static let own: Set<String> = ["meta", "intent", "zone_offset"]

    /// The version of what the cache keeps of its own.
    static func keptVersion(in db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }

    /// Brings what the cache keeps of its own up to date.
    static func migrateKept(in db: Database, from version: Int) throws {
        for migration in CacheSchema.kept where migration.version > version {
            try db.inTransaction(.immediate) {
                try db.execute(sql: migration.sql)
                try db.execute(sql: "PRAGMA user_version = \(migration.version)")
                try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                return .commit
            }
        }
    }

    /// Makes the tables of a snapshot, beside those in place.
    static func createIncoming(in db: Database) throws {
        try db.execute(
            sql: CacheSchema.replicaTables.replacingOccurrences(of: "CREATE TABLE ", with: "CREATE TABLE incoming_"))
    }

    /// Compares the definitions of tables, indexes and views with those that this program makes.
    ///
    /// - Returns: The name of one that differs; nil if none does.
    static func wrongDefinition(in db: Database) throws -> String? {
        let model = try DatabaseQueue().writeWithoutTransaction { model in
            try migrateKept(in: model, from: 0)
            try createIncoming(in: model)
            try putIncomingInPlace(in: model)
            return try definitions(in: model)
        }
        let found = try definitions(in: db)
        return Set(model.keys).union(found.keys).sorted().first { model[$0] != found[$0] }
    }

    private static func definitions(in db: Database) throws -> [String: String] {
        try Row.fetchAll(
            db,
            sql: "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ).reduce(into: [:]) { $0[$1["name"]] = $1["sql"] }
    }

    /// Drops what an earlier snapshot that was not finished has left.
    static func dropIncoming(in db: Database) throws {
        for name in try tables(in: db) where name.hasPrefix("incoming_") {
            try db.execute(sql: "DROP TABLE \(name)")
        }
    }

    /// Puts the tables that a snapshot has filled in the place of the old ones, with their indexes and views.
    ///
    /// All in the transaction that is open: a reader sees the old tables or the new, never none.
    static func putIncomingInPlace(in db: Database) throws {
        for view in try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'view'") {
            try db.execute(sql: "DROP VIEW \(quoted(view))")
        }
        let old = try tables(in: db).filter { !own.contains($0) && !$0.hasPrefix("incoming_") }
        for name in old { try db.execute(sql: "DROP TABLE \(quoted(name))") }
        for table in ReplicaTable.all {
            try db.execute(sql: "ALTER TABLE incoming_\(table.name) RENAME TO \(table.name)")
        }
        try db.execute(sql: CacheSchema.views)
    }

    /// Gives intents the outcomes that the feed has told.
    static func settleIntents(in db: Database) throws {
        try db.execute(
            sql: """
                UPDATE intent SET state = told.state, reason = told.reason, theirs = told.theirs,
                    decided_at = told.decided_at
                FROM intent_outcome AS told
                WHERE told.intent_id = intent.intent_id AND intent.state = 'pending'
                """)
    }

    private static func tables(in db: Database) throws -> [String] {
        try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
