import GRDB

extension ReplicaCache {
    /// Compares what the service holds with what the cache does, at the last batch.
    ///
    /// - Parameter told: The service's digests, as the last answer brought them.
    /// - Returns: Those that differ, with how many rows the cache holds of the range.
    /// - Throws: ``CacheFault``, ``FeedFault``
    /// - Complexity: O(rows of the ranges)
    func differences(from told: [RangeDigest]) throws -> [(told: RangeDigest, rows: Int)] {
        try inDatabase { db in
            var differences: [(told: RangeDigest, rows: Int)] = []
            for digest in told {
                guard let table = ReplicaTable.named(digest.range.table) else { continue }
                let own = try TableDigest.digest(of: table, in: digest.range, db)
                if own.rows != digest.rows || own.digest != digest.digest {
                    differences.append((digest, own.rows))
                }
            }
            return differences
        }
    }

    /// Looks through all pages and indexes; an index that does not fit its table is made anew.
    ///
    /// - Returns: What was wrong and has been put right; nil if nothing was.
    /// - Throws: ``CacheFault/damaged(path:reason:)`` where it is more than an index.
    func checkIntegrity() throws -> String? {
        try rewriteZones()
        return try inDatabase { db in
            if let wrong = try CacheTables.wrongDefinition(in: db) {
                throw CacheFault.damaged(path: path, reason: "the definition of \(wrong) is not as it was made")
            }
            let found = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? "ok"
            guard found != "ok" else { return nil }
            try db.execute(sql: "REINDEX")
            let left = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? "ok"
            guard left == "ok" else { throw CacheFault.damaged(path: path, reason: left) }
            return found
        }
    }
}
