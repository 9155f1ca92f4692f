import API
import AsyncHTTPClient
import ChatSimulation
import Coverage
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// The service, as a chat server asks it: every request again and again until it is answered.
final class ServiceClient: Sendable {
    /// Why the service cannot be used at all.
    struct Fault: Error, CustomStringConvertible {
        enum Kind { case address, token, unreachable, missing }
        let kind: Kind
        let description: String
    }

    private struct Link {
        var failures = 0
        var isUp = true
        /// When requests that fail are given up; before, they are not.
        var giveUpAt: ContinuousClock.Instant?
        var lastTrouble = ""
    }

    let base: String
    private let token: String
    private let leaseSeconds: Int
    private let http: HTTPClient
    private let link = Mutex(Link())

    private static let firstPause = Duration.milliseconds(50)
    private static let longestPause = Duration.seconds(2)

    /// - Parameters:
    ///   - base: `http://host:port`.
    ///   - token: With the scopes of sessions, presence and events.
    ///   - leaseSeconds: How long presences hold, by the service's clock.
    /// - Throws: ``Fault`` where the address is none.
    init(base: String, token: String, leaseSeconds: Int) throws(Fault) {
        var address = base
        while address.hasSuffix("/") { address.removeLast() }
        guard let url = URL(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host() != nil
        else {
            throw Fault(
                kind: .address,
                description: "--service: “\(base)” is no address of a service: write one like http://127.0.0.1:8080")
        }
        self.base = address
        self.token = token
        self.leaseSeconds = leaseSeconds
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            // Comments come by the stream every 15 s: what is silent for longer is no connection any more.
            timeout: .init(connect: .seconds(2), read: .seconds(40)))
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    func close() async {
        try? await http.shutdown()
    }

    /// Whether the last request was answered, how many had to be sent again, and what was wrong with the last of them.
    var condition: (isUp: Bool, failures: Int, trouble: String) {
        link.withLock { ($0.isUp, $0.failures, $0.lastTrouble) }
    }

    /// Gives up, from this long from now on, what is not answered.
    func giveUp(after pause: Duration) {
        link.withLock { $0.giveUpAt = $0.giveUpAt ?? .now + pause }
    }

    // MARK: Requests

    /// Sends a request until it is answered.
    ///
    /// Twice as long a pause after each failure, up to 2 s, and by chance down to half of it, so that what failed
    /// together is not sent again together. That it is sent twice does no harm: it has a key, or one effect anyway.
    ///
    /// - Throws: ``Fault`` if the token is refused; `CancellationError`.
    func send(_ request: ServiceRequest) async throws -> ServiceAnswer {
        let (method, path, body) = request.act.http(leaseSeconds: leaseSeconds)
        var jitter = Jitter(seed: request.jitterSeed)
        while true {
            do {
                let (status, json) = try await ask(method, path, body, key: request.key)
                if let answer = try Self.answer(status, json) {
                    noteSuccess()
                    return answer
                }
                noteFailure("\(status)")
            } catch let error where !(error is Fault) && !(error is CancellationError) {
                noteFailure("\(error)")
            }
            try Task.checkCancellation()
            if isGivenUp { return .lost }
            try await Task.sleep(for: jitter.nextPause())
        }
    }

    /// What an answer means; nil where the request is to be sent again.
    private static func answer(_ status: Int, _ json: JSONValue?) throws -> ServiceAnswer? {
        switch status {
        case 200..<300:
            let offers = json?["offers"]?.array ?? []
            return .done(
                session: json?["session"]?.integer,
                offeredTo: offers.compactMap { $0["operator"]?.text.map { Operator.ID($0) } })
        case 401, 403:
            throw Fault(
                kind: .token,
                description: "the service refuses the token (\(status)): "
                    + "\(json?["detail"]?.text ?? "it does not say why"); "
                    + "make one with `coverdesk token create --chat-server NAME`")
        case 408, 429, 500...: return nil
        default:
            let word = json?["type"]?.text?.split(separator: ":").last
            return .refused(code: word.map(String.init) ?? "\(status)")
        }
    }

    /// A session's trail; nil where the service knows no such session.
    ///
    /// - Throws: If the service cannot be asked.
    func trail(of session: Int64) async throws -> [ToldEvent]? {
        let (status, json): (Int, JSONValue?)
        do {
            (status, json) = try await ask(.GET, "/v1/sessions/\(session)/trail", nil, key: nil)
            noteSuccess()
        } catch {
            noteFailure("\(error)")
            throw error
        }
        if status == 404 { return nil }
        guard status == 200, let events = json?["events"]?.array else {
            throw Fault(kind: .unreachable, description: "the trail of session \(session) was answered \(status)")
        }
        return events.compactMap(ToldEvent.init)
    }

    /// Asks once.
    func ask(_ method: HTTPMethod, _ path: String, _ body: JSONValue?, key: String?) async throws -> (Int, JSONValue?) {
        var request = request(method, path)
        if let key { request.headers.add(name: "Idempotency-Key", value: key) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body.bytes))
        }
        let response = try await http.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 8 << 20)
        return (Int(response.status.code), try? JSONReader.read(bytes.readableBytesView))
    }

    private func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        return request
    }

    // MARK: Events

    /// Reads the stream of events until it breaks.
    ///
    /// - Parameters:
    ///   - number: The last event that is known; nil begins with what happens from now on.
    ///   - hasBegun: Told once the stream is there.
    ///   - hear: Takes each event.
    /// - Throws: ``Fault`` if the token is refused; else why the stream broke.
    func follow(after number: Int64?, hasBegun: () -> Void, hear: (ToldEvent) -> Void) async throws {
        var request = request(.GET, "/v1/events")
        if let number { request.headers.add(name: "Last-Event-ID", value: "\(number)") }
        let response = try await http.execute(request, timeout: .hours(24 * 365))
        guard response.status == .ok else {
            let bytes = try await response.body.collect(upTo: 1 << 20)
            _ = try Self.answer(Int(response.status.code), try? JSONReader.read(bytes.readableBytesView))
            throw Fault(kind: .unreachable, description: "the stream of events was answered \(response.status.code)")
        }
        hasBegun()
        var line: [UInt8] = []
        for try await part in response.body {
            for byte in part.readableBytesView {
                guard byte == 0x0A else {
                    line.append(byte)
                    continue
                }
                if line.starts(with: "data: ".utf8), let json = try? JSONReader.read(line.dropFirst(6)),
                    let event = ToldEvent(json)
                {
                    hear(event)
                }
                line.removeAll(keepingCapacity: true)
            }
        }
    }

    // MARK: The link

    private var isGivenUp: Bool { link.withLock { $0.giveUpAt.map { $0 <= .now } ?? false } }

    func noteSuccess() {
        link.withLock { $0.isUp = true }
    }

    func noteFailure(_ trouble: String) {
        link.withLock { link in
            link.isUp = false
            link.failures += 1
            link.lastTrouble = trouble
        }
    }

    /// The pauses before a request is sent again.
    struct Jitter {
        private var pause = ServiceClient.firstPause
        private var state: UInt64

        init(seed: UInt64) {
            state = seed
        }

        mutating func nextPause() -> Duration {
            defer { pause = min(pause * 2, ServiceClient.longestPause) }
            // One step of Knuth's linear congruential generator (MMIX): enough for a pause.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return pause * (0.5 + Double(state >> 11) * 0x1p-54)
        }
    }
}
