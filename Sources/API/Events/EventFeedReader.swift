package import Logging
import ServiceLifecycle

/// Fills the feed from the database: one reader in each process, however many streams there are.
///
/// What this process does itself it reads at once; what others do, a few times a second. While nobody listens it only
/// follows how far the log goes: reading every event back costs as much as a good part of the decision.
package struct EventFeedReader: Service {
    /// How often it looks whether this process knows of something new, which costs next to nothing.
    private static let interval = Duration.milliseconds(20)
    /// Every so many rounds the database is asked.
    private static let readingRounds = 12
    private static let heartbeatRounds = 750
    private static let pageSize = 500

    private let feed: EventFeed
    private let source: any EventSource
    private let logger: Logger

    package init(feed: EventFeed, source: any EventSource, logger: Logger) {
        self.feed = feed
        self.source = source
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.begin()
            var rounds = 0
            var isIdle = true
            while !Task.isCancelled {
                await self.follow(rounds, &isIdle)
                rounds += 1
                if rounds.isMultiple(of: Self.heartbeatRounds) { self.feed.beat() }
                do { try await Task.sleep(for: Self.interval) } catch { break }
            }
        }
        feed.end()
    }

    /// Finds the end of the log, as often as it takes.
    private func begin() async {
        while !Task.isCancelled {
            guard source.isReady else {
                try? await Task.sleep(for: Self.interval)
                continue
            }
            do {
                feed.begin(after: try await source.newestStored())
                return
            } catch {
                logger.warning("events cannot be read", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Reads what is new if anybody listens; `isIdle` is whether nobody did the last time.
    private func follow(_ round: Int, _ isIdle: inout Bool) async {
        let isReadingTime = round.isMultiple(of: Self.readingRounds)
        guard feed.hasListeners else {
            // What is in memory would soon have a gap behind it.
            if !isIdle { feed.begin(after: feed.last) }
            isIdle = true
            if isReadingTime { await noteNewest() }
            return
        }
        if isIdle {
            isIdle = false
            // Clients that come back after a restart were a little behind: they are served from memory.
            feed.begin(after: max(0, feed.newest - Int64(Self.pageSize)))
            return await readNew()
        }
        if isReadingTime || source.newestKnown > feed.last { await readNew() }
    }

    private func noteNewest() async {
        do {
            feed.note(newest: try await source.newestStored())
        } catch {
            logger.warning("events cannot be read", metadata: ["error": "\(error)"])
        }
    }

    private func readNew() async {
        do {
            while !Task.isCancelled {
                let events = try await source.encoded(after: feed.last, limit: Self.pageSize)
                feed.append(events)
                if events.count < Self.pageSize { return }
            }
        } catch {
            logger.warning("events cannot be read", metadata: ["error": "\(error)"])
        }
    }
}
