import AsyncHTTPClient
package import Coverage
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOPosix
package import NIOSSL
package import PostgresClient
package import ServiceLifecycle
import Storage
package import UnixSignals

/// The HTTP service of one consortium: `coverdesk serve`.
package struct APIService: Sendable {
    /// Where it listens.
    package enum Address: Hashable, Sendable {
        /// Port 0 is whichever is free.
        case host(String, port: Int)
        case unixSocket(path: String)
    }

    package struct Settings: Sendable {
        package var address: Address
        package var tls: TLSConfiguration?
        package var limits = ServiceLimits()
        /// How long a policy page counts as up to date after it was confirmed.
        package var policyFreshDays = 180
        /// How long changes are kept for replicas that were away; who was away for longer starts anew.
        package var changeDays = 7
        package var version = "0"

        package init(address: Address) {
            self.address = address
        }
    }

    private let settings: Settings
    private let consortium: Consortium.ID
    private let pool: PostgresPool
    private let desk: any SessionDesk
    private let now: @Sendable () -> Instant
    private let logger: Logger
    private let pages: Dispatcher.Pages?
    private let tokens: TokenBook
    private let feed = EventFeed()
    private let readiness = Readiness()
    private let policies: PolicyBook
    private let source: DeskEventSource
    private let syncFeed = SyncFeed()
    /// Connections of replicas and calendars: however many read, those who decide find theirs free.
    private let syncPool: PostgresPool

    package init(
        _ settings: Settings, consortium: Consortium.ID, pool: PostgresPool, desk: any SessionDesk,
        pages: Dispatcher.Pages? = nil, now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.pages = pages
        self.settings = settings
        self.consortium = consortium
        self.pool = pool
        self.desk = desk
        self.now = now
        self.logger = logger
        tokens = TokenBook(pool: pool, consortium: consortium, now: now, logger: logger)
        policies = PolicyBook(pool: pool, consortium: consortium, freshDays: settings.policyFreshDays, now: now)
        source = DeskEventSource(desk: desk, pages: policies)
        syncPool = PostgresPool(configuration: pool.configuration, maximumConnections: Self.syncConnections)
    }

    private static let syncConnections = 6

    private var syncRepository: SyncRepository { SyncRepository(consortium: consortium) }

    /// Every route that is served.
    package var routes: [Route] {
        let others = [
            SessionRoutes(desk: desk, pages: policies).routes,
            PresenceRoutes(desk: desk, cache: PublicPresence(desk: desk)).routes,
            EventRoutes(feed: feed, source: source).routes,
            Webhooks(pool: pool, consortium: consortium, source: source, now: now).routes,
            PolicyPages(pool: pool, consortium: consortium, book: policies, now: now).routes,
            DeskSettings(pool: pool, consortium: consortium, now: now).routes,
            SyncRoutes(
                repository: syncRepository, pool: syncPool, feed: syncFeed,
                readingSeconds: settings.limits.readingSeconds
            ).routes,
            IntentRoutes(consortium: consortium, pool: pool, now: now).routes,
            CalendarRoutes(pool: syncPool, consortium: consortium, now: now).routes,
        ].flatMap { $0 }
        return ServiceRoutes(tokens: tokens, feed: feed, readiness: readiness).all(
            with: others, version: settings.version)
    }

    /// Serves until the task is cancelled or told to shut down gracefully; then no new connections are taken, streams
    /// end, and requests under way are finished.
    ///
    /// - Parameters:
    ///   - others: Services that run beside it, started before and stopped after.
    ///   - signals: Those that tell the process to shut down gracefully.
    ///   - graceSeconds: How long requests under way may take then.
    ///   - listening: Told of the port, or nil for a socket's path, once connections are taken.
    /// - Throws: If the address cannot be listened on, or a service fails.
    package func run(
        beside others: [any Service] = [], signals: [UnixSignal] = [], graceSeconds: Int64 = 30,
        listening: @escaping @Sendable (Int?) async -> Void
    ) async throws {
        let client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: Self.clientSettings)
        let reader = EventFeedReader(feed: feed, source: source, logger: logger)
        let worker = WebhookWorker(
            pool: pool, consortium: consortium, source: source, client: client, now: now, logger: logger)
        let syncReader = SyncFeedReader(feed: syncFeed, repository: syncRepository, pool: syncPool, logger: logger)
        let forgetting = ChangeForgetting(
            repository: syncRepository, pool: syncPool, days: settings.changeDays, logger: logger)
        let end = StreamsEnd(feed: feed, syncFeed: syncFeed, readiness: readiness)
        // Stopped from the last to the first: streams must end before the server can.
        let services = others + [tokens, reader, syncReader, forgetting, worker, try server(listening), end]
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: signals, logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(graceSeconds)
        // What is not over then is stuck: better an end that can be seen than a process that never ends.
        configuration.maximumCancellationDuration = .seconds(10)
        do {
            try await ServiceGroup(configuration: configuration).run()
            await syncPool.close()
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func server(_ listening: @escaping @Sendable (Int?) async -> Void) throws -> some ApplicationProtocol {
        let limits = settings.limits
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestGuard(limits)], idleTimeout: .seconds(limits.idleSeconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: 100))
        let plain = HTTPServerBuilder { responder in
            LoopBoundChannel(base: HTTP1Channel(responder: responder, configuration: channel))
        }
        return Application(
            responder: Dispatcher(routes: routes, tokens: tokens, limits: limits, pages: pages),
            server: try settings.tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
            configuration: ApplicationConfiguration(
                address: settings.address.bound, serverName: "coverdesk", backlog: 1024,
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { channel in await listening(channel.localAddress?.port) }, logger: logger)
    }

    private static var clientSettings: HTTPClient.Configuration {
        HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(10)))
    }
}

extension APIService.Address {
    fileprivate var bound: BindAddress {
        switch self {
        case .host(let host, let port): .hostname(host, port: port)
        case .unixSocket(let path): .unixDomainSocket(path: path)
        }
    }
}

/// Ends the streams when the process is told to stop: the server waits for them otherwise.
private struct StreamsEnd: Service {
    let feed: EventFeed
    let syncFeed: SyncFeed
    let readiness: Readiness

    func run() async throws {
        try? await gracefulShutdown()
        readiness.stop()
        feed.end()
        syncFeed.end()
    }
}
