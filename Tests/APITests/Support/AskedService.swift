import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TestSupport

/// A service on loopback that a test asks.
protocol AskedService: Sendable {
    var port: Int { get }
    /// With every scope.
    var token: String { get }
}

extension AskedService {
    var url: String { "http://127.0.0.1:\(port)" }

    /// Asks, with the token of all scopes unless another is given.
    func ask(
        _ method: HTTPMethod, _ path: String, token: String? = nil, headers: [(String, String)] = [],
        json: String? = nil
    ) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token ?? self.token)")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let json {
            if !request.headers.contains(name: "Content-Type") {
                request.headers.add(name: "Content-Type", value: "application/json")
            }
            request.body = .bytes(ByteBuffer(string: json))
        }
        return try await HTTPAnswer(HTTPClient.shared.execute(request, timeout: .seconds(60)))
    }

    func waitUntilReady() async throws {
        try await eventually("the service is ready") { try await ask(.GET, "/readyz").status == 200 }
    }
}
