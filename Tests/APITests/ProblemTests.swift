import API
import NIOHTTP1
import PostgresClient
import TestSupport
import Testing

@Suite("What is refused is told as problem+json")
struct ProblemTests {
    /// A request and what it is refused with.
    struct Refused: Sendable, CustomTestStringConvertible {
        var method: HTTPMethod = .GET
        var path: String
        var headers: [(String, String)] = []
        var json: String?
        var status: Int
        var problem: String
        var fields: [String] = []

        var testDescription: String { "\(method) \(path) \(json ?? "") → \(status) \(problem)" }
    }

    static let refused: [Refused] = [
        Refused(path: "/nothing/here", status: 404, problem: "not-found"),
        Refused(path: "/v1/sessions/", status: 404, problem: "not-found"),
        Refused(path: "/v1/public/queues/ghost/presence", status: 404, problem: "not-found"),
        Refused(method: .PATCH, path: "/v1/webhooks", status: 405, problem: "method-not-allowed"),
        Refused(
            method: .POST, path: "/v1/webhooks", headers: [("Content-Type", "text/plain")], json: "{}", status: 415,
            problem: "unsupported-media-type"),
        Refused(
            method: .POST, path: "/v1/webhooks", headers: [("Content-Type", "application/json; charset=latin1")],
            json: "{}", status: 415, problem: "unsupported-media-type"),
        Refused(method: .POST, path: "/v1/webhooks", json: "", status: 400, problem: "invalid-request"),
        Refused(method: .POST, path: "/v1/webhooks", json: "{\"url\":", status: 400, problem: "invalid-request"),
        Refused(
            method: .POST, path: "/v1/webhooks", json: #"{"url":"http://a.b","url":"http://a.c"}"#, status: 400,
            problem: "invalid-request"),
        Refused(method: .POST, path: "/v1/webhooks", json: "[]", status: 422, problem: "invalid-fields", fields: [""]),
        Refused(
            method: .POST, path: "/v1/webhooks", json: #"{"url":"http://a.b","colour":"red"}"#, status: 422,
            problem: "invalid-fields", fields: ["/colour"]),
        Refused(
            method: .POST, path: "/v1/webhooks", json: #"{"url":"http://a.b","a\u0000b":1}"#, status: 422,
            problem: "invalid-fields", fields: ["/a␀b"]),
        Refused(
            method: .POST, path: "/v1/webhooks", json: #"{"url":7,"events":["session.created","no"]}"#, status: 422,
            problem: "invalid-fields", fields: ["/url", "/events/1"]),
        Refused(
            method: .PUT, path: "/v1/presence/pub01-01", json: #"{"availability":"available","seats":51}"#,
            status: 422, problem: "invalid-fields", fields: ["/seats"]),
        Refused(
            method: .POST, path: "/v1/sessions", json: #"{"id":"a","queue":"ask"}"#, status: 422,
            problem: "invalid-fields", fields: ["/channel"]),
        Refused(
            method: .POST, path: "/v1/sessions", json: #"{"id":"a\u0000b","queue":"ask","channel":"chat"}"#,
            status: 422, problem: "invalid-fields", fields: ["/id"]),
        Refused(
            path: "/v1/events?after=x&colour=red", status: 400, problem: "invalid-request",
            fields: ["after", "colour"]),
        Refused(path: "/v1/events?after=1&after=2", status: 400, problem: "invalid-request", fields: ["after"]),
        Refused(path: "/v1/events?types=lunch", status: 400, problem: "invalid-request", fields: ["types"]),
        Refused(path: "/v1/sessions/seven", status: 400, problem: "invalid-request", fields: ["session"]),
        Refused(path: "/v1/sessions/7", status: 404, problem: "unknown-session"),
        Refused(path: "/v1/libraries/ghost/policy-page", status: 404, problem: "not-found"),
    ]

    @Test("with the member that is at fault, and what it must be", arguments: refused)
    func refuses(_ request: Refused) async throws {
        try await withService { service in
            let answer = try await service.ask(
                request.method, request.path, headers: request.headers, json: request.json)
            #expect(answer.status == request.status, "\(answer.text)")
            #expect(answer.problem == request.problem, "\(answer.text)")
            #expect(answer.faultyFields == request.fields, "\(answer.text)")
        }
    }

    @Test("a path's other methods are told")
    func otherMethods() async throws {
        try await withService { service in
            let answer = try await service.ask(.DELETE, "/v1/webhooks")
            #expect(answer.headers.first(name: "Allow") == "GET, HEAD, POST")
        }
    }

    @Test("the database's absence is told as such, and a request goes through again once it is back")
    func databaseGone() async throws {
        try await withService { service in
            let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            try? await service.pool.withConnection { _ = try await $0.query("\(unescaped: kill)") }
            let answer = try await service.ask(.GET, "/v1/webhooks")
            #expect(answer.status == 200 || answer.problem == "unavailable", "\(answer.text)")
            try await eventually("a request goes through") {
                try await service.ask(.GET, "/v1/webhooks").status == 200
            }
        }
    }

    @Test("HEAD is answered as GET is, without the body")
    func head() async throws {
        try await withService { service in
            let answer = try await service.ask(.HEAD, "/healthz")
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
        }
    }
}
