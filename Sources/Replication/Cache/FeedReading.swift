import CacheSchema
import Foundation
import GRDB

/// One answer of the feed on its way into the cache.
///
/// Rows of a snapshot go into tables of their own as they come; the batch's end puts them in the place of the old ones.
/// Rows of changes wait for the batch's end and are applied then, in one transaction with the cursor. So an answer that
/// breaks off anywhere leaves the cache where the last batch ended.
final class FeedReading {
    private enum Phase {
        case opening, changes, snapshot, ended
    }

    /// What the cache knows of itself, to be held against the first line.
    private let state: CacheState
    private let path: String
    private let service: String
    private let now: () -> Int64
    private var phase = Phase.opening
    private var lineNumber = 0
    /// Bytes that are not yet read: less than a line, or lines whose turn has not come.
    private var carry: [UInt8] = []
    private var spool: BatchSpool
    private var applier: RowApplier?
    private var header: FeedControl.Header?
    private var plans: [RowPlan] = []
    private var digests: [RangeDigest] = []
    private var rows = 0
    private var received = Received()

    /// Bytes after which rows are taken although no control line has come.
    private static let turn = 1 << 20
    /// No line is longer.
    private static let longestLine = 1 << 20
    private static let incoming = "incoming_"

    init(
        state: CacheState, path: String, service: String, folder: String, spoolLimit: Int,
        now: @escaping () -> Int64
    ) {
        self.state = state
        self.path = path
        self.service = service
        self.now = now
        spool = BatchSpool(folder: folder, limit: spoolLimit)
    }

