import CacheSchema
import Foundation
import GRDB
package import NIOCore
import SystemPackage

/// A library's cache, as the agent writes it.
///
/// One agent has it at a time; others read it, and add intents, over connections of their own. All calls run on a queue
/// of the cache's own, one after the other.
package actor ReplicaCache {
    private nonisolated let executor = QueueExecutor(label: "coverdesk.cache")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    package nonisolated let path: String
    /// The service's address, to be written into the cache.
    private let service: String
    /// This machine's clock, Unix microseconds.
    private let now: @Sendable () -> Int64
    private let spoolLimit: Int
    private var queue: DatabaseQueue?
    private var reading: FeedReading?
    private var zones: [String: [ZoneOffsets.Stretch]] = [:]
    private var lock: FileLock?
    /// Whether the file is damaged and a new one is being filled beside it.
    private var isRebuilding = false
    /// What could not be saved of a damaged file.
    private var notes: [String] = []

    /// - Parameters:
    ///   - path: The file, there or not.
    ///   - service: The service's address.
    ///   - spoolLimit: Bytes of a batch that are kept in memory.
    ///   - now: This machine's clock, in Unix microseconds.
    package init(
        path: String, service: String, spoolLimit: Int = 8 << 20, now: @escaping @Sendable () -> Int64
    ) {
        self.path = path
        self.service = service
        self.spoolLimit = spoolLimit
        self.now = now
    }

    // MARK: Opening

    /// Takes the file's lock, opens the file and looks whether it is sound.
    ///
    /// A file that is not is left as it is; a new one is begun beside it, and takes its place with its first snapshot.
    ///
    /// - Returns: What was found wrong with the file; nil if nothing was.
    /// - Throws: ``CacheFault``
    package func open() throws -> String? {
        let wasLocked = FileManager.default.fileExists(atPath: lockPath)
        try takeLock()
        do {
            return try openSound(isKnown: wasLocked)
        } catch {
            // A lock beside a file of something else would make that file look like ours the next time.
            if !wasLocked { remove(lockPath) }
            release()
            throw error
        }
    }

    private func openSound(isKnown: Bool) throws -> String? {
        do {
            queue = try connect(path, isKnown: isKnown)
            identity = FileIdentity(path)
            try checkWholeness()
            return nil
        } catch CacheFault.damaged(_, let reason) {
            // Without a lock's file beside it, no agent has had it: somebody has named a file of something else.
            guard isKnown else {
                throw CacheFault.foreign(path: path, reason: reason)
            }
            try beginRebuilding()
            return reason
        }
    }

    private func takeLock() throws {
        do {
            guard let taken = try FileLock.take(lockPath) else {
                throw CacheFault.unusable(
                    path: path,
                    reason: "another agent (process \(FileLock.holder(lockPath))) works on it: one agent to a cache")
            }
            lock = taken
        } catch let error as Errno {
            throw CacheFault.unusable(path: path, reason: "its lock \(lockPath) cannot be taken: \(error)")
        }
    }

    private nonisolated var lockPath: String { "\(path).lock" }
    private nonisolated var rebuildingPath: String { "\(path).rebuilding" }
    private nonisolated var folder: String { (path as NSString).deletingLastPathComponent.nonEmpty ?? "." }

    /// Where an agent has had the file before, what looks like another program's is damage.
    private func connect(_ path: String, isKnown: Bool) throws -> DatabaseQueue {
        try guarded {
            let queue = try DatabaseQueue(path: path, configuration: CacheConnection.writing())
            try queue.inDatabase { db in
                let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
                let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
                guard application == CacheTables.applicationID || tables == 0 else {
                    let reason = "an SQLite database that does not have a cache's mark"
                    throw isKnown
                        ? CacheFault.damaged(path: self.path, reason: reason)
                        : CacheFault.foreign(path: self.path, reason: reason)
                }
                let version = try CacheTables.keptVersion(in: db)
                guard (version == 0) == (tables == 0) else {
                    throw CacheFault.damaged(path: self.path, reason: "its version is gone")
                }
                guard version <= CacheSchema.kept.last?.version ?? 0 else {
                    throw CacheFault.newer(path: self.path, version: version, program: CacheSchema.version)
                }
                try CacheTables.migrateKept(in: db, from: version)
            }
            return queue
        }
    }

    private func checkWholeness() throws {
        try inDatabase { db in
            let found = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "ok"
            guard found == "ok" else { throw CacheFault.damaged(path: path, reason: found) }
            let state = try CacheState(in: db)
            guard state.schema <= CacheSchema.version else {
                throw CacheFault.newer(path: path, version: state.schema, program: CacheSchema.version)
            }
            try db.inTransaction(.immediate) {
                try CacheTables.dropIncoming(in: db)
                return .commit
            }
        }
    }

    /// Says that nobody listens any more, and lets go of the file and its lock.
    package func close() {
        reading = nil
        if !isRebuilding { try? setOutOfStep() }
        try? queue?.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        release()
    }

    private func release() {
        try? queue?.close()
        queue = nil
        lock?.release()
        lock = nil
    }

    // MARK: State

    /// What the cache says of itself.
    ///
    /// - Throws: ``CacheFault``
    package func state() throws -> CacheState {
        try inDatabase { try CacheState(in: $0) }
    }

    /// Writes that the service is not heard, or that not everything it told is here.
    package func setOutOfStep() throws {
        try inDatabase { try $0.execute(sql: "UPDATE meta SET in_step = 0 WHERE in_step = 1") }
    }

    /// Writes that all tables were found equal to the service's.
    package func setProven() throws {
        let present = now() / 1_000_000
        try inDatabase { try $0.execute(sql: "UPDATE meta SET proven_at = ?", arguments: [present]) }
    }

    /// Writes the clocks of all zones anew: no digest of the service covers them.
    func rewriteZones() throws {
        try inDatabase { db in
            guard try CacheState(in: db).isCurrent else { return }
            try db.inTransaction(.immediate) {
                try db.execute(sql: "DELETE FROM zone_offset")
                _ = try ZoneOffsets.write(in: db, known: &zones)
                return .commit
            }
        }
    }

    /// Keeps something that a person should know.
    func note(_ text: String) {
        notes.append(text)
    }

    /// Things that a person should know, told once.
    package func takeNotes() -> [String] {
        defer { notes = [] }
        return notes
    }

    /// Whether the file is still the one that is open here: somebody may have deleted it or put another in its place.
    package func isInPlace() -> Bool {
        isRebuilding || FileIdentity(path) == identity
    }

    private var identity: FileIdentity?

    // MARK: The feed

    /// Makes ready for an answer of the feed.
    ///
    /// - Throws: ``CacheFault``
    package func beginAnswer() throws {
        reading = FeedReading(
            state: try state(), path: path, service: service, folder: folder, spoolLimit: spoolLimit, now: now)
    }

    /// Takes a piece of the answer.
    ///
    /// - Throws: ``CacheFault``, ``FeedFault``; the cache stands where the last batch ended.
    package func receive(_ bytes: ByteBuffer) throws -> Received {
        guard let reading, reading.append(bytes.readableBytesView) else { return Received() }
        return try takeLines()
    }

    /// Takes what has come of the answer, at its end.
    ///
    /// - Returns: What came of it, and whether the answer was whole.
    /// - Throws: as ``receive(_:)``
    package func endAnswer() throws -> (Received, isWhole: Bool) {
        guard reading != nil else { return (Received(), false) }
        let received = try takeLines()
        let isWhole = reading?.isWhole ?? false
        reading = nil
        return (received, isWhole)
    }

    private func takeLines() throws -> Received {
        guard let reading else { return Received() }
        let received: Received
        do {
            received = try inDatabase { try reading.take(in: $0, zones: &zones) }
        } catch {
            self.reading = nil
            throw error
        }
        if received.snapshots > 0 {
            if isRebuilding { try putRebuiltInPlace() }
            try restoreIntents()
        }
        return received
    }

    // MARK: Connections

    /// Lends the connection; what SQLite throws is told as a ``CacheFault``.
    func inDatabase<Result>(_ body: (Database) throws -> Result) throws -> Result {
        guard let queue else { throw CacheFault.unusable(path: path, reason: "it is not open") }
        return try guarded { try queue.writeWithoutTransaction(body) }
    }

    private func guarded<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw CacheFault(error, path: path)
        } catch let error as Errno {
            throw error == .noSpace
                ? CacheFault.diskFull(path: path) : CacheFault.unusable(path: path, reason: "\(error)")
        }
    }
}

