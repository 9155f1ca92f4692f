import GRDB

/// How connections to a cache are set.
enum CacheConnection {
    /// For the agent: writes in bulk.
    static func writing() -> Configuration {
        var configuration = waiting()
        configuration.journalMode = .wal
        configuration.prepareDatabase { db in
            // In WAL mode this keeps the file whole whatever happens; a power cut may cost the last batches, together
            // with the cursor that tells of them.
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: "PRAGMA cache_size = -16384")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            try db.execute(sql: "PRAGMA journal_size_limit = 33554432")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }

    /// For whoever makes an intent: it must survive a power cut once it is told as made.
    static func adding() -> Configuration {
        var configuration = waiting()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return configuration
    }

    static func reading() -> Configuration {
        var configuration = waiting()
        configuration.readonly = true
        return configuration
    }

    private static func waiting() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(10)
        return configuration
    }
}
