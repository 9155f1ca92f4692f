import Coverage
import Logging
import NIOCore
import PostgresClient
import ServiceLifecycle
import Storage

/// Fills the feed from the database: one reader in each process, however many replicas wait.
///
/// While nothing changes it asks the database now and then whether it is still there, once for all who wait.
struct SyncFeedReader: Service {
    let feed: SyncFeed
    let repository: SyncRepository
    let pool: PostgresPool
    let logger: Logger

    static let channel = "coverdesk_change"
    /// How often it looks whether something was heard of: what comes in between is read together.
    private static let interval = Duration.milliseconds(20)
    private static let tickRounds = 25
    /// How often the database is asked though nothing was heard.
    private static let confirmingPause = Duration.seconds(10)
    private static let failurePause = Duration.seconds(1)
    /// The most changes that are held in memory.
    private static let mostChanges = 100_000

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.listen() }
                group.addTask { await self.follow() }
                await group.next()
                group.cancelAll()
            }
        }
        feed.end()
    }

    private func listen() async {
        while !Task.isCancelled {
            do {
                for try await event in pool.notifications(on: [Self.channel]) {
                    switch event {
                    // What was missed may concern anybody.
                    case .listening, .listeningAgain: feed.hear(of: nil)
                    case .received(let notification): hear(notification.payload)
                    }
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("changes cannot be heard of", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: Self.failurePause)
            }
        }
    }

    /// - Parameter payload: The consortium, or the consortium and a library: `two`, `two/pub01`.
    private func hear(_ payload: String) {
        let parts = payload.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.first == repository.consortium.rawValue else { return }
        feed.hear(of: parts.count > 1 ? Library.ID(parts[1]) : nil)
    }

    private func follow() async {
        var rounds = 0
        var readAt = ContinuousClock.now
        while !Task.isCancelled {
            do {
                if feed.isStale || readAt.duration(to: .now) > Self.confirmingPause {
                    readAt = .now
                    try await read()
                }
                try await Task.sleep(for: Self.interval)
            } catch is CancellationError {
                return
            } catch {
                logger.warning("changes cannot be read", metadata: ["error": "\(error)"])
                feed.fail()
                try? await Task.sleep(for: Self.failurePause)
            }
            rounds += 1
            if rounds.isMultiple(of: Self.tickRounds) { feed.tick() }
        }
    }

    private func read() async throws {
        guard let (place, libraries) = feed.begin() else { return }
        try await repository.withReading(on: pool) { reading in
            guard reading.database == place.database, reading.reachesBack(to: place.snapshot) else {
                return feed.restart()
            }
            let changes = try await reading.changes(since: place.snapshot)
            let next = SyncFeed.Place(database: reading.database, snapshot: reading.snapshot, asOf: reading.asOf)
            guard !changes.isEmpty else { return feed.confirm(next) }
            feed.append(try await batch(of: changes, from: place.snapshot, to: next, for: libraries, in: reading))
        }
    }

    private func batch(
        of changes: [SyncReading.Change], from: ReplicaSnapshot, to place: SyncFeed.Place,
        for libraries: Set<Library.ID>,
        in reading: SyncReading
    ) async throws -> SyncFeed.Batch {
        var shared: SyncFeed.Portion?
        var own: [Library.ID: SyncFeed.Portion] = [:]
        let isWhole = changes.reduce(0) { $0 + $1.count } <= Self.mostChanges
        if isWhole {
            for (library, changes) in Dictionary(grouping: changes, by: \.library)
            where library.map(libraries.contains) ?? true {
                let portion = try await portion(of: changes, for: library, since: from, in: reading)
                if let library { own[library] = portion } else { shared = portion }
            }
        }
        return SyncFeed.Batch(from: from, to: place, shared: shared, own: own, covered: libraries, isWhole: isWhole)
    }

    /// What changed for one library alone, or for all: read as what it may see, and nothing else.
    private func portion(
        of changes: [SyncReading.Change], for library: Library.ID?, since seen: ReplicaSnapshot, in reading: SyncReading
    ) async throws -> SyncFeed.Portion? {
        try await reading.narrow(to: library)
        var buffer = ByteBuffer()
        var rows = 0
        let tables = Set(changes.map(\.table))
        for table in ReplicaTable.all where tables.contains(table) {
            rows += try await reading.changedLines(of: table, library == nil ? .shared : .own, since: seen) { lines in
                buffer.writeBytes(lines)
            }
        }
        return rows == 0 ? nil : SyncFeed.Portion(segment: SyncSegment(buffer), rows: rows)
    }
}