// MARK: - Damage

extension ReplicaCache {
    /// Begins a new file beside one that is damaged.
    ///
    /// - Throws: ``CacheFault``
    package func beginRebuilding() throws {
        reading = nil
        try? queue?.close()
        queue = nil
        for suffix in ["", "-wal", "-shm"] { remove(rebuildingPath + suffix) }
        queue = try connect(rebuildingPath, isKnown: false)
        isRebuilding = true
    }

    /// Saves what intents the damaged file still gives, and puts the new file in its place.
    ///
    /// Whoever makes an intent holds the same lock together with others, so none is written into the old file between
    /// the two. The old file stays as `.damaged`.
    private func putRebuiltInPlace() throws {
        try guardedFiles {
            try FileLock.with("\(path).swap", alone: true) {
                try inDatabase { db in
                    saveIntents(into: db)
                    _ = try db.checkpoint(.truncate)
                }
                try queue?.close()
                queue = nil
                remove("\(path).damaged")
                try? FileManager.default.linkItem(atPath: path, toPath: "\(path).damaged")
                // Behind another file they would be taken for its own.
                for suffix in ["-wal", "-shm"] { remove(path + suffix) }
                guard unsafe rename(rebuildingPath, path) == 0 else { throw Errno(rawValue: errno) }
            }
        }
        isRebuilding = false
        queue = try connect(path, isKnown: true)
        identity = FileIdentity(path)
    }

