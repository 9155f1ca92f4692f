import AsyncHTTPClient
import Coverage
import Logging
import Notifications
import PostgresClient
import ServiceLifecycle
import Storage

/// Makes events into deliveries and posts these, beside routing and never in its way.
///
/// Every process has one. What one takes it holds by a lease, so any of them may die: another makes the delivery
/// when the lease has run out. So a delivery may come twice, and never not at all.
struct WebhookWorker: Service {
    private static let interval = Duration.milliseconds(500)
    private static let pageSize = 500
    private static let deliveriesAtOnce = 16
    /// Longer than a delivery takes with everything around it.
    private static let leaseSeconds = 40
    private static let roundsBetweenCleanings = 120

    private let pool: PostgresPool
    private let repository: WebhookRepository
    private let source: any EventSource
    private let post: SignedPost
    private let now: @Sendable () -> Instant
    private let logger: Logger
    private let plan = RetryPlan()

    /// Its client makes the requests, and must not follow redirects.
    init(
        pool: PostgresPool, consortium: Consortium.ID, source: any EventSource, client: HTTPClient,
        now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.pool = pool
        repository = WebhookRepository(consortium: consortium)
        self.source = source
        post = SignedPost(client: client, clock: now)
        self.now = now
        self.logger = logger
    }

    func run() async throws {
        // Deliveries under way are let end; only the waiting in between is cut short.
        var rounds = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                if source.isReady { try await spread() }
                while source.isReady, try await deliverDue() > 0, !Task.isShuttingDownGracefully {}
                if rounds.isMultiple(of: Self.roundsBetweenCleanings) { try await giveUpOld() }
            } catch {
                logger.warning("webhooks are held up", metadata: ["error": "\(error)"])
            }
            rounds += 1
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: Self.interval) }
        }
    }

    // MARK: Events become deliveries

    /// Brings every webhook up to the newest event.
    private func spread() async throws {
        let newest = try await source.newest()
        var isBehind = true
        while isBehind {
            isBehind = try await pool.withTransaction { try await spreadOne(behind: newest, in: $0) }
        }
    }

    private func spreadOne(behind newest: Int64, in transaction: PostgresTransaction) async throws -> Bool {
        guard let (number, types, last) = try await repository.lagging(behind: newest, in: transaction) else {
            return false
        }
        let events = try await source.encoded(after: last, limit: Self.pageSize)
        guard let end = events.last?.number else { return false }
        let wanted = events.filter { types.isEmpty || types.contains($0.type) }.map(\.number)
        try await repository.enqueue(wanted, upTo: end, for: number, at: now(), in: transaction)
        return true
    }

    private func giveUpOld() async throws {
        let oldest = now().advanced(bySeconds: -plan.giveUpSeconds)
        let count = try await pool.withConnection { try await repository.giveUp(waitingSince: oldest, in: $0) }
        if count > 0 { logger.warning("deliveries were given up", metadata: ["webhook.deliveries": "\(count)"]) }
    }

    // MARK: Deliveries are made

    private func deliverDue() async throws -> Int {
        let (deliveries, webhooks) = try await pool.withConnection { connection in
            let deliveries = try await repository.claim(
                atMost: Self.deliveriesAtOnce, at: now(), leaseSeconds: Self.leaseSeconds, in: connection)
            guard !deliveries.isEmpty else {
                return ([WebhookRepository.Delivery](), [Int: WebhookRepository.Webhook]())
            }
            let webhooks = try await repository.all(in: connection)
            return (deliveries, Dictionary(uniqueKeysWithValues: webhooks.map { ($0.number, $0) }))
        }
        try await withThrowingDiscardingTaskGroup { group in
            for delivery in deliveries {
                guard let webhook = webhooks[delivery.webhook] else { continue }
                group.addTask { try await deliver(delivery, to: webhook) }
            }
        }
        return deliveries.count
    }

    private func deliver(_ delivery: WebhookRepository.Delivery, to webhook: WebhookRepository.Webhook) async throws {
        guard let event = try await source.encoded(after: delivery.event - 1, limit: 1).first else { return }
        let problem = await post.send(
            event.json, to: webhook.url, secret: webhook.secret, event: event.number)
        guard let problem else {
            return try await pool.withConnection { try await repository.finish(delivery, in: $0) }
        }
        var generator = SystemRandomNumberGenerator()
        let now = now()
        let retryAt = plan.retry(after: delivery.attempts, since: delivery.since, at: now, using: &generator)
        let quiet = plan.pauseSeconds(after: webhook.failures + 1, using: &generator)
        try await pool.withConnection { connection in
            try await repository.fail(
                delivery, because: problem, retryAt: retryAt, quietUntil: now.advanced(bySeconds: quiet),
                in: connection)
        }
        logger.info(
            retryAt == nil ? "a delivery was given up" : "a delivery failed",
            metadata: [
                "webhook.number": "\(delivery.webhook)", "event.number": "\(delivery.event)",
                "webhook.attempts": "\(delivery.attempts)", "webhook.problem": "\(problem)",
            ])
    }
}
