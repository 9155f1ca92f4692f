import Foundation
import Synchronization

/// A small JSON file that tells how the agent fares, for whoever watches over it.
///
/// It is written whole or not at all. What cannot be written, as on a full disk, is left out: the file's own age says so.
package final class HealthFile: Sendable {
    /// What the file tells.
    package struct Health: Hashable, Sendable, Codable {
        /// `starting`, `following`, `waiting` (the service is not heard) or `stopped`.
        package var state = "starting"
        /// What is in the way, in words; none while all is well.
        package var trouble: String?
        /// Failures since the service was last heard.
        package var failures = 0
        /// Unix seconds of the state that the cache holds, by the service's clock.
        package var asOf: Int64?
        /// Unix seconds when the service was last heard, by this machine's clock.
        package var contactAt: Int64?
        /// Seconds by which the service's clock is ahead of this machine's.
        package var clockDifferenceSeconds: Int64?
        /// Rows written since the agent began.
        package var rows = 0
        package var pendingIntents = 0
        /// Unix seconds when all tables were last found equal to the service's.
        package var provenAt: Int64?
        /// Rows that were found to differ and put right since the agent began.
        package var repairedRows = 0
        package var processId = ProcessInfo.processInfo.processIdentifier
        /// Unix seconds when this was written, by this machine's clock.
        package var writtenAt: Int64 = 0
    }

    private let path: String?
    private let now: @Sendable () -> Int64
    private let health = Mutex(Health())

    /// - Parameters:
    ///   - path: The file; nil writes none.
    ///   - now: This machine's clock, in Unix microseconds.
    package init(path: String?, now: @escaping @Sendable () -> Int64) {
        self.path = path
        self.now = now
    }

    package var current: Health { health.withLock { $0 } }

    /// Changes what is told, and writes it.
    package func update(_ change: (inout Health) -> Void) {
        let told = health.withLock { health in
            change(&health)
            health.writtenAt = now() / 1_000_000
            return health
        }
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(told) else { return }
        try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