    /// Takes bytes as they come.
    ///
    /// - Returns: Whether it is time to ``take(in:zones:)`` them.
    func append(_ bytes: some Sequence<UInt8>) -> Bool {
        let known = carry.count
        carry.append(contentsOf: bytes)
        if carry.count >= Self.turn { return true }
        // A control line begins behind a newline, or with the answer.
        return unsafe carry.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return false }
            var position = max(0, known - 1)
            while position < all.count, let found = unsafe memchr(base + position, 0x23, all.count - position) {
                let index = unsafe UnsafeRawPointer(found) - base
                if unsafe index == 0 || all[index - 1] == 0x0A { return true }
                position = index + 1
            }
            // What is kept begins with a line: where that is a control line, its newline is awaited.
            return unsafe known > 0 && all[0] == 0x23 && all[known...].contains(0x0A)
        }
    }

    /// Reads the whole lines that have come.
    ///
    /// - Throws: ``FeedFault``, ``CacheFault``, `DatabaseError`, `Errno`; what had not been committed is undone.
    func take(in db: Database, zones: inout [String: [ZoneOffsets.Stretch]]) throws -> Received {
        received = Received()
        applier?.beginTurn()
        do {
            let used = try unsafe carry.withUnsafeBytes { bytes in
                unsafe try LineCutter.cut(bytes) { line in
                    lineNumber += 1
                    try unsafe take(line, in: db, &zones)
                }
            }
            carry.removeFirst(used)
            guard carry.count <= Self.longestLine else {
                throw FeedFault(line: lineNumber + 1, "the line is longer than \(Self.longestLine) bytes")
            }
            if db.isInsideTransaction { try db.commit() }
        } catch {
            if db.isInsideTransaction { try? db.rollback() }
            throw error
        }
        return received
    }

    /// Whether the answer was whole: its last line has come.
    var isWhole: Bool { phase == .ended }

    // MARK: Lines

    private func take(
        _ line: UnsafeRawBufferPointer, in db: Database, _ zones: inout [String: [ZoneOffsets.Stretch]]
    ) throws {
        switch unsafe (line.first, phase) {
        case (UInt8(ascii: "#"), _):
            let control = try unsafe FeedControl(line.dropFirst(), line: lineNumber)
            try unsafe take(control, line, in: db, &zones)
        case (_, .opening):
            throw FeedFault(line: lineNumber, "an answer begins with #feed: this is not the feed of a service")
        case (UInt8(ascii: "+"), .snapshot):
            if !db.isInsideTransaction { try db.beginTransaction(.immediate) }
            try unsafe applier?.apply(line, number: lineNumber, prefix: Self.incoming, in: db)
            rows += 1
        case (UInt8(ascii: "+"), .changes), (UInt8(ascii: "-"), .changes):
            try unsafe spool.append(line, number: lineNumber)
            rows += 1
        case (UInt8(ascii: "-"), .snapshot):
            throw FeedFault(line: lineNumber, "a snapshot has no rows that are gone")
        case (_, .ended):
            throw FeedFault(line: lineNumber, "there is more behind #end")
        default:
            throw FeedFault(line: lineNumber, "a line begins with +, - or #")
        }
    }

    private func take(
        _ control: FeedControl, _ line: UnsafeRawBufferPointer, in db: Database,
        _ zones: inout [String: [ZoneOffsets.Stretch]]
    ) throws {
        if phase == .ended { throw FeedFault(line: lineNumber, "there is more behind #end") }
        switch control {
        case .feed(let header):
            try open(header)
        case _ where phase == .opening:
            throw FeedFault(line: lineNumber, "an answer begins with #feed: this is not the feed of a service")
        case .snapshot:
            try beginSnapshot(in: db)
        case .commit(let commit):
            try end(commit, in: db, &zones)
        case .alive(let alive):
            try note(asOf: alive.asOf, in: db)
            received.steps += 1
        case .digest(let digest):
            digests.append(digest)
            received.steps += 1
        case .range:
            guard phase == .changes else { throw FeedFault(line: lineNumber, "a snapshot has no #range") }
            try unsafe spool.append(line, number: lineNumber)
        case .end:
            guard rows == 0, spool.isEmpty else {
                throw FeedFault(line: lineNumber, "the answer ends in a batch that has no #commit")
            }
            phase = .ended
            received.hasEnded = true
        case .unknown:
            break
        }
    }

    // MARK: Opening

    private func open(_ header: FeedControl.Header) throws {
        guard phase == .opening else { throw FeedFault(line: lineNumber, "#feed comes once, as the first line") }
        guard header.format == 1 else {
            throw FeedFault(
                line: lineNumber,
                "the feed's format is \(header.format), this agent reads format 1: update coverdesk here")
        }
        if let library = state.library, let consortium = state.consortium,
            library != header.library || consortium != header.consortium
        {
            throw CacheFault.otherLibrary(
                path: path, holds: "library \(library) of \(consortium)",
                offered: "library \(header.library) of \(header.consortium)")
        }
        self.header = header
        plans = try RowPlan.all(header)
        applier = RowApplier(plans)
        phase = .changes
        received.steps += 1
        received.provableTables = Set(plans.filter { $0.isProvable }.map(\.name))
    }

    /// Whether what comes continues what the cache holds.
    private func requireContinuation() throws {
        guard state.cursor != nil, state.schema == CacheSchema.version else {
            throw FeedFault(line: lineNumber, "an answer to a request without a cursor begins with #snapshot")
        }
        guard state.database == header?.database else { throw CacheFault.otherDatabase(path: path) }
    }

    private var isContinuing = false

    // MARK: Snapshots

    private func beginSnapshot(in db: Database) throws {
        guard rows == 0, spool.isEmpty, phase == .changes else {
            throw FeedFault(line: lineNumber, "#snapshot comes before all rows")
        }
        if !db.isInsideTransaction { try db.beginTransaction(.immediate) }
        try CacheTables.dropIncoming(in: db)
        try CacheTables.createIncoming(in: db)
        phase = .snapshot
        received.steps += 1
    }

    // MARK: Batches

    private func end(
        _ commit: FeedControl.Commit, in db: Database, _ zones: inout [String: [ZoneOffsets.Stretch]]
    ) throws {
        guard commit.rows == rows else {
            throw FeedFault(
                line: lineNumber, "#commit ends a step of \(commit.rows) rows, and \(rows) have come")
        }
        if !db.isInsideTransaction { try db.beginTransaction(.immediate) }
        let isSnapshot = phase == .snapshot
        if isSnapshot {
            try CacheTables.putIncomingInPlace(in: db)
            phase = .changes
            isContinuing = true
        } else {
            if !isContinuing { try requireContinuation() }
            isContinuing = true
            try applyChanges(in: db)
        }
        let touched = applier?.touched ?? []
        if isSnapshot || !touched.isDisjoint(with: ["consortium", "library"]) {
            received.unknownZones += try ZoneOffsets.write(in: db, known: &zones)
        }
        if isSnapshot || touched.contains("intent_outcome") { try CacheTables.settleIntents(in: db) }
        try db.execute(
            sql: "UPDATE meta SET schema = ?, cursor = ?, service = ?, database = ?, consortium = ?, library = ?",
            arguments: [
                CacheSchema.version, commit.cursor, service, header?.database, header?.consortium, header?.library,
            ])
        try note(asOf: commit.asOf, in: db)
        try db.commit()
        applier?.forgetTouched()
        applier?.beginTurn()
        received.add(
            rows: rows, isSnapshot: isSnapshot, asOf: commit.asOf,
            digests: digests.filter { digest in
                plans.contains { $0.name == digest.range.table && $0.isProvable }
            })
        rows = 0
        digests = []
    }

    private func applyChanges(in db: Database) throws {
        guard !spool.isEmpty, let applier else { return }
        var number = spool.firstLine
        var replacement: RangeReplacement?
        try unsafe spool.forEachLine { line in
            defer { number += 1 }
            if unsafe line.first == UInt8(ascii: "#") {
                try replacement?.finish(in: db, &received.repairs)
                if case .range(let range) = try unsafe FeedControl(line.dropFirst(), line: number) {
                    replacement = try RangeReplacement(range, in: db)
                }
            } else {
                try unsafe applier.apply(line, number: number, prefix: "", in: db)
            }
        }
        try replacement?.finish(in: db, &received.repairs)
        spool.clear()
    }

    private func note(asOf: Int64, in db: Database) throws {
        let present = now()
        try db.execute(
            sql: "UPDATE meta SET as_of = ?, in_step = 1, contact_at = ?, clock_difference = ?",
            arguments: [asOf, present / 1_000_000, (asOf - present) / 1_000_000])
        received.asOf = asOf
    }
}

/// What came of some bytes of a feed.
package struct Received: Sendable {
    /// Control lines that show the service to be at work.
    package var steps = 0
    package var commits = 0
    /// Rows of the batches that were committed.
    package var rows = 0
    package var snapshots = 0
    /// The service's clock at the last batch or sign of life, Unix microseconds.
    package var asOf: Int64?
    /// Digests of the service at the last batch, of tables whose columns are the cache's.
    package var digests: [RangeDigest] = []
    /// Ranges that were sent anew, with what was wrong in them.
    package var repairs: [RangeRepair] = []
    /// Tables of the feed whose columns are the cache's.
    package var provableTables: Set<String> = []
    package var hasEnded = false
    package var unknownZones: [String] = []

    fileprivate mutating func add(rows: Int, isSnapshot: Bool, asOf: Int64, digests: [RangeDigest]) {
        steps += 1
        commits += 1
        self.rows += rows
        if isSnapshot { snapshots += 1 }
        self.asOf = asOf
        self.digests = digests
    }
}
