import API
import Accounts
import Answering
import ArgumentParser
import AsyncHTTPClient
import Coverage
import Foundation
import Logging
import NIOCore
import NIOSSL
import Notifications
import OpenID
import Pages
import PostgresClient
import Scheduling
import ServiceLifecycle
import Storage
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer chat servers over HTTP until told to stop.",
        discussion: """
            Any number of these may run over one database, with no leader among them; any
            may be killed. SIGTERM and Ctrl-C stop it gracefully: no new connections are
            taken, streams end, requests under way are finished.

              coverdesk serve
              coverdesk serve --host 0.0.0.0 --port 8443 \\
                --tls-certificate chain.pem --tls-key key.pem
              curl http://127.0.0.1:8080/openapi.json

            Chat servers need a token: see `coverdesk help token`. The log goes to
            standard error, one JSON object a line.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "Name or address to listen on.")
    var host: String?

    @Option(help: "Port to listen on; 0 for whichever is free, which the log tells.")
    var port: Int?

    @Option(help: "Path of a Unix socket to listen on instead.", completion: .file())
    var unixSocket: String?

    @Option(help: "PEM file with the certificate and those above it: serves HTTPS.", completion: .file())
    var tlsCertificate: String?

    @Option(help: "PEM file with the certificate's key.", completion: .file())
    var tlsKey: String?

    @OptionGroup var clock: ClockOptions

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(
                options, flags: ["serve.port": port],
                texts: [
                    "serve.host": host, "serve.unixSocket": unixSocket, "serve.tlsCertificate": tlsCertificate,
                    "serve.tlsKey": tlsKey,
                ])
            let paced = try clock.clock()
            OpenFiles.raiseLimit()
            try await context.withDatabase(runsBesideSocket: true) { pool in
                let consortium = try await context.consortium(in: pool)
                let settings = context.settings.serve
                try await withClient(settings.provider != nil || settings.postOrigins != nil) { client in
                    try await serve(consortium, by: paced, through: client, on: pool, context)
                }
            }
        }
    }

    /// Lends a client for the addresses of others, if there are any in the settings.
    private func withClient(_ isNeeded: Bool, _ body: (HTTPClient?) async throws -> Void) async throws {
        guard isNeeded else { return try await body(nil) }
        // Redirects are not followed: secrets go to the addresses that were named alone.
        let client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup,
            configuration: HTTPClient.Configuration(
                redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(10))))
        do {
            try await body(client)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    /// What the service hands over to programs of others.
    private struct OthersPrograms {
        var mailbox: Mailbox?
        var poster: NoticePoster?
        var provider: IdentityProvider?

        init(_ settings: ServeSettings, _ client: HTTPClient?, _ clock: @escaping @Sendable () -> Instant) {
            let site = settings.address.origin
            mailbox = settings.mail.map {
                Mailbox(sendmail: $0.sendmail, from: $0.from, site: site, clock: clock)
            }
            guard let client else { return }
            poster = settings.postOrigins.map {
                NoticePoster(origins: $0, client: client, site: site, clock: clock)
            }
            provider = settings.provider.map { IdentityProvider($0, exchange: .live(client), now: clock) }
        }
    }

    private func serve(
        _ consortium: Consortium.ID, by paced: PacedClock?, through client: HTTPClient?,
        on pool: PostgresPool, _ context: CommandContext
    ) async throws {
        let settings = context.settings.serve
        var logger = Logger(label: "coverdesk") { JSONLogHandler(label: $0) }
        logger.logLevel = settings.logLevel
        let log = logger
        let clock: @Sendable () -> Instant = {
            paced?.now(PacedClock.world()) ?? Instant(secondsSince1970: Int64(PacedClock.world()))
        }
        // A database that is new gets place for a consortium, which its coordinator fills from the pages.
        try await ConsortiumBeginning(consortium: consortium, pool: pool)
            .makePlace(by: context.settings.actor, at: clock())
        try await checkClock(clock(), isPaced: paced != nil, of: consortium, in: pool, log)
        let world: @Sendable () -> Instant = { Instant(secondsSince1970: Int64(PacedClock.world())) }
        let desks = Desks(pool: pool, clock: clock)
        let desk = try await desks.desk(of: consortium)
        let keeper = AccountKeeper(
            consortium: consortium, pool: pool, settings: settings.accounts, passwords: PasswordWork(), now: world)
        let setUp = try await keeper.makeSetUpLink()
        let others = OthersPrograms(settings, client, world)
        let worker = NotificationWorker(
            pool: pool, consortium: consortium, mailbox: others.mailbox, poster: others.poster, now: clock,
            logger: log)
        let site = try PageSite(
            consortium: consortium, pool: pool, desk: desk, keeper: keeper, address: settings.address,
            policyFreshDays: settings.policyFreshDays, mailbox: others.mailbox, poster: others.poster,
            door: setUp.map { SetUpDoor(link: $0, keeper: keeper) }, provider: others.provider, now: clock)
        let service = APIService(
            try Self.settings(settings), consortium: consortium, pool: pool, desk: desk,
            pages: { request, context in
                await site.respond(to: request, on: context.channel, logger: context.logger)
            }, now: clock, logger: log)
        let planning = PlanningService(
            consortium: consortium, pool: pool, pricePerHour: Thousandths(context.settings.planChangePrice), now: clock,
            logger: log)
        do {
            try await service.run(
                beside: [DeskService(desks: desks), planning, worker], signals: [.sigterm, .sigint],
                graceSeconds: Int64(settings.graceSeconds)
            ) { port in
                log.info(
                    "listening",
                    metadata: [
                        "serve.address": "\(settings.unixSocket ?? settings.host)",
                        "serve.port": port.map { "\($0)" } ?? "none", "serve.consortium": "\(consortium)",
                        "process.id": "\(ProcessInfo.processInfo.processIdentifier)",
                    ])
                if let setUp { Self.tell(setUp, port: port, settings, log) }
            }
            log.info("stopped")
        } catch let error as ServiceGroupError {
            throw CommandFailure.unexpected("the service ended: \(error)")
        } catch  where !(error is PostgresError) {
            throw CommandFailure.refused(
                "cannot serve on \(settings.unixSocket ?? "\(settings.host):\(settings.port)"): \(error)")
        }
    }

    /// Tells whoever can read the log how to begin: the only place where the link stands.
    private static func tell(_ link: SetUpLink, port: Int?, _ settings: ServeSettings, _ log: Logger) {
        let prefix = settings.address.prefix(host: port.map { "\(settings.host):\($0)" })
        log.warning(
            "nobody has an account yet: open the link to set the service up",
            metadata: ["serve.setUpLink": "\(prefix)\(link.path)", "serve.setUpUntil": "\(link.expiresAt.rfc3339)"])
    }

    /// A desk's time never goes back: behind its last decision it would stand still, and offers would never run out.
    private func checkClock(
        _ now: Instant, isPaced: Bool, of consortium: Consortium.ID, in pool: PostgresPool, _ log: Logger
    ) async throws {
        if isPaced { log.warning("the clock is one for demos and tests", metadata: ["clock.now": "\(now.rfc3339)"]) }
        let last = try await pool.withConnection {
            try await DeskRepository(consortium: consortium).lastDecision(in: $0)
        }
        guard let last, last.seconds(since: now) > 60 else { return }
        guard !isPaced else {
            throw CommandFailure.refused(
                "the desk decided last at \(last.rfc3339), and its time never goes back: set the clock to a later "
                    + "moment, or take another database")
        }
        log.warning(
            "the desk is ahead of the clock: its time stands still until then",
            metadata: ["clock.now": "\(now.rfc3339)", "desk.decided_at": "\(last.rfc3339)"])
    }

    private static func settings(_ settings: ServeSettings) throws -> APIService.Settings {
        var service = APIService.Settings(
            address: settings.unixSocket.map { .unixSocket(path: $0) } ?? .host(settings.host, port: settings.port))
        service.limits = settings.limits
        service.limits.uploadPath = PageSite.uploadPath
        service.policyFreshDays = settings.policyFreshDays
        service.changeDays = settings.changeDays
        service.version = Coverdesk.configuration.version
        if let certificate = settings.tlsCertificate, let key = settings.tlsKey {
            do {
                service.tls = TLSConfiguration.makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
                // Makes sure now that key and certificate belong together, and not with the first client.
                _ = try service.tls.map { try NIOSSLContext(configuration: $0) }
            } catch {
                throw CommandFailure.badInput(
                    "\(certificate) and \(key) are no certificate and key in PEM that belong together: \(error)")
            }
        }
        return service
    }
}

/// How many connections and files the process may have open.
enum OpenFiles {
    /// Asks for as many as the system's administrator allows: each stream of events is one.
    static func raiseLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // Where it is refused, the limit stays as it was.
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