    private nonisolated func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    private func guardedFiles(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as Errno {
            throw CacheFault.unusable(path: path, reason: "the new file cannot be put in its place: \(error)")
        }
    }

    private func saveIntents(into db: Database) {
        do {
            let old = try DatabaseQueue(path: path, configuration: CacheConnection.reading())
            let rows = try old.inDatabase { try Row.fetchAll($0, sql: "SELECT * FROM intent ORDER BY intent_number") }
            try db.inTransaction(.immediate) {
                for row in rows {
                    let names = Array(row.columnNames)
                    try db.execute(
                        sql: "INSERT OR IGNORE INTO intent (\(names.joined(separator: ", "))) "
                            + "VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))",
                        arguments: StatementArguments(row.databaseValues))
                }
                try CacheTables.settleIntents(in: db)
                return .commit
            }
            if !rows.isEmpty { notes.append("\(rows.count) intents were saved from the damaged cache") }
        } catch {
            notes.append(
                "intents made offline could not be read from the damaged cache, which is kept as \(path).damaged: "
                    + "look whether any are missing")
        }
    }
}

/// Which file a path names, however it is called.
private struct FileIdentity: Hashable {
    private let device: UInt
    private let number: UInt

    init?(_ path: String) {
        var found = stat()
        guard unsafe stat(path, &found) == 0 else { return nil }
        device = UInt(found.st_dev)
        number = UInt(found.st_ino)
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

extension CacheFault {
    /// What an error of SQLite means for the one who has the cache.
    init(_ error: DatabaseError, path: String) {
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: self = .damaged(path: path, reason: reason)
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        default: self = .unusable(path: path, reason: reason)
        }
    }
}
