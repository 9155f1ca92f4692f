import API
import AsyncHTTPClient
import ChatSimulation
import Coverage
import NIOCore
import NIOHTTP1

extension ServiceRequest.Act {
    /// The request's method, path and body, as docs/api.md has them.
    ///
    /// - Parameter leaseSeconds: How long a presence holds, by the service's clock.
    /// - Returns: The three; no body where the route takes none.
    func http(leaseSeconds: Int) -> (method: HTTPMethod, path: String, body: JSONValue?) {
        let lease = JSONValue.integer(Int64(leaseSeconds))
        switch self {
        case .create(let id, let queue, let channel, let library):
            return (
                .POST, "/v1/sessions",
                [
                    "id": .string(id), "queue": .string(queue.rawValue), "channel": .string(channel.rawValue),
                    "library": .string(library.rawValue),
                ]
            )
        case .accept(let session, let id): return Self.post(session, "accept", ["operator": .string(id.rawValue)])
        case .decline(let session, let id): return Self.post(session, "decline", ["operator": .string(id.rawValue)])
        case .activity(let session, let id): return Self.post(session, "activity", ["operator": .string(id.rawValue)])
        case .note(let session, let text, let id):
            return Self.post(session, "notes", ["operator": .string(id.rawValue), "text": .string(text)])
        case .transfer(let session, let queue, let id):
            return Self.post(
                session, "transfer",
                ["operator": id.map { .string($0.rawValue) }, "to": "queue", "id": .string(queue.rawValue)])
        case .wrapUp(let session, let id): return Self.post(session, "wrap-up", ["operator": .string(id.rawValue)])
        case .end(let session, let outcome, let id):
            return Self.post(
                session, "end", ["operator": id.map { .string($0.rawValue) }, "outcome": .string(outcome.rawValue)])
        case .arrive(let id, let availability, let seats):
            return (
                .PUT, "/v1/presence/\(id)",
                ["availability": .string(availability), "seats": .integer(Int64(seats)), "lease_seconds": lease]
            )
        case .renew(let id): return (.POST, "/v1/presence/\(id)/renew", ["lease_seconds": lease])
        case .leave(let id): return (.DELETE, "/v1/presence/\(id)", nil)
        }
    }

    private static func post(_ session: Int64, _ name: String, _ body: JSONValue) -> (HTTPMethod, String, JSONValue?) {
        (.POST, "/v1/sessions/\(session)/\(name)", body)
    }
}
