import ArgumentParser
import BenchmarkSupport
import ExampleConsortium
import Foundation
import NIOCore
import ServiceLoad

/// Measures how long pages take beside a constant page of the same server, in turns.
@main
struct BenchmarkPages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark-pages",
        abstract: "Measure pages beside a constant page.",
        discussion: """
            An example consortium with a published week and four weeks of questions lies in a private PostgreSQL \
            server. One client asks for each page over HTTP, one request after the other, in turns with a page of \
            100 kB that never changes.
            """)

    @Option(help: "Which example: small, statewide or national.")
    var scale = "statewide"

    @Option(help: "How often each page is asked for.")
    var requests = 50

    func validate() throws {
        guard ExampleScale(rawValue: scale) != nil else {
            throw ValidationError("--scale is small, statewide or national")
        }
        guard requests >= 1 else { throw ValidationError("--requests is a whole number from 1 up") }
    }

    private static let paths = [
        "/week", "/libraries", "/now", "/charts", "/charts/coverage", "/charts/staffing", "/charts/contributions",
        "/charts/service-level",
        "/charts/staffing.csv", "/requests", "/planning",
    ]

    func run() async throws {
        let scale = ExampleScale(rawValue: scale) ?? .statewide
        try await MeasuredServer.lend(settings: ["shared_buffers": "512MB"], durable: false) { cluster in
            let stage = try PageStage(scale)
            try await stage.set(on: cluster)
            try await PageServer.lend(for: stage, on: cluster) { port, cookie in
                let line = try await HTTPLine.open(port: port, patience: .seconds(120))
                defer { line.close() }
                print(
                    "\(scale.rawValue): \(stage.libraries) libraries, \(stage.operators) operators, "
                        + "\(stage.shifts) shifts")
                print("page                        first ms     p50 ms     p99 ms   ratio       bytes")
                for path in Self.paths + stage.ownPaths { try await measure(path, cookie, on: line) }
            }
        }
    }

    /// One page, in turns with the constant one.
    private func measure(_ path: String, _ cookie: String, on line: HTTPLine) async throws {
        let (first, size) = try await ask(path, cookie, on: line)
        var own: [Int64] = []
        var constant: [Int64] = []
        for _ in 0..<requests {
            own.append(try await ask(path, cookie, on: line).microseconds)
            constant.append(try await ask(PageServer.constantPath, cookie, on: line).microseconds)
        }
        let ours = Latencies(microseconds: own, perSecond: 0)
        let theirs = Latencies(microseconds: constant, perSecond: 0)
        let median = ours.milliseconds(at: 0.5)
        let name = (path.prefix { $0 != "?" } + (path.hasSuffix("who=1") ? ", who?" : ""))
            .padding(toLength: 24, withPad: " ", startingAt: 0)
        print(
            String(
                format: "%@  %10.1f %10.2f %10.2f %7.1f %11d", name, Double(first) / 1000, median,
                ours.milliseconds(at: 0.99), median / theirs.milliseconds(at: 0.5), size))
    }

    private func ask(_ path: String, _ cookie: String, on line: HTTPLine) async throws -> (
        microseconds: Int64, bytes: Int
    ) {
        let clock = ContinuousClock()
        let start = clock.now
        let answer = try await line.ask(
            ByteBuffer(
                string: "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: \(cookie)\r\n\r\n"))
        let taken = clock.now - start
        guard answer.status == 200 else {
            throw PageServer.Failed(description: "\(path) answers \(answer.status): \(String(buffer: answer.body))")
        }
        let (seconds, attoseconds) = taken.components
        return (seconds * 1_000_000 + attoseconds / 1_000_000_000_000, answer.body.readableBytes)
    }
}
