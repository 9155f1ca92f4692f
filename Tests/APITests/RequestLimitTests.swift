import API
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@Suite("A connection costs no more than its limits")
struct RequestLimitTests {
    /// Limits of which one is short: the one that a test runs into, so that no other is in its way.
    private static func short(_ limit: WritableKeyPath<ServiceLimits, Int64>) -> ServiceLimits {
        var limits = ServiceLimits()
        limits[keyPath: limit] = 1
        return limits
    }

    @Test("a body that is said to be too long is refused before it comes")
    func saidTooLong() async throws {
        try await withService { service in
            try await RawConnection.open(service.port) { connection in
                try await connection.send("POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n")
                let answer = await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 413"))
                #expect(answer.contains("application/problem+json"))
            }
        }
    }

    @Test("a body without an end is cut off")
    func endless() async throws {
        try await withService { service in
            try await RawConnection.open(service.port) { connection in
                try await connection.send(
                    "POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(service.token)\r\n"
                        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                // The last of them is too much. More would be on its way when the connection is closed, and the kernel
                // then throws away the answer with it.
                let chunk = "1000\r\n" + String(repeating: " ", count: 4096) + "\r\n"
                for _ in 0...16 { try await connection.send(chunk) }
                #expect(await connection.readToEnd().hasPrefix("HTTP/1.1 413"))
            }
        }
    }

    @Test("headers that are too long are refused")
    func longHeaders() async throws {
        try await withService { service in
            try await RawConnection.open(service.port) { connection in
                try await connection.send(
                    "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: \(String(repeating: "x", count: 40_000))\r\n\r\n")
                let answer = await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 431"), "\(answer)")
                #expect(answer.contains("application/problem+json"))
            }
        }
    }

    @Test(
        "what is no HTTP is refused", arguments: ["hello there\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}"])
    func noHTTP(text: String) async throws {
        try await withService(limits: Self.short(\.arrivalSeconds)) { service in
            try await RawConnection.open(service.port) { connection in
                try await connection.send(text)
                let answer = await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 400") || answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
                #expect(answer.contains("application/problem+json"))
            }
        }
    }

    @Test(
        "a request that does not come to its end is refused",
        arguments: [
            "", "GET /healthz HT", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ",
            "POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
        ])
    func unfinished(beginning: String) async throws {
        try await withService(limits: Self.short(\.arrivalSeconds)) { service in
            try await RawConnection.open(service.port) { connection in
                if !beginning.isEmpty { try await connection.send(beginning) }
                let answer = await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
                #expect(answer.contains("application/problem+json"))
            }
        }
    }

    @Test("a body that drips is refused as one that stops")
    func dripping() async throws {
        try await withService(limits: Self.short(\.arrivalSeconds)) { service in
            try await RawConnection.open(service.port) { connection in
                try await connection.send(
                    "POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(service.token)\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")
                do {
                    while true {
                        try await connection.send(" ")
                        try await Task.sleep(for: .milliseconds(20))
                    }
                } catch {
                    // Cut off, at last.
                }
                #expect(await connection.readToEnd().hasPrefix("HTTP/1.1 408"))
            }
        }
    }

    @Test("a connection on which nothing more is asked is closed")
    func idle() async throws {
        try await withService(limits: Self.short(\.idleSeconds)) { service in
            // Where the machine is slow, it may be closed before the first request has come.
            try await eventually("a connection is answered and then closed") {
                var answer = ""
                try await RawConnection.open(service.port) { connection in
                    try? await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                    answer = await connection.readToEnd()
                }
                return answer.hasPrefix("HTTP/1.1 200")
            }
        }
    }

    @Test("a client that reads no answers is cut off")
    func readsNothing() async throws {
        try await withService(limits: Self.short(\.stallSeconds)) { service in
            try await RawConnection.open(service.port) { connection in
                let request = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
                do {
                    // Nobody reads the answers, until neither side's buffers hold any more.
                    while true { try await connection.send(request) }
                } catch {
                    // Cut off, at last.
                }
            }
            try await eventually("others are answered") { try await service.answers("/healthz") }
        }
    }

    @Test("requests sent one behind the other are answered in their order")
    func pipelined() async throws {
        try await withService { service in
            try await RawConnection.open(service.port) { connection in
                try await connection.send(
                    "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                let answer = await connection.readToEnd()
                let statuses = answer.ranges(of: "HTTP/1.1 ").map { answer[$0.upperBound...].prefix(3) }
                #expect(statuses == ["200", "404", "200"])
            }
        }
    }
}
