import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import PostgresClient

/// Takes requests: finds the route, checks who asks and what is asked, and turns every failure into problem+json.
package struct Dispatcher: HTTPResponder {
    package typealias Context = ConnectionContext

    let table: RouteTable
    private let tokens: TokenBook
    private let limiter = RateLimiter()
    private let limits: ServiceLimits
    private let date = AnswerDate()

    /// What the service calls itself in `Server`.
    static let serverName = "coverdesk"

    package init(routes: [Route], tokens: TokenBook, limits: ServiceLimits) {
        table = RouteTable(routes)
        self.tokens = tokens
        self.limits = limits
    }

    package func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let match = table.match(request.method, request.head.target.path)
        let answer = await answer(request.head, match, context) {
            do {
                return try await request.body.collect(upTo: limits.bodyBytes)
            } catch is NIOTooManyBytesError {
                throw Problem.contentTooLarge(limit: limits.bodyBytes)
            }
        }
        let response = answer.response(context)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Answers a request that has come in one piece; its body is as long as the guard lets it be.
    func answer(to request: WholeRequest, _ logger: Logger) async -> (HTTPResponse, ByteBuffer?) {
        let context = ConnectionContext(logger: logger)
        let answer = await answer(request.head, request.match, context) { request.body }
        var (head, body) = answer.whole(context)
        head.headerFields[.date] = date.text
        head.headerFields[.server] = Self.serverName
        return (head, request.head.method == .head ? nil : body)
    }

    private func answer(
        _ head: HTTPRequest, _ match: RouteTable.Match, _ context: ConnectionContext,
        body: () async throws -> ByteBuffer
    ) async -> Answer {
        let start = ContinuousClock.now
        var operation = "none"
        var answer: Answer
        do {
            switch match {
            case .nothing: throw Problem.notFound
            case .otherMethods(let methods): throw Problem.methodNotAllowed(methods)
            case .route(let route, let parameters):
                operation = route.operation
                let access = try await admit(head, to: route)
                let exchange = Exchange(
                    access: access, path: try Self.check(parameters, of: route),
                    query: try QueryReading.read(head.target.query, of: route), headers: head.headerFields,
                    body: try await Self.members(of: route, in: head, body), logger: context.logger)
                answer = try await route.handle(exchange)
            }
        } catch {
            answer = Problem(error, context.logger).answer(context)
        }
        log(answer.status, of: operation, method: head.method, since: start, context)
        return answer
    }

    /// Who asks, if the route asks for that.
    private func admit(_ head: HTTPRequest, to route: Route) async throws -> TokenAccess? {
        guard let scope = route.scope else { return nil }
        guard let header = head.headerFields[.authorization] else { throw Problem.missingToken }
        let access = try await tokens.access(for: try Self.token(in: header))
        try limiter.admit(access)
        guard access.scopes.contains(scope) else { throw Problem.missingScope(scope) }
        return access
    }

    private static func token(in header: String) throws(Problem) -> Substring {
        // As nearly every client writes it: one space, and no other.
        let usual = "Bearer "
        if header.utf8.starts(with: usual.utf8) {
            let rest = header.utf8.dropFirst(usual.utf8.count)
            if !rest.isEmpty, !rest.contains(UInt8(ascii: " ")) { return Substring(rest) }
        }
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Problem.missingToken }
        return parts[1]
    }

    private static func check(_ found: [String: String], of route: Route) throws(Problem) -> [String: String] {
        for parameter in route.parameters where parameter.place == .path {
            guard let value = found[parameter.name] else { continue }
            if let problem = parameter.schema.problem(parsing: value) {
                throw Problem.invalidRequest(
                    "the path's \(parameter.name) \(problem)",
                    faults: [FieldFault(field: parameter.name, problem: problem)])
            }
        }
        return found
    }

    /// The members of a request's body, as its route wants them.
    private static func members(
        of route: Route, in head: HTTPRequest, _ body: () async throws -> ByteBuffer
    ) async throws -> JSONObject {
        guard let schema = route.body else { return JSONObject() }
        guard MediaType.isJSON(head.headerFields[.contentType]) else { throw Problem.unsupportedMediaType }
        let buffer = try await body()
        let value: JSONValue
        do {
            value = try JSONReader.read(buffer.readableBytesView)
        } catch {
            throw Problem.invalidRequest("the body is no JSON: \(error.description), at byte \(error.offset)")
        }
        let faults = schema.faults(of: value)
        guard faults.isEmpty, case .object(let object) = value else { throw Problem.invalidFields(faults) }
        return object
    }

    private func log(
        _ status: HTTPResponse.Status, of operation: String, method: HTTPRequest.Method,
        since start: ContinuousClock.Instant, _ context: ConnectionContext
    ) {
        // That something is not there yet, or for a while, is told as such and no fault of the service.
        let level: Logger.Level = status == .serviceUnavailable ? .warning : status.code >= 500 ? .error : .debug
        guard context.logger.logLevel <= level else { return }
        context.logger.log(
            level: level, "request answered",
            metadata: [
                "http.method": "\(method)", "http.operation": "\(operation)", "http.status": "\(status.code)",
                "http.milliseconds": "\(Int(start.duration(to: .now) / .milliseconds(1)))",
            ])
    }
}

/// What a `Content-Type` says.
private enum MediaType {
    /// Whether it is JSON in UTF-8, the only encoding JSON has.
    static func isJSON(_ header: String?) -> Bool {
        guard let header else { return false }
        // As nearly every client writes it.
        if header == "application/json" { return true }
        let parts = header.lowercased().split(separator: ";").map { $0.trimmed }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { ["charset=utf-8", "charset=\"utf-8\""].contains($0) }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
