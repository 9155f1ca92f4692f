import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import PostgresClient

/// Takes requests: finds the route, checks who asks and what is asked, and turns every failure into problem+json.
package struct Dispatcher: HTTPResponder {
    package typealias Context = ConnectionContext

    private let table: RouteTable
    private let tokens: TokenBook
    private let limiter = RateLimiter()
    private let limits: ServiceLimits
    private let pages: Pages?

    /// Answers what is for people; nil where there is no such page.
    package typealias Pages = @Sendable (Request, ConnectionContext) async -> Response?

    package init(routes: [Route], tokens: TokenBook, limits: ServiceLimits, pages: Pages? = nil) {
        table = RouteTable(routes)
        self.tokens = tokens
        self.limits = limits
        self.pages = pages
    }

    package func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let start = ContinuousClock.now
        let (response, operation) = await answer(request, context)
        log(response.status, of: operation, method: request.method, since: start, context)
        return response
    }

    private func answer(_ request: Request, _ context: ConnectionContext) async -> (Response, operation: String) {
        var operation = "none"
        do {
            let (path, query) = request.target
            switch table.match(request.method, path) {
            case .nothing:
                guard let page = await page(request, context) else { throw Problem.notFound }
                return (page, "page")
            case .otherMethods(let methods): throw Problem.methodNotAllowed(methods)
            case .route(let route, let parameters):
                operation = route.operation
                let access = try await admit(request, to: route)
                let exchange = Exchange(
                    access: access, path: try Self.check(parameters, of: route),
                    query: try QueryReading.read(query, of: route), headers: request.headers,
                    body: try await body(of: request, for: route), logger: context.logger)
                let response = try await route.handle(exchange).response(context)
                return (request.method == .head ? response.createHeadResponse() : response, operation)
            }
        } catch {
            let problem = Problem(error, context.logger)
            return (problem.response(context, isHead: request.method == .head), operation)
        }
    }

    /// Rendering takes milliseconds, so it leaves the connection's event loop to those who decide.
    private func page(_ request: Request, _ context: ConnectionContext) async -> Response? {
        guard let pages else { return nil }
        return await withTaskExecutorPreference(globalConcurrentExecutor) { await pages(request, context) }
    }

    /// Who asks, if the route asks for that.
    private func admit(_ request: Request, to route: Route) async throws -> TokenAccess? {
        guard let scope = route.scope else { return nil }
        guard let header = request.headers[.authorization] else { throw Problem.missingToken }
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Problem.missingToken }
        let access = try await tokens.access(for: parts[1])
        try limiter.admit(access)
        guard access.scopes.contains(scope) else { throw Problem.missingScope(scope) }
        return access
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

    private func body(of request: Request, for route: Route) async throws -> JSONObject {
        guard let schema = route.body else { return JSONObject() }
        guard MediaType.isJSON(request.headers[.contentType]) else { throw Problem.unsupportedMediaType }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: limits.bodyBytes)
        } catch is NIOTooManyBytesError {
            throw Problem.contentTooLarge(limit: limits.bodyBytes)
        }
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

extension Request {
    /// The path and the query as they came, still encoded.
    fileprivate var target: (path: Substring, query: Substring?) {
        let target = head.path ?? "/"
        guard let mark = target.firstIndex(of: "?") else { return (target[...], nil) }
        return (target[..<mark], target[target.index(after: mark)...])
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
