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

    /// Whether a harmless request goes through.
    ///
    /// A connection that is closed is no answer, and no fault either: limits that a test makes short close those of
    /// the innocent too where the machine is slow, and a connection kept open may be closed just as it is used again.
    func answers(_ path: String) async throws -> Bool {
        do {
            return try await ask(.GET, path).status == 200
        } catch let error as HTTPClientError where error == .remoteConnectionClosed {
            return false
        } catch is IOError {
            return false
        }
    }

    func waitUntilReady() async throws {
        try await eventually("the service is ready") { try await answers("/readyz") }
    }
}
