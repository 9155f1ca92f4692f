package import Coverage
package import PostgresClient
import Storage
import Synchronization

/// Does the searches that people ask for, one of each sort at a time.
///
/// Every node may run it: each search is taken by one of them, on a lease.
package final class PlanningWorker: Sendable {
    package struct Settings: Hashable, Sendable {
        /// How many threads a search has.
        package var threads: Int
        /// For how long a node has a search that it does not say anything of.
        package var leaseSeconds: Int
        /// What it costs, where a plan is mended, that somebody loses or gains an hour.
        package var pricePerHour: Thousandths

        package init(threads: Int, leaseSeconds: Int = 20, pricePerHour: Thousandths = Thousandths(20)) {
            self.threads = threads
            self.leaseSeconds = leaseSeconds
            self.pricePerHour = pricePerHour
        }
    }

    let consortium: Consortium.ID
    let pool: PostgresPool
    let settings: Settings
    /// What this one is known by to the others.
    let node: String
    let now: @Sendable () -> Instant
    let failed: @Sendable (Int, any Error) -> Void
    private let isStopping = Mutex(false)

    /// Sets it up; ``run()`` does the work.
    ///
    /// - Parameters:
    ///   - consortium: Whose searches.
    ///   - pool: The database. A search holds no connection.
    ///   - node: A text that no other worker has.
    ///   - settings: How to search.
    ///   - now: The clock by which drafts are dated.
    ///   - failed: Told of searches that failed for a reason that is no matter of those who asked.
    package init(
        consortium: Consortium.ID, pool: PostgresPool, node: String, settings: Settings,
        now: @escaping @Sendable () -> Instant, failed: @escaping @Sendable (Int, any Error) -> Void = { _, _ in }
    ) {
        self.consortium = consortium
        self.pool = pool
        self.node = node
        self.settings = settings
        self.now = now
        self.failed = failed
    }

    /// How often it is looked for searches, and said that one is under way.
    static let interval = Duration.milliseconds(700)

    /// Works until ``stop()``, and then ends what is under way with the best so far; a cancelled task keeps nothing.
    package func run() async {
        await withTaskGroup { group in
            for advising in [false, true] { group.addTask { await self.work(advising: advising) } }
        }
    }

    /// Ends what is under way, with the best so far.
    package func stop() {
        isStopping.withLock { $0 = true }
    }

    var isStopped: Bool { isStopping.withLock { $0 } || Task.isCancelled }

    private func work(advising: Bool) async {
        while !isStopped {
            // A database that is out of reach is asked again.
            let taken = try? await pool.withConnection { connection in
                try await PlanningRunRepository(consortium: consortium).claim(
                    advising: advising, as: node, leaseSeconds: settings.leaseSeconds, at: now(), in: connection)
            }
            if let run = taken {
                await PlanningWork(run, worker: self).run()
            } else {
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
