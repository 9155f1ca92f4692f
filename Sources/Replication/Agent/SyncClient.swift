import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOHTTPCompression

/// Asks the service.
struct SyncClient: Sendable {
    /// What is asked of the feed.
    struct Request: Hashable, Sendable {
        /// Nil asks for a snapshot.
        var cursor: String?
        /// How long the answer is to stay open; 0 ends it with what there is.
        var waitSeconds = 0
        /// Values of `digest` and `rows`, as the agreement has them.
        var digests: [String] = []
        var rows: [String] = []
    }

    static let contentType = "application/vnd.coverdesk.sync"
    static let longestProblem = 64 << 10

    let base: String
    private let tokenFile: String
    private let http: HTTPClient
    private let limits: SyncLimits
    /// Compression costs more than it saves where nothing is sent over a wire.
    private let compresses: Bool

    /// - Throws: ``SyncTrouble`` where the address is none.
    init(service: String, tokenFile: String, limits: SyncLimits) throws(SyncTrouble) {
        var address = service
        while address.hasSuffix("/") { address.removeLast() }
        guard let url = URL(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host()
        else {
            throw SyncTrouble(
                .final, "“\(service)” is no address of a service: write one like https://desk.example.org")
        }
        base = address
        self.tokenFile = tokenFile
        self.limits = limits
        compresses = !["localhost", "127.0.0.1", "[::1]", "::1"].contains(host)
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(Int64(limits.connect / .nanoseconds(1)))))
        settings.decompression = .enabled(limit: .ratio(1000))
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    func close() async {
        try? await http.shutdown()
    }

    /// Asks for the feed.
    ///
    /// - Returns: The answer, whose body is the feed.
    /// - Throws: ``SyncTrouble``; `CancellationError`.
    func open(_ request: Request) async throws -> HTTPClientResponse {
        var query: [String] = []
        if let cursor = request.cursor { query.append("cursor=\(Self.encoded(cursor))") }
        if request.waitSeconds > 0 { query.append("wait=\(request.waitSeconds)") }
        query += request.digests.map { "digest=\(Self.encoded($0))" }
        query += request.rows.map { "rows=\(Self.encoded($0))" }
        var http = try self.request(.GET, "/v1/sync" + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
        http.headers.add(name: "Accept", value: Self.contentType)
        if compresses { http.headers.add(name: "Accept-Encoding", value: "gzip") }
        let response = try await execute(http)
        guard response.status == .ok else {
            let trouble = try await trouble(response)
            // A cursor that the service cannot read is as good as one that it has forgotten.
            guard response.status == .badRequest, request.cursor != nil, trouble.kind == .standing else {
                throw trouble
            }
            throw SyncTrouble(.cursorExpired, trouble.description)
        }
        guard Self.mediaType(response) == Self.contentType else { throw await Self.stranger(response) }
        return response
    }

    /// Sends intents.
    ///
    /// - Parameter intents: Their JSON, in order.
    /// - Returns: What the service decided, for those that it decided.
    /// - Throws: ``SyncTrouble``; ``RefusedRequest`` where the service does not take the request as it is.
    func send(_ intents: [String]) async throws -> [IntentOutcome] {
        var request = try request(.POST, "/v1/intents")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: "{\"intents\":[\(intents.joined(separator: ","))]}"))
        let response = try await execute(request)
        if [.badRequest, .payloadTooLarge, .unprocessableEntity].contains(response.status) {
            let problem = await Self.problem(response)
            throw RefusedRequest(
                description: problem?.detail ?? problem?.title ?? "the service answered \(response.status.code)")
        }
        guard response.status == .ok else { throw try await trouble(response) }
        guard Self.mediaType(response) == "application/json" else { throw await Self.stranger(response) }
        do {
            let body = try await response.body.collect(upTo: 4 << 20)
            return try JSONDecoder().decode(IntentOutcome.List.self, from: Data(buffer: body)).outcomes
        } catch let error as DecodingError {
            throw SyncTrouble(.passing, "the service's answer to intents is not as agreed: \(error)")
        } catch let error where !(error is CancellationError) {
            throw SyncTrouble(.passing, "the service's answer to intents broke off: \(error)")
        }
    }

    /// The service does not take a request as it is, whoever sends it however often.
    struct RefusedRequest: Error {
        let description: String
    }

    // MARK: Requests

    private func request(_ method: HTTPMethod, _ path: String) throws -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(try token())")
        return request
    }

    /// Read for each request, so that a new token is taken without a restart.
    private func token() throws(SyncTrouble) -> String {
        guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
            throw SyncTrouble(.standing, "the token file \(tokenFile) cannot be read")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw SyncTrouble(
                .standing,
                "the token file \(tokenFile) holds no token: write into it what `coverdesk token create` printed")
        }
        return token
    }

    private func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            // The watch ends what makes no progress; an answer that does may take as long as it likes.
            return try await http.execute(request, deadline: .distantFuture)
        } catch let error where !(error is CancellationError) {
            try Task.checkCancellation()
            throw SyncTrouble(.passing, "the service at \(base) cannot be reached: \(error)")
        }
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? text
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    // MARK: Answers

    /// What an answer other than 200 means.
    private func trouble(_ response: HTTPClientResponse) async throws -> SyncTrouble {
        let code = response.status.code
        let problem = await Self.problem(response)
        let detail = problem?.detail ?? problem?.title
        switch code {
        case 410 where problem != nil:
            return SyncTrouble(
                .cursorExpired, "the service can no longer continue from here: everything is fetched anew")
        case 401, 403:
            guard problem != nil else { return await Self.stranger(response) }
            return SyncTrouble(
                .standing,
                "the service refuses the token (\(code)): \(detail ?? "it does not say why"); "
                    + "make one with `coverdesk token create --library ID`")
        case 429, 500...:
            return SyncTrouble(
                .passing, "the service answered \(code)\(detail.map { ": \($0)" } ?? "")",
                retryAfter: response.headers.first(name: "Retry-After").flatMap { Int($0) }.map {
                    .seconds(min(max($0, 0), 3600))
                })
        case 300..<400:
            return SyncTrouble(
                .passing,
                "\(base) sends the agent elsewhere (\(code), to \(response.headers.first(name: "Location") ?? "nowhere")): "
                    + "this is not the service, maybe the login page of a network")
        default:
            guard let detail else { return await Self.stranger(response) }
            return SyncTrouble(.standing, "the service answered \(code): \(detail)")
        }
    }

    /// Something else than the service has answered.
    private static func stranger(_ response: HTTPClientResponse) async -> SyncTrouble {
        let type = mediaType(response) ?? "no content type"
        let what = type == "text/html" ? "a page of HTML, maybe the login page of a network" : type
        return SyncTrouble(
            .passing, "what answers is not the service: it sent \(what) (\(response.status.code)) and no feed")
    }

    private struct Problem: Decodable {
        var type: String?
        var title: String?
        var detail: String?
    }

    private static func problem(_ response: HTTPClientResponse) async -> Problem? {
        guard mediaType(response) == "application/problem+json",
            let body = try? await response.body.collect(upTo: longestProblem)
        else { return nil }
        return try? JSONDecoder().decode(Problem.self, from: Data(buffer: body))
    }

    private static func mediaType(_ response: HTTPClientResponse) -> String? {
        response.headers.first(name: "Content-Type")?.split(separator: ";").first.map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
    }
}
