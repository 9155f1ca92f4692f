import Coverage
import Foundation
import PrivateCluster
import Synchronization

/// Starts the demo's service again when it dies while the day is played: the chat servers of the day find it again.
final class DemoWatch: Sendable {
    private let service: DemoService
    private let port: Int
    private let clock: PacedClock
    private let zone: TimeZoneRules
    private let deaths = Mutex(0)

    private static let interval = Duration.milliseconds(200)

    init(service: DemoService, port: Int, clock: PacedClock, zone: TimeZoneRules) {
        self.service = service
        self.port = port
        self.clock = clock
        self.zone = zone
    }

    /// What is to be said of it; nil if the service lived.
    var told: String? {
        let count = deaths.withLock { $0 }
        guard count > 0 else { return nil }
        let times = count == 1 ? "once" : "\(count) times"
        return "the service died \(times) and was started again; what it said last is in \(lastWords)"
    }

    private var lastWords: String { "\(service.program.logFile).died" }

    /// Watches for as long as the closure runs.
    func keepingAlive<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.watch() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private func watch() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            guard !Task.isCancelled, service.program.processID == nil else { continue }
            deaths.withLock { $0 += 1 }
            // Its log begins anew.
            try? FileManager.default.removeItem(atPath: lastWords)
            try? FileManager.default.copyItem(atPath: service.program.logFile, toPath: lastWords)
            // Where that does not succeed it is tried again; the day gives up a service that it does not find.
            _ = try? await service.start(port: port, clock: clock, zone: zone)
        }
    }
}
