import Coverage
import PostgresClient
import Routing
import Storage
import Synchronization

/// What one process does for a desk, one batch after the other.
///
/// Two ways lead to a stored batch. *Together*: the head is locked, what other processes have done is read, the batch
/// is decided and stored, and the lock is given back with the commit. *Alone*: the batch is decided on what is in
/// memory and sent in one go, upon the condition that the head is still the one in memory. A process that has met
/// nobody else for some batches works alone, until it meets somebody.
///
/// A large batch that is stored alone does not wait for the disk: the next one is decided and stored meanwhile, and
/// the senders are told once ``DeskFlusher`` has made sure of the disk.
struct DeskLoop {
    private let desk: Desk
    private var repository: DeskRepository { desk.repository }
    private var pool: PostgresPool { desk.pool }

    /// The last batch that is in memory; nil if memory is to be read anew.
    private var head: DeskRepository.Head?
    /// Batches in a row before which nobody else had stored one.
    private var batchesAlone = 0
    private var bookRevision: String?
    private var newBook: DeskBook?
    private var bookReadAt = Instant(secondsSince1970: 0)
    private var bookAskedAt = Instant(secondsSince1970: 0)
    private var followedAt = Instant(secondsSince1970: 0)
    private var prunedAt = Instant(secondsSince1970: 0)
    /// The last batch that was committed without waiting for the disk.
    private var lastUnflushed: Int64 = 0
    /// The batch that is being stored, with the random number that tells it from others.
    private var underWay: (batch: DeskBatch, head: DeskRepository.Head)?

    init(desk: Desk) {
        self.desk = desk
    }

    /// Somebody else has stored a batch that memory does not know of.
    private struct Outdated: Error {}

    // MARK: Working

    /// Decides requests and what is due; every sender is told.
    mutating func work(on requests: [PendingRequest]) async {
        var failures = 0
        let began = ContinuousClock.now
        while true {
            do {
                try await prepare()
                if requests.isEmpty, try await hasNothingToDo() { return }
                let outcomes = try await decide(requests)
                if let head, isFlushDue {
                    return desk.flusher.add(.init(requests: requests, outcomes: outcomes, head: head))
                }
                return tell(requests, outcomes)
            } catch is Outdated {
                batchesAlone = 0
            } catch let error as PostgresError where error.endsConnection {
                let outcomes = await outcomesIfCommitted()
                forget()
                if let outcomes { return tell(requests, outcomes) }
                failures += 1
                guard began.duration(to: .now) < DeskPatience.whole, !requests.isEmpty, !Task.isCancelled else {
                    return fail(requests, because: error)
                }
                try? await Task.sleep(for: DeskPatience.pause(after: failures))
            } catch {
                takeBack()
                return await failApart(requests, because: error)
            }
        }
    }

    /// Whether something is in memory that is not surely on disk.
    private var isFlushDue: Bool { lastUnflushed > desk.flusher.lastFlushed }

    private func tell(_ requests: [PendingRequest], _ outcomes: [Result<DeskAnswer, any Error>]) {
        for (request, outcome) in zip(requests, outcomes) { request.continuation.resume(with: outcome) }
    }

    private func fail(_ requests: [PendingRequest], because error: any Error) {
        for request in requests { request.continuation.resume(throwing: error) }
    }

    /// A batch that the database refuses is decided request by request, so that one does not spoil the others.
    private mutating func failApart(_ requests: [PendingRequest], because error: any Error) async {
        forget()
        guard requests.count > 1, !Task.isCancelled else { return fail(requests, because: error) }
        for request in requests { await work(on: [request]) }
    }

    private mutating func forget() {
        head = nil
        underWay = nil
        batchesAlone = 0
    }

    private mutating func takeBack() {
        guard let lost = underWay else { return }
        underWay = nil
        desk.live.withLock { $0?.undo(lost.batch.changes) }
    }

    /// The outcomes of the batch that was being stored when the connection broke, if it was stored all the same.
    private mutating func outcomesIfCommitted() async -> [Result<DeskAnswer, any Error>]? {
        guard let lost = underWay else { return nil }
        var attempt = 0
        let began = ContinuousClock.now
        while began.duration(to: .now) < DeskPatience.whole {
            attempt += 1
            if let isStored = try? await pool.withConnection({ connection in
                let isStored = try await repository.wasCommitted(
                    batch: lost.head.lastBatch, token: lost.head.token, in: connection)
                // It may be there and not yet on disk: what the senders are told must outlive the server as well.
                if isStored { try await repository.flush(in: connection) }
                return isStored
            }) {
                return isStored ? lost.batch.outcomes : nil
            }
            try? await Task.sleep(for: DeskPatience.pause(after: attempt))
        }
        return nil
    }

