package import Coverage
import PostgresClient
package import Routing
import Storage
import Synchronization

/// The desk of one consortium: what chat servers ask, decided many at a time.
///
/// Requests that come while others are being stored wait for these and are then decided together, in one transaction.
/// Each has its own outcome.
package final class Desk: Sendable {
    package let consortium: Consortium.ID
    let pool: PostgresPool
    let clock: @Sendable () -> Instant
    let repository: DeskRepository
    /// As far as this process has followed it; nil before it was read.
    ///
    /// What is decided but not yet stored is in it.
    let live = Mutex<LiveDesk?>(nil)

    let flusher: DeskFlusher

    private let inbox = Mutex(Inbox())
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let standings = Mutex<[Queue.ID: (at: Instant, standing: QueueStanding)]>([:])

    private struct Inbox {
        var waiting: [PendingRequest] = []
        var isClosed = false
    }

    init(consortium: Consortium.ID, pool: PostgresPool, clock: @escaping @Sendable () -> Instant) {
        self.consortium = consortium
        self.pool = pool
        self.clock = clock
        repository = DeskRepository(consortium: consortium)
        flusher = DeskFlusher(pool: pool, repository: repository)
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: Asking

    /// Decides a request and stores what follows from it.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - key: Gives the request one effect, however often it is sent; requests about presences need none, and a
    ///     creation has its own.
    /// - Returns: What was decided; it is stored, and survives the death of any process.
    /// - Throws: ``DeskRefusal``; ``PostgresError`` if it could not be stored, or, with the code `commitOutcomeUnknown`,
    ///   if nobody can tell: then asking again is safe.
    package func perform(_ request: DeskRequest, key: RequestKey? = nil) async throws -> DeskAnswer {
        try await ask(.request(request, key: key))
    }

    /// A session as it stands, ended ones too.
    ///
    /// - Throws: ``DeskRefusal/unknownSession(_:)``; ``PostgresError``.
    package func decision(on number: Session.Number) async throws -> Decision {
        guard case .session(let decision) = try await ask(.decision(number)) else {
            throw DeskRefusal.unknownSession(number)
        }
        return decision
    }

    private func ask(_ ask: PendingRequest.Ask) async throws -> DeskAnswer {
        try await withCheckedThrowingContinuation { continuation in
            let isClosed = inbox.withLock { inbox in
                if !inbox.isClosed { inbox.waiting.append(PendingRequest(ask: ask, continuation: continuation)) }
                return inbox.isClosed
            }
            if isClosed { continuation.resume(throwing: CancellationError()) } else { waker.yield() }
        }
    }

    // MARK: Reading

    /// A session's story; empty if there is no such session.
    package func trail(of number: Session.Number) async throws -> [DeskEvent] {
        try await pool.withConnection { try await repository.trail(of: number, in: $0) }
    }

    /// Events after a number, in order: whoever asks again with the last number has seen all.
    package func events(after number: Int64, limit: Int = 500) async throws -> [DeskEvent] {
        try await pool.withConnection { try await repository.events(after: number, limit: limit, in: $0) }
    }

    /// The number of the newest event that is on disk, 0 where there is none.
    package func newestStoredEvent() async throws -> Int64 {
        try await pool.withConnection { try await repository.newestEvent(in: $0) }
    }

    /// The number of the event that this process has seen last.
    package var lastEvent: Int64 { live.withLock { $0?.lastEvent ?? 0 } }

    /// Whether anybody is there for a queue, and what its patrons may be told.
    ///
    /// - Returns: Nil if there is no such queue, or the desk has not been read yet.
    /// - Complexity: A look-up; it is worked out anew once a second, from memory, without asking the database.
    package func standing(of queue: Queue.ID) -> QueueStanding? {
        let now = clock()
        if let cached = standings.withLock({ $0[queue] }), cached.at == now { return cached.standing }
        let standing = live.withLock { desk -> QueueStanding? in
            var told = desk?.told(at: now)
            return told?.standing(of: queue)
        }
        guard let standing else { return nil }
        standings.withLock { $0[queue] = (now, standing) }
        return standing
    }

    /// The operators who are present, as far as this process has followed the desk.
    package var present: [Operator.ID: PresentOperator] { live.withLock { $0?.present ?? [:] } }

    // MARK: Running

    /// Decides what is asked and what is due until the task is cancelled.
    func run() async {
        // Two changes of threads for each batch are saved, in which everybody waits.
        await pool.besideSocket { await decideUntilCancelled() }
    }

    private func decideUntilCancelled() async {
        var loop = DeskLoop(desk: self)
        await withTaskGroup { group in
            group.addTask { [waker] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.tick)
                    waker.yield()
                }
                waker.finish()
            }
            group.addTask { await self.flusher.run { self.putBack($0) } }
            for await _ in wakes {
                var requests = takeWaiting()
                repeat {
                    await loop.work(on: requests)
                    requests = takeWaiting()
                } while !requests.isEmpty && !Task.isCancelled
            }
            group.cancelAll()
        }
        close()
    }

    /// Decides requests anew, before all others, for what was decided of them was lost.
    private func putBack(_ requests: [PendingRequest]) {
        inbox.withLock { $0.waiting.insert(contentsOf: requests, at: 0) }
        waker.yield()
    }

    /// How often a desk looks whether something is due.
    private static let tick = Duration.milliseconds(250)

    /// How many requests are decided in one transaction at most.
    private static let batchLimit = 512

    func takeWaiting() -> [PendingRequest] {
        inbox.withLock { inbox in
            let taken = Array(inbox.waiting.prefix(Self.batchLimit))
            inbox.waiting.removeFirst(taken.count)
            return taken
        }
    }

    private func close() {
        let left = inbox.withLock { inbox in
            inbox.isClosed = true
            defer { inbox.waiting = [] }
            return inbox.waiting
        }
        for request in left { request.continuation.resume(throwing: CancellationError()) }
    }
}

/// A request whose sender waits.
struct PendingRequest: Sendable {
    enum Ask: Sendable {
        case request(DeskRequest, key: RequestKey?)
        case decision(Session.Number)
    }

    let ask: Ask
    let continuation: CheckedContinuation<DeskAnswer, any Error>
}

extension PendingRequest {
    /// The session that it names.
    var session: Session.Number? {
        switch ask {
        case .decision(let number): number
        case .request(let request, _): request.session
        }
    }

    /// The key of the session that it wants created.
    var creationKey: RequestKey? {
        guard case .request(.create(let new), _) = ask else { return nil }
        return RequestKey(chatServer: new.origin.chatServer, text: new.origin.externalID)
    }

    /// Its own key, if keys mean anything for it.
    var key: RequestKey? {
        guard case .request(let request, let key) = ask, request.session != nil else { return nil }
        return key
    }
}

extension DeskRequest {
    /// The session that it is about; nil for creations and presences.
    var session: Session.Number? {
        switch self {
        case .accept(let number, _), .decline(let number, _), .requeue(let number, _, _), .transfer(let number, _, _),
            .note(let number, _, _), .activity(let number, _), .wrapUp(let number, _), .end(let number, _, _):
            number
        case .create, .setPresence, .renewPresence, .leave: nil
        }
    }
}
