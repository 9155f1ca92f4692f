import Accounts
import Coverage
import Hummingbird
import Logging
import NIOCore
import Pages
import PostgresClient
import PrivateCluster
import Routing
import Storage

/// The pages, and one that never changes, on a port of loopback.
enum PageServer {
    static let constantPath = "/constant"

    /// Something is not as it must be.
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// What Hummingbird hands over with a request.
    private struct Context: InitializableFromSource {
        let channel: any Channel
        let logger: Logger

        init(source: ApplicationRequestContextSource) {
            channel = source.channel
            logger = source.logger
        }
    }

    /// A desk at which nobody is.
    private struct StillDesk: DeskView {
        let hasBeenRead = true
        let present: [Operator.ID: PresentOperator] = [:]

        func standing(of queue: Queue.ID) -> QueueStanding? { nil }
    }

    private struct Responder: HTTPResponder {
        let site: PageSite
        let constant = ByteBuffer(repeating: 0x78, count: 100_000)

        func respond(to request: Request, context: Context) async throws -> Response {
            if request.uri.path == PageServer.constantPath {
                return Response(status: .ok, headers: [.contentType: "text/html"], body: .init(byteBuffer: constant))
            }
            let page = await withTaskExecutorPreference(globalConcurrentExecutor) {
                await site.respond(to: request, on: context.channel, logger: context.logger)
            }
            return page ?? Response(status: .notFound)
        }
    }

    /// Lends the port of a server, whose clock stands in the stage's week.
    static func lend(
        for stage: PageStage, on cluster: PostgresCluster,
        _ body: @escaping @Sendable (_ port: Int, _ cookie: String) async throws -> Void
    ) async throws {
        let pool = PostgresPool(
            configuration: try PostgresConfiguration(connectionString: cluster.connectionString()),
            maximumConnections: 4, waitingDeadline: .seconds(60))
        let now = stage.now
        guard let address = SiteAddress(url: nil, hasTLS: false) else { throw Failed(description: "no address") }
        let keeper = AccountKeeper(
            consortium: PageStage.consortium, pool: pool,
            passwords: PasswordWork(cost: PasswordHash.Cost(logRounds: 1, blockSize: 1, parallelism: 1)),
            now: { now })
        let cookie = try await cookie(from: keeper)
        let site = try PageSite(
            consortium: PageStage.consortium, pool: pool, desk: StillDesk(), keeper: keeper, address: address,
            now: { now })
        let (ports, tell) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: Responder(site: site), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in tell.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "benchmark-pages") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await body(port, cookie)
                break
            }
            group.cancelAll()
        }
        await pool.close()
    }

    /// What the browser of a coordinator sends who has signed in.
    private static func cookie(from keeper: AccountKeeper) async throws -> String {
        let (password, email) = ("seven quiet reading rooms", EmailAddress("coordinator@example.org"))
        guard let email else { throw Failed(description: "no address of email") }
        try await keeper.provide(
            AccountRepository.NewAccount(email: email, name: "Ada King", role: .coordinator), password: password,
            by: "benchmark")
        let signedIn = try await keeper.signIn(
            email: email.text, password: password, from: "127.0.0.1", device: "benchmark")
        return "coverdesk=\(signedIn.secret.text)"
    }
}
