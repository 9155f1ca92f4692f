package import Coverage
import Foundation

/// The past sessions of a bundle: a file that was found in order, to be read again when its sessions are wanted.
///
/// It may be of any length, and is never held in memory.
package struct HistoryFile: Sendable {
    /// How many sessions it holds, one at least.
    package let count: Int
    /// From the first session's start to a second beyond the last one's.
    package let span: Range<Instant>

    private let path: String
    private let digest: UInt64
    private let queues: IdentifierIndex<Queue>
    private let libraries: IdentifierIndex<Library>
    private let limits: BundleLimits

    /// The file is not the one that was checked: it was written to in between.
    package struct Changed: Error, Hashable, CustomStringConvertible {
        package var description: String {
            "history.csv changed while it was read, so nothing of it was taken: import again when it is whole"
        }
    }

    /// Finds a file of past sessions in order, wherever it lies.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - bundle: Whose queues and libraries the sessions are of.
    ///   - limits: How large the file may be.
    /// - Returns: The file; nil where it holds no sessions.
    /// - Throws: Every fault of the file.
    package static func open(
        path: String, of bundle: ConsortiumBundle, limits: BundleLimits = BundleLimits()
    ) throws(BundleFaults) -> HistoryFile? {
        var queues = IdentifierIndex<Queue>(of: .queues, noun: "queue")
        var libraries = IdentifierIndex<Library>(of: .libraries, noun: "library")
        for queue in bundle.queues { _ = queues.insert(queue.id.rawValue, line: 0) }
        for library in bundle.libraries { _ = libraries.insert(library.id.rawValue, line: 0) }
        let (file, faults) = check(path: path, queues: queues, libraries: libraries, limits: limits)
        guard faults.isEmpty else { throw BundleFaults([faults]) }
        return file
    }

    /// Reads the whole file once.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - queues: The queues that a session may be of.
    ///   - libraries: The libraries that its patron may be of.
    ///   - limits: How large it may be.
    /// - Returns: The file, nil where it has faults or no sessions; and the faults.
    static func check(
        path: String, queues: IdentifierIndex<Queue>, libraries: IdentifierIndex<Library>, limits: BundleLimits
    ) -> (file: HistoryFile?, faults: FaultList) {
        var table = Self.table(path: path, limits: limits)
        var count = 0
        var (first, last) = (Instant(secondsSince1970: .max), Instant(secondsSince1970: .min))
        while table.next() {
            guard let session = table.row.pastSession(queues: queues, libraries: libraries) else { continue }
            count += 1
            first = min(first, session.startedAt)
            last = max(last, session.startedAt)
        }
        guard count > 0, table.faults.isEmpty, let digest = table.digest else { return (nil, table.faults) }
        let file = HistoryFile(
            count: count, span: first..<last.advanced(bySeconds: 1), path: path, digest: digest, queues: queues,
            libraries: libraries, limits: limits)
        return (file, table.faults)
    }

    /// Reads the file again and hands over its sessions, in its order.
    ///
    /// - Parameters:
    ///   - size: Sessions in a batch; the last may be smaller.
    ///   - write: Takes a batch.
    /// - Throws: ``Changed`` where the file is no longer what was checked, which may show only after its last batch: take
    ///   the sessions inside a transaction. And what `write` throws.
    package func send(
        inBatchesOf size: Int = 4096, to write: ([PastSession]) async throws -> Void
    ) async throws {
        var table = Self.table(path: path, limits: limits)
        var batch: [PastSession] = []
        var sent = 0
        while table.next() {
            guard let session = table.row.pastSession(queues: queues, libraries: libraries) else { throw Changed() }
            batch.append(session)
            guard batch.count >= size else { continue }
            try await write(batch)
            sent += batch.count
            batch.removeAll(keepingCapacity: true)
            try Task.checkCancellation()
        }
        guard table.faults.isEmpty, table.digest == digest, sent + batch.count == count else { throw Changed() }
        if !batch.isEmpty { try await write(batch) }
    }

    private static func table(path: String, limits: BundleLimits) -> TableReader<HistoryColumn> {
        TableReader(
            path: path, name: URL(fileURLWithPath: path).lastPathComponent, limits: limits,
            bytes: limits.historyBytes, rows: .max, digests: true)
    }
}

/// The columns of `history.csv`.
enum HistoryColumn: String, TableColumn {
    case queue = "queue_id"
    case startedAt = "started_at"
    case handleSeconds = "handle_seconds"
    case library = "library_id"
}

extension TableRow<HistoryColumn> {
    mutating func pastSession(
        queues: IdentifierIndex<Queue>, libraries: IdentifierIndex<Library>
    ) -> PastSession? {
        let queue = reference(.queue, to: queues)
        // What has happened has happened: its offset alone says when, whatever the clocks on the walls showed.
        let startedAt = instant(.startedAt, in: [])
        let seconds = wholeNumber(.handleSeconds, in: 0...31_536_000)
        let library = reference(.library, to: libraries)
        guard let queue, let startedAt, let seconds, let library else { return nil }
        return PastSession(queue: queue, startedAt: startedAt.instant, handleSeconds: seconds, library: library)
    }
}

extension PastSession {
    /// In the order of ``HistoryColumn``.
    func tableValues(in zone: TimeZoneRules) -> [String] {
        [queue.rawValue, startedAt.text(in: zone), String(handleSeconds), library.rawValue]
    }

    /// The order in which a history is written: by start, queue, library, duration.
    package static func precedes(_ left: PastSession, _ right: PastSession) -> Bool {
        if left.startedAt != right.startedAt { return left.startedAt < right.startedAt }
        if left.queue != right.queue { return left.queue < right.queue }
        return left.library == right.library
            ? left.handleSeconds < right.handleSeconds : left.library < right.library
    }
}
