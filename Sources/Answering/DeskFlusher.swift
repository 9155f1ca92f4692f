import PostgresClient
import Routing
import Storage
import Synchronization

/// Makes sure that what was committed is on disk, and only then tells those who wait.
///
/// Batches that come while the disk writes are made sure of together by the next write. If the server crashes before
/// it has written, batches may be lost; nobody was told of them, and their requests are decided anew.
final class DeskFlusher: Sendable {
    /// A batch whose senders are to be told.
    struct Job: Sendable {
        let requests: [PendingRequest]
        let outcomes: [Result<DeskAnswer, any Error>]
        /// The last batch that the outcomes rest on.
        let head: DeskRepository.Head
    }

    private let pool: PostgresPool
    private let repository: DeskRepository
    private let jobs = Mutex<[Job]>([])
    private let flushed = Mutex<Int64>(0)
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    init(pool: PostgresPool, repository: DeskRepository) {
        self.pool = pool
        self.repository = repository
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The last batch that is surely on disk.
    var lastFlushed: Int64 { flushed.withLock { $0 } }

    func noteFlushed(_ batch: Int64) {
        flushed.withLock { $0 = max($0, batch) }
    }

    func add(_ job: Job) {
        jobs.withLock { $0.append(job) }
        waker.yield()
    }

    /// Flushes until the task is cancelled.
    ///
    /// - Parameter putBack: Takes requests whose decisions were lost.
    func run(puttingBack putBack: @Sendable ([PendingRequest]) -> Void) async {
        for await _ in wakes {
            let due = takeJobs()
            guard !due.isEmpty else { continue }
            do {
                let repository = repository
                try await pool.withConnection { try await repository.flush(in: $0) }
                tell(due)
            } catch {
                await settle(due, putBack)
            }
        }
        for job in takeJobs() { fail(job, because: CancellationError()) }
    }

    private func takeJobs() -> [Job] {
        jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
    }

    private func tell(_ jobs: [Job]) {
        if let last = jobs.last { noteFlushed(last.head.lastBatch) }
        for job in jobs {
            for (request, outcome) in zip(job.requests, job.outcomes) { request.continuation.resume(with: outcome) }
        }
    }

    /// The connection broke: finds out which batches the database has.
    private func settle(_ jobs: [Job], _ putBack: @Sendable ([PendingRequest]) -> Void) async {
        var attempt = 0
        let began = ContinuousClock.now
        while began.duration(to: .now) < DeskPatience.whole {
            attempt += 1
            if Task.isCancelled { break }
            if let kept = try? await storedCount(of: jobs) {
                tell(Array(jobs.prefix(kept)))
                return putBack(jobs.dropFirst(kept).flatMap(\.requests))
            }
            try? await Task.sleep(for: DeskPatience.pause(after: attempt))
        }
        let unknown = PostgresError(
            code: .commitOutcomeUnknown, message: "the database cannot be reached to tell what became of the request",
            hint: "ask again: a request that was decided is not decided twice")
        for job in jobs { fail(job, because: unknown) }
    }

    /// How many of the batches, from the first on, are there and on disk now: one that is lost has lost those after it.
    private func storedCount(of jobs: [Job]) async throws -> Int {
        let repository = repository
        return try await pool.withConnection { connection in
            var count = 0
            for job in jobs {
                guard
                    try await repository.wasCommitted(
                        batch: job.head.lastBatch, token: job.head.token, in: connection)
                else { break }
                count += 1
            }
            try await repository.flush(in: connection)
            return count
        }
    }

    private func fail(_ job: Job, because error: any Error) {
        for request in job.requests { request.continuation.resume(throwing: error) }
    }
}
