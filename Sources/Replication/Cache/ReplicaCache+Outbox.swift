import GRDB

extension ReplicaCache {
    /// An intent that waits to be sent.
    struct Waiting: Hashable, Sendable {
        var id: String
        /// As JSON.
        var body: String
        /// Whether it is as it was made: what the disk has changed is not sent.
        var isSound: Bool
    }

    /// The first intents that wait, in their order.
    ///
    /// - Parameters:
    ///   - count: How many at most.
    ///   - bytes: How long they may be together; the first is given however long it is.
    /// - Returns: Them.
    /// - Throws: ``CacheFault``
    func waitingIntents(atMost count: Int, bytes: Int) throws -> [Waiting] {
        let rows = try inDatabase { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT intent_id, body, body_hash FROM intent WHERE state = 'pending' ORDER BY intent_number LIMIT ?
                    """, arguments: [count])
        }
        var length = 0
        return rows.map { row in
            let body: String = row["body"]
            return Waiting(id: row["intent_id"], body: body, isSound: row["body_hash"] == Outbox.hash(body))
        }.prefix { intent in
            length += intent.body.utf8.count
            return length <= bytes || length == intent.body.utf8.count
        }
    }

    /// Writes what the service decided.
    ///
    /// - Returns: How many intents that waited do so no longer.
    /// - Throws: ``CacheFault``
    func settle(_ outcomes: [IntentOutcome]) throws -> Int {
        let settled = try write(outcomes)
        try? forgetCopy()
        return settled
    }

    /// Once none waits, their copy holds nothing that is needed.
    private func forgetCopy() throws {
        // Not while one is being made, which is in the cache first and then in the copy.
        try FileLock.with("\(path).swap", alone: true) {
            if try waitingCount() == 0 { OutboxCopy(cachePath: path).remove() }
        }
    }

    /// Takes those from their copy that the cache has lost; to be called once its library is known.
    func restoreIntents() throws {
        let restored = try inDatabase { db in
            var restored = 0
            try db.inTransaction(.immediate) {
                restored = try OutboxCopy(cachePath: path).restore(into: db)
                if restored > 0 { try CacheTables.settleIntents(in: db) }
                return .commit
            }
            return restored
        }
        if restored > 0 { note("\(restored) intents were saved from the copy beside the cache") }
    }

    private func write(_ outcomes: [IntentOutcome]) throws -> Int {
        try inDatabase { db in
            var settled = 0
            try db.inTransaction(.immediate) {
                for outcome in outcomes {
                    try db.execute(
                        sql: """
                            UPDATE intent SET state = ?, reason = ?, theirs = ?, decided_at = ?
                            WHERE intent_id = ? AND state = 'pending'
                            """,
                        arguments: [
                            outcome.state.rawValue, outcome.reason, outcome.theirs, outcome.decidedAt, outcome.id,
                        ])
                    settled += db.changesCount
                }
                return .commit
            }
            return settled
        }
    }

    /// How many intents wait.
    func waitingCount() throws -> Int {
        try inDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM intent WHERE state = 'pending'") ?? 0 }
    }
}