    // MARK: Reading

    /// Reads what is missing in memory, and what has changed in the book.
    private mutating func prepare() async throws {
        let now = desk.clock()
        if bookRevision == nil || abs(now.seconds(since: bookAskedAt)) >= 5 { try await readBook(now) }
        if head == nil { try await readAll() }
    }

    private mutating func readBook(_ now: Instant) async throws {
        let books = DeskBookRepository(consortium: desk.consortium)
        let (known, readAt) = (bookRevision, bookReadAt)
        let (revision, book) = try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) {
            let revision = try await books.revision(in: $0)
            // Shifts are read some days ahead.
            guard revision != known || abs(now.seconds(since: readAt)) > 6 * 3600 else {
                return (revision, DeskBook?.none)
            }
            return (revision, try await books.book(at: now, in: $0))
        }
        bookAskedAt = now
        guard let book else {
            guard bookRevision != nil else { throw UnknownConsortium(id: desk.consortium) }
            return
        }
        bookRevision = revision
        bookReadAt = now
        newBook = book
    }

    /// Reads the whole desk.
    private mutating func readAll() async throws {
        let known = desk.live.withLock { $0?.book }
        guard let book = newBook ?? known else { return }
        let repository = repository
        try await pool.withConnection { try await repository.prepare(in: $0) }
        let (head, stored) = try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) {
            let head = try repository.head(try await $0.query(repository.headQuery))
            return (head, try await repository.load(nil, libraries: book.operators.mapValues(\.library), in: $0))
        }
        newBook = nil
        var live = LiveDesk(
            book: book, now: head.decidedAt, lastEvent: head.lastEvent, lastSession: head.lastSession,
            gaps: stored.gaps, paces: stored.paces)
        for (id, standing) in stored.operators { live.load(id, as: standing) }
        for (number, session) in stored.sessions { live.load(number, as: session) }
        let loaded = live
        desk.live.withLock { $0 = loaded }
        self.head = head
    }

    /// Brings memory to a later head by reading what was touched since.
    private mutating func follow(to newer: DeskRepository.Head, in session: some PostgresSession) async throws {
        guard let head, head != newer else { return }
        batchesAlone = 0
        guard let touched = try await repository.touched(after: head, in: session) else {
            self.head = nil
            throw Outdated()
        }
        let libraries = desk.live.withLock { $0?.book.operators.mapValues(\.library) } ?? [:]
        let stored = try await repository.load(touched, libraries: libraries, in: session)
        desk.live.withLock { live in
            live?.load(
                lastEvent: newer.lastEvent, lastSession: newer.lastSession, now: newer.decidedAt, gaps: stored.gaps,
                paces: stored.paces)
            for id in touched.operators { live?.load(id, as: stored.operators[id]) }
            for number in touched.sessions { live?.load(number, as: stored.sessions[number]) }
        }
        self.head = newer
    }

    /// Whether nothing is due; follows the others once a second, and clears away what nobody needs.
    private mutating func hasNothingToDo() async throws -> Bool {
        let now = desk.clock()
        if abs(now.seconds(since: followedAt)) >= 1 {
            followedAt = now
            try await followAlong()
        }
        if abs(now.seconds(since: prunedAt)) >= 60 {
            prunedAt = now
            let repository = repository
            try await pool.withConnection {
                try await repository.prune(
                    before: now.advanced(bySeconds: -600), keysBefore: now.advanced(bySeconds: -7 * 86_400), in: $0)
            }
        }
        guard newBook == nil else { return false }
        let deadline = desk.live.withLock { $0?.nextDeadline }
        return deadline.map { $0 > now } ?? true
    }

    private mutating func followAlong() async throws {
        let connection = pool
        var copy = self
        try await connection.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let newer = try copy.repository.head(try await transaction.query(copy.repository.headQuery))
            try await copy.follow(to: newer, in: transaction)
        }
        self = copy
    }

    // MARK: Deciding

    private mutating func decide(_ requests: [PendingRequest]) async throws -> [Result<DeskAnswer, any Error>] {
        if batchesAlone >= Self.batchesBeforeAlone, areAllAtTheDesk(requests) {
            do {
                return try await decideAlone(requests)
            } catch let error as PostgresError where error.code == .uniqueViolation {
                // A key was used before: look it up.
                takeBack()
            } catch let error as PostgresError where error.code == .notNullViolation && error.column == "last_batch" {
                takeBack()
                throw Outdated()
            }
        }
        return try await decideTogether(requests)
    }

    private static let batchesBeforeAlone = 3

    /// Whether every session that is named is in memory, so that nothing of the past is needed.
    private func areAllAtTheDesk(_ requests: [PendingRequest]) -> Bool {
        desk.live.withLock { live in
            guard let live else { return false }
            return requests.allSatisfy { request in request.session.map { live.sessions[$0] != nil } ?? true }
        }
    }

    private mutating func decideAlone(_ requests: [PendingRequest]) async throws -> [Result<DeskAnswer, any Error>] {
        guard let old = head else { throw Outdated() }
        let (batch, new) = decideInMemory(requests, KnownPast(), [:], upon: old)
        guard !batch.isEmpty else {
            // Refusals and repeats too must not rest on what is outdated.
            let repository = repository
            let current = try await pool.withConnection {
                try repository.head(try await $0.query(repository.headQuery))
            }
            guard current == old else { throw Outdated() }
            return batch.outcomes
        }
        underWay = (batch, new)
        let waitsForDisk = requests.count < Self.fewRequests
        let statements = repository.statements(
            storing: batch.changes, keys: batch.keys, from: old, to: new, waitsForDisk: waitsForDisk)
        _ = try await pool.withConnection { try await $0.queryPipelined(statements) }
        stored(new)
        // Who waited for the disk waited for all that was written before as well.
        if waitsForDisk { desk.flusher.noteFlushed(new.lastBatch) } else { lastUnflushed = new.lastBatch }
        return batch.outcomes
    }

    /// With fewer requests than this nothing is gained by not waiting for the disk.
    private static let fewRequests = 4

    private mutating func decideTogether(_ requests: [PendingRequest]) async throws -> [Result<DeskAnswer, any Error>] {
        var copy = self
        defer { self = copy }
        let outcomes = try await pool.withTransaction { transaction in
            // The transaction may have been run before and collided with another.
            copy.takeBack()
            return try await copy.decide(requests, in: transaction)
        }
        if let (_, new) = copy.underWay {
            copy.stored(new)
            desk.flusher.noteFlushed(new.lastBatch)
        }
        return outcomes
    }

    private mutating func decide(
        _ requests: [PendingRequest], in transaction: PostgresTransaction
    ) async throws -> [Result<DeskAnswer, any Error>] {
        let keys = requests.compactMap(\.key)
        var lookups = [repository.lockedHeadQuery]
        if !keys.isEmpty { lookups.append(repository.usedKeysQuery(keys)) }
        let answers = try await transaction.queryPipelined(lookups)
        let current = try repository.head(answers[0])
        let used = keys.isEmpty ? [:] : try repository.usedKeys(answers[1])
        if current == head { batchesAlone += 1 } else { try await follow(to: current, in: transaction) }
        let past = try await past(of: requests, used, in: transaction)
        let (batch, new) = decideInMemory(requests, past, used, upon: current)
        guard !batch.isEmpty else { return batch.outcomes }
        underWay = (batch, new)
        _ = try await transaction.queryPipelined(
            repository.statements(
                storing: batch.changes, keys: batch.keys, from: current, to: new, waitsForDisk: true))
        return batch.outcomes
    }

    /// Reads the ended sessions that requests name.
    private func past(
        of requests: [PendingRequest], _ used: [RequestKey: DeskRepository.UsedKey], in session: some PostgresSession
    ) async throws -> KnownPast {
        let named = Set(requests.compactMap(\.session)).union(used.values.compactMap(\.session))
        let missing = desk.live.withLock { live in named.filter { live?.sessions[$0] == nil } }
        let creations = Set(requests.compactMap(\.creationKey))
        guard !missing.isEmpty || !creations.isEmpty else { return KnownPast() }
        return try repository.past(
            try await session.query(repository.pastQuery(numbers: missing.sorted(), keys: Array(creations))))
    }

    private mutating func decideInMemory(
        _ requests: [PendingRequest], _ past: KnownPast, _ used: [RequestKey: DeskRepository.UsedKey],
        upon old: DeskRepository.Head
    ) -> (DeskBatch, DeskRepository.Head) {
        let now = desk.clock()
        let book = newBook
        newBook = nil
        return desk.live.withLock { live in
            guard var working = live.take() else { preconditionFailure("the desk is read before it decides") }
            if let book { working.replaceBook(book) }
            let batch = DeskBatch(deciding: requests, knowing: past, used, on: &working, at: now)
            let new = DeskRepository.Head(
                lastBatch: old.lastBatch + 1, token: .random(in: .min ... .max), lastEvent: working.lastEvent,
                lastSession: working.lastSession, decidedAt: working.now)
            live = working
            return (batch, new)
        }
    }

    private mutating func stored(_ new: DeskRepository.Head) {
        head = new
        underWay = nil
    }
}

extension PostgresError {
    /// Whether the connection is gone, or none could be had: the same may work in a moment.
    var endsConnection: Bool {
        isConnectionLoss || code == .commitOutcomeUnknown || code == .poolExhausted
    }
}
