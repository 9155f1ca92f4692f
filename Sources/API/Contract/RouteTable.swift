import HTTPTypes

/// Finds the route of a request.
struct RouteTable: Sendable {
    /// What was found.
    enum Match {
        case route(Route, parameters: [String: String])
        /// The path is there, but not with this method.
        case otherMethods([String])
        case nothing
    }

    private struct Entry: Sendable {
        let segments: [Segment]
        var routes: [Route]

        enum Segment: Sendable {
            case literal(String)
            case parameter(String)
        }
    }

    /// By the number of segments; in one path a literal goes before a parameter.
    private var entries: [Int: [Entry]] = [:]

    init(_ routes: [Route]) {
        for (_, routes) in Dictionary(grouping: routes, by: \.path).sorted(by: { $0.key < $1.key }) {
            let segments = routes[0].segments.map { segment -> Entry.Segment in
                segment.hasPrefix("{") ? .parameter(String(segment.dropFirst().dropLast())) : .literal(String(segment))
            }
            entries[segments.count, default: []].append(Entry(segments: segments, routes: routes))
        }
    }

    /// Looks a request up.
    ///
    /// - Complexity: O(paths of as many segments), a few dozen at most.
    func match(_ method: HTTPRequest.Method, _ path: some StringProtocol) -> Match {
        guard path.hasPrefix("/"), !path.hasSuffix("/") || path == "/" else { return .nothing }
        // By bytes: a path's characters need not be known to find its slashes.
        let segments = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let candidates = (entries[segments.count] ?? []).compactMap { entry in
            Self.parameters(of: entry, in: segments).map { (entry, $0) }
        }
        guard let (entry, parameters) = candidates.min(by: { $0.1.count < $1.1.count }) else { return .nothing }
        if let route = entry.routes.first(where: { $0.method == method }) {
            return .route(route, parameters: parameters)
        }
        if method == .head, let route = entry.routes.first(where: { $0.method == .get && !$0.isStream }) {
            return .route(route, parameters: parameters)
        }
        let methods = entry.routes.map(\.method.rawValue)
        let hasHead = entry.routes.contains { $0.method == .get && !$0.isStream }
        return .otherMethods((methods + (hasHead ? ["HEAD"] : [])).sorted())
    }

    private static func parameters(of entry: Entry, in segments: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (expected, found) in zip(entry.segments, segments) {
            switch expected {
            case .literal(let text):
                guard found == text else { return nil }
            case .parameter(let name):
                guard !found.isEmpty, let value = PercentEncoding.decoded(found) else { return nil }
                parameters[name] = value
            }
        }
        return parameters
    }
}

extension Route {
    /// Whether the answer goes on until somebody hangs up.
    var isStream: Bool {
        outcomes.contains { outcome in
            if case .text = outcome.content { true } else { false }
        }
    }
}
