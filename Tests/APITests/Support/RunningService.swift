import API
import AsyncHTTPClient
import Coverage
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import PostgresClient
import ServiceLifecycle
import Storage
import StorageTestSupport
import Synchronization
import TestSupport

/// The service on loopback with a real database behind it, as one test uses it.
struct RunningService: AskedService {
    let port: Int
    let pool: PostgresPool
    let desk: ToldDesk
    let routes: [Route]
    /// With every scope.
    let token: String
    let clock: TestClock

    /// Makes another token.
    func makeToken(scopes: [Scope], requestsPerSecond: Int = 1000, chatServer: String = "prosody") async throws
        -> String
    {
        try await pool.makeToken(scopes: scopes, requestsPerSecond: requestsPerSecond, chatServer: chatServer).text
    }
}

/// A clock that stands where the test puts it.
final class TestClock: Sendable {
    private let seconds: Mutex<Int64>

    init(at start: Instant = Instant(secondsSince1970: 1_790_000_000)) {
        seconds = Mutex(start.secondsSince1970)
    }

    var now: Instant { Instant(secondsSince1970: seconds.withLock { $0 }) }

    func advance(bySeconds count: Int64) {
        seconds.withLock { $0 += count }
    }
}

/// What came back.
struct HTTPAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    init(_ response: HTTPClientResponse) async throws {
        status = Int(response.status.code)
        headers = response.headers
        body = Array(try await response.body.collect(upTo: 10_000_000).readableBytesView)
    }

    var json: JSONValue? { try? JSONReader.read(body) }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The last part of a problem's type, if it is one in good form.
    var problem: String? {
        guard headers.first(name: "Content-Type") == "application/problem+json",
            case .integer(let code)? = json?["status"], Int(code) == status,
            case .string(let type)? = json?["type"], type.hasPrefix("urn:coverdesk:problem:")
        else { return nil }
        return String(type.dropFirst("urn:coverdesk:problem:".count))
    }

    /// The members that a problem names.
    var faultyFields: [String] {
        guard case .array(let errors)? = json?["errors"] else { return [] }
        return errors.compactMap { if case .string(let field)? = $0["field"] { field } else { nil } }
    }
}

extension PostgresPool {
    /// Adds a token to the consortium `two`.
    func makeToken(
        scopes: [Scope] = Scope.allCases.filter { !$0.isOfLibrary }, requestsPerSecond: Int = 100_000,
        chatServer: String = "prosody", library: Library.ID? = nil
    ) async throws -> (number: Int, text: String) {
        var generator = SystemRandomNumberGenerator()
        let text = TokenText.make(for: "two", using: &generator)
        let token = TokenRepository.NewToken(
            chatServer: chatServer, library: library, hash: TokenText.hash(text), scopes: scopes.map(\.rawValue),
            requestsPerSecond: requestsPerSecond)
        let number = try await withTransaction { transaction in
            try await TokenRepository(consortium: "two").insert(
                token, by: "test", at: Instant(secondsSince1970: 1_790_000_000), in: transaction)
        }
        return (number, text)
    }
}

/// Runs the service for as long as the body takes.
func withService(
    limits: ServiceLimits = ServiceLimits(), tls: TLSConfiguration? = nil, _ body: (RunningService) async throws -> Void
) async throws {
    try await withServiceDatabase { pool in
        try await pool.importing(.valid())
        let token = try await pool.makeToken().text
        let desk = ToldDesk()
        let clock = TestClock()
        var settings = APIService.Settings(address: .host("127.0.0.1", port: 0))
        settings.limits = limits
        settings.tls = tls
        let service = APIService(
            settings, consortium: "two", pool: pool, desk: desk, now: { clock.now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await service.running { port in
            let running = RunningService(
                port: port, pool: pool, desk: desk, routes: service.routes, token: token, clock: clock)
            if tls == nil { try await running.waitUntilReady() }
            try await body(running)
        }
    }
}

extension APIService {
    /// Runs on a free port for as long as the body takes.
    func running(beside others: [any Service] = [], _ body: (Int) async throws -> Void) async throws {
        let (ports, told) = AsyncStream.makeStream(of: Int?.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { told.finish() }
                try await run(beside: others) { port in told.yield(port) }
            }
            for await port in ports {
                try await body(port ?? 0)
                break
            }
            group.cancelAll()
            // What the cancellation makes it throw is no news; that it did not start is.
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }
}
