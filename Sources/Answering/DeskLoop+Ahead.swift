import PostgresClient
import Routing
import Storage
import Synchronization

/// Deciding the next batch while the server still stores the one before.
///
/// Such batches go over one connection, one behind the other, each upon the condition that the head is what the one
/// before has left. So if one is not kept, none behind it is either: memory takes all of them back, the last first, and
/// their requests are decided anew, the ordinary way.
extension DeskLoop {
    /// A batch that the server is storing.
    final class SentBatch: Sendable {
        let requests: [PendingRequest]
        let batch: DeskBatch
        let head: DeskRepository.Head
        private let group: PostgresSentGroup
        private let state = Mutex<Result<Void, any Error>?>(nil)

        fileprivate init(
            _ requests: [PendingRequest], _ batch: DeskBatch, _ head: DeskRepository.Head, _ group: PostgresSentGroup
        ) {
            self.requests = requests
            self.batch = batch
            self.head = head
            self.group = group
        }

        /// Whether it was stored, or why not; nil while nobody knows.
        var outcome: Result<Void, any Error>? { state.withLock { $0 } }

        fileprivate func finish() async {
            do {
                _ = try await group.rows
                state.withLock { $0 = .success(()) }
            } catch {
                state.withLock { $0 = .failure(error) }
            }
        }
    }

    /// How many batches the server has at most.
    private static let batchesAhead = 2

    /// With fewer requests than this, or than half of the batch before, the next one waits for it: each costs the server
    /// something, however little is in it.
    private static let enoughRequests = 16

    private static func enoughRequests(behind last: SentBatch?) -> Int {
        guard let last else { return fewRequests }
        return max(enoughRequests, last.requests.count / 2)
    }

    /// Decides and stores batches one behind the other, for as long as there is enough to decide.
    ///
    /// - Parameter requests: The first of them.
    /// - Returns: What is to be decided the ordinary way.
    mutating func workAhead(on requests: [PendingRequest]) async -> [PendingRequest] {
        guard mayGoAhead(with: requests) else { return requests }
        var copy = self
        defer { self = copy }
        defer { desk.wakeAlways() }
        do {
            return try await pool.withConnection { await copy.goAhead(with: requests, on: $0) }
        } catch {
            // No connection: nothing was sent.
            return requests
        }
    }

    private func mayGoAhead(with requests: [PendingRequest]) -> Bool {
        requests.count >= Self.fewRequests && batchesAlone >= Self.batchesBeforeAlone && head != nil && !isBookDue
            && areAllAtTheDesk(requests)
    }

    private mutating func goAhead(
        with first: [PendingRequest], on connection: PostgresConnection
    ) async -> [PendingRequest] {
        var sent: [SentBatch] = []
        var next = first
        await withTaskGroup { group in
            while !Task.isCancelled {
                if !next.isEmpty {
                    guard mayGoAhead(with: next), let batch = send(next, behind: sent.last, on: connection)
                    else { break }
                    next = []
                    sent.append(batch)
                    group.addTask { [desk] in
                        await batch.finish()
                        desk.wake()
                    }
                }
                takeKept(&sent)
                if case .failure = sent.first?.outcome { break }
                let enough = sent.count < Self.batchesAhead ? Self.enoughRequests(behind: sent.last) : .max
                next = desk.takeWaiting(atLeast: enough)
                guard next.isEmpty else { continue }
                if sent.isEmpty { break }
                await desk.nextWake(afterRequests: enough)
            }
            await group.waitForAll()
        }
        takeKept(&sent)
        return await settle(sent) + next
    }

    /// Decides a batch and sends it behind another.
    ///
    /// - Returns: Nil, and nothing has changed, where it cannot be stored so.
    private mutating func send(
        _ requests: [PendingRequest], behind last: SentBatch?, on connection: PostgresConnection
    ) -> SentBatch? {
        guard let old = last?.head ?? head else { return nil }
        let (batch, new) = decideInMemory(requests, KnownPast(), [:], upon: old)
        // Nothing to store, so nothing that would tell whether it rests on what is outdated.
        guard !batch.isEmpty else { return nil }
        do {
            let statements = repository.statements(
                storing: batch.changes, keys: batch.keys, from: old, to: new, waitsForDisk: false)
            return SentBatch(requests, batch, new, try connection.send(statements))
        } catch {
            desk.live.withLock { $0?.undo(batch.changes) }
            return nil
        }
    }

    /// Hands those on that were stored, from the first.
    private mutating func takeKept(_ sent: inout [SentBatch]) {
        while let first = sent.first, case .success = first.outcome {
            sent.removeFirst()
            stored(first.head)
            lastUnflushed = first.head.lastBatch
            desk.flusher.add(.init(requests: first.requests, outcomes: first.batch.outcomes, head: first.head))
        }
    }

    // MARK: What was not kept

    /// Takes back what was not stored.
    ///
    /// - Parameter lost: The batch that failed, and those behind it.
    /// - Returns: The requests to decide anew.
    private mutating func settle(_ lost: [SentBatch]) async -> [PendingRequest] {
        guard case .failure(let error) = lost.first?.outcome else { return [] }
        if let error = error as? PostgresError, error.endsConnection { return await settleUnknown(lost, error) }
        for one in lost.reversed() { desk.live.withLock { $0?.undo(one.batch.changes) } }
        if (error as? PostgresError)?.isOfOutdatedHead == true { batchesAlone = 0 }
        return lost.flatMap(\.requests)
    }

    /// The connection broke: finds out which of the batches the database has.
    private mutating func settleUnknown(_ lost: [SentBatch], _ error: PostgresError) async -> [PendingRequest] {
        forget()
        var attempt = 0
        let began = ContinuousClock.now
        while began.duration(to: .now) < DeskPatience.whole, !Task.isCancelled {
            attempt += 1
            if let count = try? await storedCount(of: lost) {
                for one in lost[..<count] { tell(one.requests, one.batch.outcomes) }
                return lost[count...].flatMap(\.requests)
            }
            try? await Task.sleep(for: DeskPatience.pause(after: attempt))
        }
        for one in lost { fail(one.requests, because: error) }
        return []
    }

    /// How many of the batches, from the first on, are there and on disk now.
    private func storedCount(of batches: [SentBatch]) async throws -> Int {
        let repository = repository
        return try await pool.withConnection { connection in
            var count = 0
            for one in batches {
                guard
                    try await repository.wasCommitted(
                        batch: one.head.lastBatch, token: one.head.token, in: connection)
                else { break }
                count += 1
            }
            if count > 0 { try await repository.flush(in: connection) }
            return count
        }
    }
}
