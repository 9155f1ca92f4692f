package import Coverage
import Crypto
package import Foundation
import GRDB

/// Takes intents into a cache, whether or not an agent works on it.
package struct Outbox: Sendable {
    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// Looks whether the intent can be meant, by what the cache knows, and keeps it for the agent to send.
    ///
    /// It is on the disk when this returns, and shown as pending to whoever reads the cache.
    ///
    /// - Parameters:
    ///   - id: A new UUID, by which the service knows it again.
    ///   - now: When it is made.
    ///   - make: Makes the intent from the cache's state.
    /// - Returns: The intent and its number.
    /// - Throws: ``OfflineRefusal``, ``CacheFault``
    package func add(id: UUID, now: Instant, _ make: (CacheView) throws -> Intent) throws -> (Intent, number: Int) {
        guard FileManager.default.fileExists(atPath: path) else { throw OfflineRefusal.noCache(path: path) }
        do {
            // Together with others, but not while the agent puts a new file in the place of a damaged one.
            return try FileLock.with("\(path).swap", alone: false) {
                let queue = try DatabaseQueue(path: path, configuration: CacheConnection.adding())
                let (intent, number, entry) = try queue.write { db in
                    try CacheReader.check(db, path)
                    let view = try CacheView(db)
                    let intent = try make(view)
                    try Self.check(intent, at: now, in: view)
                    try Self.insert(intent, id: id.uuidString.lowercased(), at: now, in: db)
                    let number = Int(db.lastInsertedRowID)
                    let row = try Row.fetchOne(
                        db, sql: "SELECT * FROM intent WHERE intent_number = ?", arguments: [number])
                    return (intent, number, row.flatMap { OutboxCopy.Entry($0, view.state) })
                }
                // The cache has it: a copy that cannot be written is no reason to make it twice.
                if let entry { try? OutboxCopy(cachePath: path).append(entry) }
                return (intent, number)
            }
        } catch let error as DatabaseError {
            throw CacheFault(error, path: path)
        }
    }

    private static func check(_ intent: Intent, at now: Instant, in view: CacheView) throws {
        guard intent.reason.count <= 500 else { throw OfflineRefusal.reasonTooLong(count: intent.reason.count) }
        guard intent.during.lowerBound < intent.during.upperBound else { throw OfflineRefusal.endsBeforeItBegins }
        if let shift = intent.shift {
            guard shift.library.rawValue == view.state.library else {
                throw OfflineRefusal.notOurs(plan: shift.plan, number: shift.number, library: shift.library.rawValue)
            }
            // Where the two clocks differ nobody here knows which is right: the service decides.
            let earliest = now.advanced(bySeconds: min(0, view.state.clockDifference ?? 0))
            guard shift.during.lowerBound > earliest else {
                throw OfflineRefusal.past(plan: shift.plan, number: shift.number)
            }
        } else {
            try view.requireOwnOperator(intent.operator)
        }
        if case .swap(let shift, let partner?) = intent.act, shift.plan == partner.plan, shift.number == partner.number
        {
            throw OfflineRefusal.sameShift
        }
    }

    /// By which a body that the disk has changed is known.
    static func hash(_ body: String) -> String {
        SHA256.hash(data: Data(body.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func insert(_ intent: Intent, id: String, at now: Instant, in db: Database) throws {
        let body = try intent.body(id: id, madeAt: now)
        try db.execute(
            sql: """
                INSERT INTO intent (intent_id, kind, made_at, operator_id, starts_at, ends_at, plan_number,
                    shift_number, body, body_hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, intent.kind.rawValue, now.secondsSince1970, intent.operator.rawValue,
                intent.during.lowerBound.secondsSince1970, intent.during.upperBound.secondsSince1970,
                intent.shift?.plan, intent.shift?.number, body, hash(body),
            ])
    }
}
