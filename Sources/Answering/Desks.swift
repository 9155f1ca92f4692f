package import Coverage
package import PostgresClient
import Routing
import Storage
import Synchronization

/// The desks of all consortia in a database.
///
/// ``run()`` does the work: requests wait until it runs.
package final class Desks: Sendable {
    private let pool: PostgresPool
    private let clock: @Sendable () -> Instant
    private let desks: Mutex<[Consortium.ID: Desk]>
    private let opened: AsyncStream<Desk>
    private let opener: AsyncStream<Desk>.Continuation

    /// - Parameters:
    ///   - pool: The database. A desk uses one connection at a time for its decisions, and others to read.
    ///   - clock: What time it is.
    package init(pool: PostgresPool, clock: @escaping @Sendable () -> Instant) {
        self.pool = pool
        self.clock = clock
        desks = Mutex([:])
        (opened, opener) = AsyncStream.makeStream()
    }

    /// The desk of a consortium; it is opened at the first call.
    ///
    /// - Throws: ``UnknownConsortium`` if nothing was imported for it; ``PostgresError``.
    package func desk(of consortium: Consortium.ID) async throws -> Desk {
        if let desk = desks.withLock({ $0[consortium] }) { return desk }
        let known = try await pool.withConnection { try await ConsortiumRepository.all(in: $0) }
        guard known.contains(consortium) else { throw UnknownConsortium(id: consortium) }
        return open(consortium)
    }

    private func open(_ consortium: Consortium.ID) -> Desk {
        desks.withLock { desks in
            if let desk = desks[consortium] { return desk }
            let desk = Desk(consortium: consortium, pool: pool, clock: clock)
            desks[consortium] = desk
            opener.yield(desk)
            return desk
        }
    }

    /// Decides what is asked, and sweeps, until the task is cancelled: what is due happens though nobody asks.
    ///
    /// Every process may run it; they take turns, and what one has done the others find done.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.openAll() }
            for await desk in opened { group.addTask { await desk.run() } }
            group.cancelAll()
        }
    }

    /// Opens the desk of each consortium, also of those imported later, so that it is swept.
    private func openAll() async {
        while !Task.isCancelled {
            if let known = try? await pool.withConnection({ try await ConsortiumRepository.all(in: $0) }) {
                for id in known { _ = open(id) }
            }
            try? await Task.sleep(for: .seconds(5))
        }
    }
}

/// Nothing was imported for a consortium.
package struct UnknownConsortium: Error, Hashable, CustomStringConvertible {
    package let id: Consortium.ID

    package var description: String { "there is no consortium “\(id)”: nothing was imported for it" }
}
