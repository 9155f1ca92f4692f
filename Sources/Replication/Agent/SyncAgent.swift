import AsyncHTTPClient
import Foundation
package import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Keeps a library's cache in step with the service.
package struct SyncAgent: ServiceLifecycle.Service {
    /// What it is told from outside.
    package struct Settings: Sendable {
        /// The service's address, `https://desk.example.org`.
        package var service: String
        package var cachePath: String
        package var tokenFile: String
        package var healthPath: String?
        /// Whether to compare all tables with the service's at the beginning.
        package var verifies = false
        package var limits = SyncLimits()

        package init(service: String, cachePath: String, tokenFile: String, healthPath: String? = nil) {
            self.service = service
            self.cachePath = cachePath
            self.tokenFile = tokenFile
            self.healthPath = healthPath
        }
    }

    let settings: Settings
    let cache: ReplicaCache
    let client: SyncClient
    let health: HealthFile
    let log: Logger
    /// What the agent does over and over is told once, until it changes.
    private let lastTrouble = Boxed<String?>(nil)

    /// - Parameters:
    ///   - settings: What it is told from outside.
    ///   - now: This machine's clock, in Unix microseconds.
    ///   - log: Takes what happens.
    /// - Throws: ``SyncTrouble`` where the service's address is none.
    package init(_ settings: Settings, now: @escaping @Sendable () -> Int64, log: Logger) throws {
        self.settings = settings
        cache = ReplicaCache(path: settings.cachePath, service: settings.service, now: now)
        client = try SyncClient(
            service: settings.service, tokenFile: settings.tokenFile, limits: settings.limits)
        health = HealthFile(path: settings.healthPath, now: now)
        self.log = log
    }

    // MARK: Running

    /// Follows the service until told to stop.
    ///
    /// - Throws: ``CacheFault`` or ``SyncTrouble`` where trying again is no use.
    package func run() async throws {
        try await withCache { _ in
            try await cancelWhenGracefulShutdown {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await follow() }
                    group.addTask { try await sendIntentsForever() }
                    // Whichever ends first ends the other: neither does unless it fails.
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
        }
    }

    /// Sends what waits, fetches what there is and ends.
    ///
    /// - Returns: What was done.
    /// - Throws: ``CacheFault``, ``SyncTrouble``, ``FeedFault``; `CancellationError`.
    package func once() async throws -> SyncReport {
        var report = SyncReport()
        try await withCache { damage in
            if let damage { report.notes.append("the cache was damaged (\(damage)): it was fetched anew") }
            try await once(&report)
        }
        return report
    }

    private func once(_ report: inout SyncReport) async throws {
        var tries = 0
        while true {
            tries += 1
            do {
                report.intentsDecided += try await sendIntents()
                try await fetch(SyncClient.Request(cursor: try await cursor()), &report)
                if settings.verifies { try await verify(&report) }
                report.state = try await cache.state()
                report.notes += await cache.takeNotes()
                return
            } catch CacheFault.damaged(_, let reason) where tries < 3 {
                report.notes.append("the cache was damaged (\(reason)): it was fetched anew")
                try await cache.beginRebuilding()
            } catch let trouble as SyncTrouble where trouble.kind == .cursorExpired && tries < 3 {
                report.notes.append(trouble.description)
                try await startAnew(&report)
            } catch CacheFault.otherDatabase where tries < 3 {
                report.notes.append("the service has another database: everything was fetched anew")
                try await startAnew(&report)
            }
        }
    }

    private func startAnew(_ report: inout SyncReport) async throws {
        try await fetch(SyncClient.Request(), &report)
    }

    private func withCache(_ body: (_ damage: String?) async throws -> Void) async throws {
        do {
            let damage = try await cache.open()
            if let damage {
                log.warning("the cache is damaged and fetched anew", metadata: ["cache.damage": "\(damage)"])
            }
            health.update { $0.state = "starting" }
            try await body(damage)
        } catch {
            await end(error is CancellationError ? nil : error)
            guard error is CancellationError else { throw error }
            return
        }
        await end(nil)
    }

    private func end(_ error: (any Error)?) async {
        await cache.close()
        await client.close()
        health.update { health in
            health.state = "stopped"
            health.trouble = error.map { "\($0)" }
        }
    }

    // MARK: Following

    private func follow() async throws {
        var backOff = BackOff(first: settings.limits.firstPause, longest: settings.limits.longestPause)
        var random = SystemRandomNumberGenerator()
        var verifyAt = settings.verifies ? ContinuousClock.now : .now + proofPause(&random)
        var isAnew = false
        while true {
            let began = ContinuousClock.now
            var report = SyncReport()
            do {
                try await reopenIfMoved()
                if ContinuousClock.now >= verifyAt, try await cursor() != nil, !isAnew {
                    try await fetch(SyncClient.Request(cursor: try await cursor()), &report)
                    try await verify(&report)
                    tell(report)
                    verifyAt = .now + proofPause(&random)
                } else {
                    let cursor = isAnew ? nil : try await cursor()
                    // A snapshot ends by itself; what follows it is asked for with its cursor.
                    try await fetch(
                        SyncClient.Request(
                            cursor: cursor, waitSeconds: cursor == nil ? 0 : settings.limits.waitSeconds),
                        &report)
                }
                isAnew = false
                backOff.reset()
                for note in await cache.takeNotes() {
                    log.warning("the cache was fetched anew", metadata: ["note": "\(note)"])
                }
                if report.rows == 0 { try await rest(since: began) }
            } catch {
                if health.current.failures == 0 { backOff.reset() }
                switch try await remedy(for: error) {
                case .anew: isAnew = true
                case .again: break
                case .pause(let retryAfter):
                    let pause = max(backOff.next(by: &random), retryAfter ?? .zero)
                    try await Task.sleep(for: pause)
                }
            }
        }
    }

    private func proofPause(_ random: inout SystemRandomNumberGenerator) -> Duration {
        settings.limits.proofInterval * Double.random(in: 0.9...1.1, using: &random)
    }

    /// A service that ends each answer at once is not asked without a pause.
    private func rest(since began: ContinuousClock.Instant) async throws {
        let rest = settings.limits.idlePause - (ContinuousClock.now - began)
        if rest > .zero { try await Task.sleep(for: rest) }
    }

    /// What to do after a failure.
    private enum Remedy {
        case again, anew
        case pause(Duration?)
    }

    private func remedy(for error: any Error) async throws -> Remedy {
        try Task.checkCancellation()
        switch error {
        case let trouble as SyncTrouble:
            switch trouble.kind {
            case .final: throw trouble
            case .cursorExpired:
                log.notice("everything is fetched anew", metadata: ["sync.reason": "\(trouble)"])
                return .anew
            case .passing, .standing: await tell(trouble: "\(trouble)")
            }
            return .pause(trouble.retryAfter)
        case CacheFault.damaged(_, let reason):
            log.warning("the cache is damaged and fetched anew", metadata: ["cache.damage": "\(reason)"])
            try await cache.beginRebuilding()
            return .again
        case CacheFault.otherDatabase:
            log.notice("everything is fetched anew", metadata: ["sync.reason": "\(error)"])
            return .anew
        case CacheFault.foreign, CacheFault.newer, CacheFault.otherLibrary: throw error
        default:
            await tell(trouble: "\(error)")
            return .pause(nil)
        }
    }

    private func tell(trouble: String) async {
        try? await cache.setOutOfStep()
        health.update { health in
            health.state = "waiting"
            health.trouble = trouble
            health.failures += 1
        }
        let isNew = lastTrouble.value.withLock { last in
            defer { last = trouble }
            return last != trouble
        }
        if isNew { log.warning("the service is not followed", metadata: ["sync.trouble": "\(trouble)"]) }
    }

    private func tell(_ report: SyncReport) {
        for repair in report.repairs {
            log.warning(
                "rows that differed were put right",
                metadata: ["cache.table": "\(repair.range.table)", "db.rows": "\(repair.rows)"])
        }
    }

    /// A file that was deleted or replaced under the agent's hands is opened anew, or begun.
    private func reopenIfMoved() async throws {
        guard await !cache.isInPlace() else { return }
        log.warning("the cache's file is gone or another: it is opened anew")
        await cache.close()
        _ = try await cache.open()
    }

    /// Where to go on; nil begins with a snapshot.
    func cursor() async throws -> String? {
        let state = try await cache.state()
        return state.isCurrent ? state.cursor : nil
    }

    // MARK: Exchanges

    /// Asks for the feed and takes the answer to its end.
    ///
    /// - Returns: The digests that the answer's last batch brought.
    /// - Throws: ``CacheFault``, ``SyncTrouble``, ``FeedFault``; `CancellationError`.
    @discardableResult
    func fetch(_ request: SyncClient.Request, _ report: inout SyncReport) async throws -> [RangeDigest] {
        let watch = ProgressWatch(settings.limits)
        try await cache.beginAnswer()
        let (told, digests) = try await watch.guarding { try await take(request, watch) }
        report.add(told)
        return digests
    }

    private func take(
        _ request: SyncClient.Request, _ watch: ProgressWatch
    ) async throws -> (SyncReport, [RangeDigest]) {
        let response = try await watch.waiting { try await client.open(request) }
        var report = SyncReport()
        var digests: [RangeDigest] = []
        var parts = response.body.makeAsyncIterator()
        while let part = try await next(&parts, watch) {
            watch.note(bytes: part.readableBytes)
            note(try await cache.receive(part), watch, &report, &digests)
        }
        let (rest, isWhole) = try await cache.endAnswer()
        note(rest, watch, &report, &digests)
        guard isWhole else {
            throw SyncTrouble(
                .passing, "the answer broke off before its end: it is asked for again from the last batch")
        }
        return (report, digests)
    }

    private func next(
        _ parts: inout HTTPClientResponse.Body.AsyncIterator, _ watch: ProgressWatch
    ) async throws -> ByteBuffer? {
        do {
            watch.beginWaiting()
            defer { watch.endWaiting() }
            return try await parts.next(isolation: #isolation)
        } catch let error where !(error is CancellationError) {
            try Task.checkCancellation()
            throw SyncTrouble(.passing, "the answer broke off: \(error)")
        }
    }

    private func note(
        _ received: Received, _ watch: ProgressWatch, _ report: inout SyncReport, _ digests: inout [RangeDigest]
    ) {
        guard received.steps > 0 else { return }
        watch.noteStep()
        report.add(received)
        if received.commits > 0 { digests = received.digests }
        for zone in received.unknownZones {
            log.warning("a time zone is not known here, its times are told in UTC", metadata: ["zone": "\(zone)"])
        }
        guard received.asOf != nil else { return }
        lastTrouble.value.withLock { $0 = nil }
        health.update { health in
            health.state = "following"
            health.trouble = nil
            health.failures = 0
            health.asOf = received.asOf.map { $0 / 1_000_000 }
            health.contactAt = health.writtenAt
            health.rows += received.rows
            health.repairedRows += received.repairs.reduce(0) { $0 + $1.rows }
        }
    }

    // MARK: Intents

    private func sendIntentsForever() async throws {
        var backOff = BackOff(first: settings.limits.firstPause, longest: settings.limits.longestPause)
        var random = SystemRandomNumberGenerator()
        while true {
            do {
                try await sendIntents()
                backOff.reset()
                try await Task.sleep(for: settings.limits.outboxPause)
            } catch {
                try Task.checkCancellation()
                let left = (try? await cache.waitingCount()) ?? 0
                health.update { health in
                    health.trouble = "intents wait: \(error)"
                    health.pendingIntents = left
                }
                let retryAfter = (error as? SyncTrouble)?.retryAfter ?? .zero
                try await Task.sleep(for: max(backOff.next(by: &random), retryAfter))
            }
        }
    }

    /// Sends the intents that wait, in their order, until none is left.
    ///
    /// - Returns: How many were decided.
    /// - Throws: ``CacheFault``, ``SyncTrouble``; `CancellationError`.
    @discardableResult
    func sendIntents() async throws -> Int {
        var decided = 0
        var count = 100
        while case let waiting = try await cache.waitingIntents(atMost: count, bytes: 48 << 10), !waiting.isEmpty {
            if let damaged = waiting.first(where: { !$0.isSound }) {
                decided += try await reject(
                    damaged.id, "the disk has changed it before it was sent: make it again, if it is still meant")
                continue
            }
            do {
                decided += try await send(waiting)
                count = 100
            } catch let refusal as SyncClient.RefusedRequest {
                // One of them is not taken. Alone it is found, and the others do not wait behind it for ever.
                if waiting.count > 1 {
                    count = 1
                } else {
                    decided += try await reject(waiting[0].id, refusal.description)
                }
            }
            let left = try await cache.waitingCount()
            health.update { $0.pendingIntents = left }
        }
        return decided
    }

    private func send(_ waiting: [ReplicaCache.Waiting]) async throws -> Int {
        let watch = ProgressWatch(settings.limits)
        let outcomes = try await watch.guarding {
            try await watch.waiting { try await client.send(waiting.map(\.body)) }
        }
        let settled = try await cache.settle(outcomes)
        guard settled > 0 else {
            throw SyncTrouble(.passing, "the service took \(waiting.count) intents and decided none of them")
        }
        return settled
    }

    private func reject(_ id: String, _ reason: String) async throws -> Int {
        health.update { _ in }
        return try await cache.settle([
            IntentOutcome(
                id: id, state: .rejected, reason: reason, theirs: nil, decidedAt: health.current.writtenAt)
        ])
    }
}

/// A value with a lock that structs can share.
private final class Boxed<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }
}
