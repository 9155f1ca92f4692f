import Foundation
import GRDB
import SystemPackage

/// The intents that wait, once more beside the cache: a file that lost everything, or was deleted, costs none of them.
///
/// A line of JSON for each, added once the cache holds it and flushed to the disk. It is read with the first snapshot
/// into a new file; what is already there, or was decided meanwhile, stays as it is, and the service decides each once.
/// Where it cannot be written the cache has the intent all the same.
struct OutboxCopy: Sendable {
    let path: String

    /// - Parameter cachePath: The cache that it stands beside.
    init(cachePath: String) {
        path = "\(cachePath).outbox"
    }

    /// One intent as the cache's table has it, and whose it is.
    struct Entry: Hashable, Sendable, Codable {
        var consortium: String
        var library: String
        var intentId: String
        var kind: String
        var madeAt: Int64
        var operatorId: String
        var startsAt: Int64
        var endsAt: Int64
        var planNumber: Int?
        var shiftNumber: Int?
        var body: String
        var bodyHash: String

        init?(_ row: Row, _ state: CacheState) {
            guard let consortium = state.consortium, let library = state.library else { return nil }
            self.consortium = consortium
            self.library = library
            intentId = row["intent_id"]
            kind = row["kind"]
            madeAt = row["made_at"]
            operatorId = row["operator_id"]
            startsAt = row["starts_at"]
            endsAt = row["ends_at"]
            planNumber = row["plan_number"]
            shiftNumber = row["shift_number"]
            body = row["body"]
            bodyHash = row["body_hash"]
        }
    }

    /// Adds one; it is on the disk when this returns.
    ///
    /// - Throws: `Errno` where the disk takes no more.
    func append(_ entry: Entry) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.append, .create, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite, .groupReadWrite, .otherRead])
        try file.closeAfter {
            // Behind what a crash has cut off in the middle, a line of its own.
            var line = Data([0x0A])
            line.append(try encoder.encode(entry))
            line.append(0x0A)
            _ = try file.writeAll(line)
            guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    /// What can be read of it, in order; lines that a crash or the disk has changed are left out.
    func entries() -> [Entry] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return data.split(separator: 0x0A).compactMap { try? decoder.decode(Entry.self, from: $0) }
            .filter { $0.bodyHash == Outbox.hash($0.body) }
    }

    /// Forgets all.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Puts those of a library that the cache does not have into it, as waiting.
    ///
    /// - Returns: How many.
    /// - Throws: `DatabaseError`
    func restore(into db: Database) throws -> Int {
        let state = try CacheState(in: db)
        var restored = 0
        for entry in entries() where entry.library == state.library && entry.consortium == state.consortium {
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO intent (intent_id, kind, made_at, operator_id, starts_at, ends_at,
                        plan_number, shift_number, body, body_hash)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    entry.intentId, entry.kind, entry.madeAt, entry.operatorId, entry.startsAt, entry.endsAt,
                    entry.planNumber, entry.shiftNumber, entry.body, entry.bodyHash,
                ])
            restored += db.changesCount
        }
        return restored
    }
}
