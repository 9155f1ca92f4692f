import HTTPTypes
import NIOCore
import Synchronization

/// Whether the process lives and can work, and what it can do.
struct ServiceRoutes: Sendable {
    let tokens: TokenBook
    let feed: EventFeed
    let readiness: Readiness

    private static let tag = "Service"

    /// All routes: these and the others.
    func all(with others: [Route], version: String) -> [Route] {
        let described = others + probes + [Self.contract { .noContent }]
        let document = ByteBuffer(bytes: OpenAPIDocument.make(described, version: version).bytes)
        return others + probes
            + [
                Self.contract {
                    Answer(status: .ok, headers: [.cacheControl: "no-cache"], content: .encodedJSON(document))
                }
            ]
    }

    private var probes: [Route] {
        let state = Schema.object([.required("status", .choice(["ok"]), "Always ok.")])
        return [
            Route(
                .get, "/healthz", "checkHealth", tag: Self.tag, scope: nil, summary: "Whether the process answers",
                outcomes: [.json(.ok, state, "It does.")], handle: { _ in .json(["status": "ok"]) }),
            Route(
                .get, "/readyz", "checkReadiness", tag: Self.tag, scope: nil,
                summary: "Whether requests should be sent here",
                description: "Not while the database is out of reach, nor once the process has been told to stop.",
                outcomes: [.json(.ok, state, "They should.")],
                handle: { _ in
                    guard readiness.isReady else { throw Problem.unavailable("the process is stopping") }
                    guard feed.hasBegun else { throw Problem.unavailable("the process has just begun") }
                    guard tokens.isFresh else { throw Problem.unavailable("the database cannot be reached") }
                    return .json(["status": "ok"])
                }),
        ]
    }

    private static func contract(_ answer: @escaping @Sendable () -> Answer) -> Route {
        Route(
            .get, "/openapi.json", "readContract", tag: tag, scope: nil, summary: "This document",
            outcomes: [.json(.ok, .anyObject, "OpenAPI 3.1.")], handle: { _ in answer() })
    }
}

/// Whether new requests are welcome.
package final class Readiness: Sendable {
    private let isStopping = Atomic(false)

    package init() {}

    var isReady: Bool { !isStopping.load(ordering: .relaxed) }

    func stop() {
        isStopping.store(true, ordering: .relaxed)
    }
}
