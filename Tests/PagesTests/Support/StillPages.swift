import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Pages
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

/// The pages without a service around them: time stands still, and the desk is as a test says.
struct StillPages {
    /// Monday 26 October 2026 at 15:00 UTC, 11:00 in New York.
    static let now = Instant(secondsSince1970: 1_793_026_800)

    struct Answer {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let text: String
    }

    let site: PageSite
    /// What the browser of a coordinator sends who has signed in.
    let cookie: String

    func ask(_ path: String) async throws -> Answer {
        let request = Request(
            head: HTTPRequest(
                method: .get, scheme: "http", authority: "localhost", path: path,
                headerFields: [.accept: "text/html", .cookie: cookie]),
            body: .init(buffer: ByteBuffer()))
        let channel = NIOAsyncTestingChannel()
        let response = try #require(
            await site.respond(
                to: request, on: channel, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        let writer = CollectingWriter()
        try await response.body.write(writer)
        _ = try await channel.finish()
        return Answer(status: response.status, headers: response.headers, text: writer.text)
    }
}

/// Lends the pages of the small consortium, whose published plan has one shift: `pub01-01` on `ask` at a Monday's hour.
///
/// - Parameters:
///   - hour: Where the shift begins, in New York.
///   - desk: What the pages see of the desk.
///   - body: Uses them.
/// - Throws: What the body throws, and what the database refuses.
func withStillPages(
    shiftAt hour: Int = 10, desk: any DeskView = StillDesk(), _ body: (StillPages) async throws -> Void
) async throws {
    try await withServiceDatabase { pool in
        var bundle = ConsortiumBundle.valid()
        bundle.libraries[0].name = "=<Academic> & \"Sons\""
        bundle.queues[0].name = "<b>Academic</b>"
        try await pool.importing(bundle)
        let shift = Shift(
            queue: "ask", operator: "pub01-01",
            during: Demand.valid(queue: "ask", date: bundle.consortium.startsOn, hour: hour).during)
        _ = try await pool.publishing(try await pool.drafting([shift]))
        let address = try #require(SiteAddress(url: nil, hasTLS: false))
        let keeper = AccountKeeper(
            consortium: "two", pool: pool,
            passwords: PasswordWork(cost: PasswordHash.Cost(logRounds: 1, blockSize: 1, parallelism: 1)),
            now: { StillPages.now })
        let site = try PageSite(
            consortium: "two", pool: pool, desk: desk, keeper: keeper, address: address, now: { StillPages.now })
        try await body(StillPages(site: site, cookie: try await cookie(from: keeper)))
    }
}

private func cookie(from keeper: AccountKeeper) async throws -> String {
    let email = try #require(EmailAddress("ada@example.org"))
    try await keeper.provide(
        AccountRepository.NewAccount(email: email, name: "Ada King", role: .coordinator),
        password: ServedSite.password, by: "test")
    let signedIn = try await keeper.signIn(
        email: email.text, password: ServedSite.password, from: "192.0.2.1", device: "Firefox")
    return "coverdesk=\(signedIn.secret.text)"
}

/// Keeps what is written.
private final class CollectingWriter: ResponseBodyWriter {
    private(set) var text = ""

    func write(_ buffer: ByteBuffer) async throws { text += String(buffer: buffer) }

    func finish(_ trailers: HTTPFields?) async throws {}
}
