import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server on a real socket, whose answers a test writes byte for byte.
struct ScriptedService: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        var query: [(name: String, value: String)]
        var headers: [String: String]
        var body: Data

        func values(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }
    }

    /// Where the answer goes.
    ///
    /// The connection is closed when the script ends.
    struct Answer: Sendable {
        fileprivate let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

        func write(_ text: String) async throws {
            try await outbound.write(ByteBuffer(string: text))
        }

        func write(_ bytes: Data) async throws {
            try await outbound.write(ByteBuffer(bytes: bytes))
        }

        func head(_ status: String = "200 OK", type: String = "application/vnd.coverdesk.sync", more: String = "")
            async throws
        {
            try await write("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nConnection: close\r\n\(more)\r\n")
        }

        /// A whole answer.
        func send(_ body: String, _ status: String = "200 OK", type: String = "application/vnd.coverdesk.sync")
            async throws
        {
            try await head(status, type: type, more: "Content-Length: \(body.utf8.count)\r\n")
            try await write(body)
        }
    }

    typealias Script = @Sendable (Request, Answer) async throws -> Void

    /// Serves while the body runs.
    static func with<Result: Sendable>(
        _ script: @escaping Script, _ body: @Sendable (_ address: String) async throws -> Result
    ) async throws -> Result {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let port = server.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(server, script) }
            defer { group.cancelAll() }
            return try await body("http://127.0.0.1:\(port)")
        }
    }

    private static func serve(
        _ server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>, _ script: @escaping Script
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await connection in connections {
                    // What goes wrong with one connection is that connection's end.
                    group.addTask { try? await serve(connection, script) }
                }
            }
        }
    }

    private static func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ script: Script) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var bytes = Data()
            for try await part in inbound {
                bytes.append(contentsOf: part.readableBytesView)
                if let request = request(bytes) {
                    try await script(request, Answer(outbound: outbound))
                    return
                }
            }
        }
    }

    private static func request(_ bytes: Data) -> Request? {
        guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3, let parts = URLComponents(string: String(words[1])) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
        }
        let body = bytes[end.upperBound...]
        guard body.count >= Int(headers["content-length"] ?? "0") ?? 0 else { return nil }
        return Request(
            method: String(words[0]), path: parts.path,
            query: (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }, headers: headers, body: Data(body))
    }
}

extension ModelService {
    /// Answers as the service would.
    func answer(_ request: ScriptedService.Request, _ answer: ScriptedService.Answer) async throws {
        state.withLock { $0.requests.append("\(request.method) \(request.path)") }
        if request.path == "/v1/intents" {
            return try await answer.send(decide(request.body), type: "application/json")
        }
        guard
            let body = self.answer(
                cursor: request.values("cursor").first, digests: request.values("digest"),
                ranges: request.values("rows"))
        else {
            return try await answer.send(
                #"{"type":"urn:coverdesk:problem:cursor-expired","title":"too old","status":410}"#, "410 Gone",
                type: "application/problem+json")
        }
        guard let wait = request.values("wait").first.flatMap({ Int($0) }) else { return try await answer.send(body) }
        try await follow(body, for: wait, answer)
    }

    /// Sends what there is and then each version as it is committed.
    private func follow(_ body: String, for wait: Int, _ answer: ScriptedService.Answer) async throws {
        var told = version
        try await answer.head()
        try await answer.write(body.replacingOccurrences(of: "#end {}\n", with: ""))
        let start = ContinuousClock.now
        var alive = start
        while ContinuousClock.now - start < .seconds(wait) {
            try await Task.sleep(for: .milliseconds(5))
            let news = state.withLock { Array($0.history[told...]) }
            for batch in news {
                told += 1
                try await answer.write(batch.map(Self.text).joined() + Self.commitLine(told, rows: batch.count))
            }
            if ContinuousClock.now - alive > .milliseconds(100) {
                alive = .now
                try await answer.write("#alive {\"as_of\":\(Self.asOf + Int64(told))}\n")
            }
        }
        try await answer.write("#end {}\n")
    }
}
