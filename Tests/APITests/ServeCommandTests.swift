import API
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import TestSupport
import Testing

@Suite("coverdesk serve")
struct ServeCommandTests {
    private static let session = #"{"id":"chat-1","queue":"ask","channel":"chat","library":"pub01","note":"a patron"}"#

    @Test("finishes what is under way when it is told to stop, and takes nothing new", arguments: [SIGTERM, SIGINT])
    func gracefulStop(signal: Int32) async throws {
        try await withServedDatabase { database in
            try await database.serving { serving in
                try await RawConnection.open(serving.port) { connection in
                    let half = Self.session.prefix(20)
                    try await connection.send(
                        "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
                            + "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(serving.token)\r\n"
                            + "Content-Type: application/json\r\nContent-Length: \(Self.session.utf8.count)\r\n\r\n\(half)"
                    )
                    // Once the first request is answered, the other one behind it has been taken on.
                    let answers = try await connection.readToEnd(once: "HTTP/1.1 200") {
                        serving.program.send(signal)
                        try await eventually("nothing new is taken") {
                            (try? await RawConnection.open(serving.port) { _ in }) == nil
                        }
                        try await connection.send(String(Self.session.dropFirst(20)))
                    }
                    #expect(answers.contains("HTTP/1.1 201"), "\(answers)")
                }
                let outcome = try await serving.program.end()
                #expect(outcome.exitCode == 0, "\(outcome)")
                #expect(outcome.standardError.contains("\"message\":\"stopped\""))
            }
        }
    }

    @Test("ends the streams of events when it is told to stop")
    func endsStreams() async throws {
        try await withServedDatabase { database in
            try await database.serving { serving in
                try await RawConnection.open(serving.port) { connection in
                    try await connection.send(
                        "GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(serving.token)\r\n\r\n")
                    let answer = try await connection.readToEnd(once: "the stream begins") {
                        serving.program.send(SIGTERM)
                    }
                    #expect(answer.hasPrefix("HTTP/1.1 200"))
                }
                #expect(try await serving.program.end().exitCode == 0)
            }
        }
    }

    @Test("forgets nothing that it has answered when it is killed")
    func killed() async throws {
        try await withServedDatabase { database in
            var path = ""
            try await database.serving { serving in
                let answer = try await serving.ask(.POST, "/v1/sessions", json: Self.session)
                #expect(answer.status == 201, "\(answer.text)")
                path = answer.headers.first(name: "Location") ?? ""
                let page = try await serving.ask(
                    .PUT, "/v1/libraries/pub01/policy-page", json: #"{"greeting":"Hello"}"#)
                #expect(page.status == 201)
                serving.program.kill()
                _ = try await serving.program.end()
            }
            try await database.serving { serving in
                let again = try await serving.ask(.POST, "/v1/sessions", json: Self.session)
                #expect(again.status == 200, "\(again.text)")
                #expect(again.headers.first(name: "Location") == path)
                #expect(again.json?["repeated"] == true)
                let page = try await serving.ask(.GET, "/v1/libraries/pub01/policy-page")
                #expect(page.json?["greeting"] == "Hello")
                let trail = try await serving.ask(.GET, path + "/trail")
                #expect(trail.text.contains("session.created"))
            }
        }
    }

    @Test("may run several times over one database")
    func twoNodes() async throws {
        try await withServedDatabase { database in
            try await database.serving { first in
                try await database.serving { second in
                    let made = try await first.ask(.POST, "/v1/sessions", json: Self.session)
                    #expect(made.status == 201)
                    let repeated = try await second.ask(.POST, "/v1/sessions", json: Self.session)
                    #expect(repeated.status == 200, "\(repeated.text)")
                    #expect(repeated.json?["session"] == made.json?["session"])
                }
            }
        }
    }

    @Test("serves HTTPS with a certificate")
    func encrypted() async throws {
        try await withServedDatabase { database in
            try await withTemporaryFolder { folder in
                let (certificate, key) = try await Self.makeCertificate(in: folder)
                try await database.serving(["--tls-certificate", certificate, "--tls-key", key]) { serving in
                    var settings = HTTPClient.Configuration()
                    settings.tlsConfiguration = .makeClientConfiguration()
                    settings.tlsConfiguration?.trustRoots = .file(certificate)
                    let client = HTTPClient(
                        eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: settings)
                    let request = HTTPClientRequest(url: "https://localhost:\(serving.port)/healthz")
                    let status = try? await client.execute(request, timeout: .seconds(30)).status
                    try await client.shutdown()
                    #expect(status == .ok)
                    await #expect(throws: (any Error).self) { try await serving.ask(.GET, "/healthz") }
                }
            }
        }
    }

    @Test("refuses a certificate that is none, and a port that is taken")
    func refusals() async throws {
        try await withServedDatabase { database in
            try await withTemporaryFolder { folder in
                let environment = ["COVERDESK_DATABASE_URL": database.connectionString]
                let file = try folder.write("no certificate", to: "cert.pem")
                let none = try await TestProgram.coverdesk.run(
                    ["serve", "--port", "0", "--tls-certificate", file, "--tls-key", file], environment: environment)
                #expect(none.exitCode == 2, "\(none)")
                let half = try await TestProgram.coverdesk.run(
                    ["serve", "--port", "0", "--tls-certificate", file], environment: environment)
                #expect(half.exitCode == 2)
                #expect(half.standardError.contains("serve.tlsKey"))
                try await database.serving { serving in
                    let taken = try await TestProgram.coverdesk.run(
                        ["serve", "--port", "\(serving.port)"], environment: environment)
                    #expect(taken.exitCode == 3, "\(taken)")
                    #expect(taken.standardError.contains("cannot serve on 127.0.0.1:\(serving.port)"))
                }
            }
        }
    }

    @Test("is let into by tokens that the command line makes, lists and revokes")
    func tokens() async throws {
        try await withServedDatabase { database in
            let environment = ["COVERDESK_DATABASE_URL": database.connectionString]
            let made = try await TestProgram.coverdesk.run(
                ["token", "create", "--chat-server", "prosody", "--scope", "webhooks"], environment: environment)
            #expect(made.exitCode == 0, "\(made)")
            let token = made.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
            try await database.serving { serving in
                let holder = ServingProgram(program: serving.program, port: serving.port, token: token)
                #expect(try await holder.ask(.GET, "/v1/webhooks").status == 200)
                let revoked = try await TestProgram.coverdesk.run(["token", "revoke", "2"], environment: environment)
                #expect(revoked.exitCode == 0, "\(revoked)")
                try await eventually("the token is refused") {
                    try await holder.ask(.GET, "/v1/webhooks").status == 401
                }
            }
            let list = try await TestProgram.coverdesk.run(["token", "list", "--json"], environment: environment)
            #expect(list.standardOutput.contains("revoked_at"))
            #expect(!list.standardOutput.contains(token))
            let again = try await TestProgram.coverdesk.run(["token", "revoke", "2"], environment: environment)
            #expect(again.exitCode == 3)
            let unknown = try await TestProgram.coverdesk.run(
                ["token", "create", "--chat-server", "prosody", "--scope", "lunch"], environment: environment)
            #expect(unknown.exitCode == 2)
        }
    }

    private static func makeCertificate(in folder: TemporaryFolder) async throws -> (certificate: String, key: String) {
        let (certificate, key) = (folder.path(of: "cert.pem"), folder.path(of: "key.pem"))
        let outcome = try await TestProgram(path: "/usr/bin/openssl").run([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ])
        #expect(outcome.exitCode == 0, "\(outcome)")
        return (certificate, key)
    }
}
