import ArgumentParser
import Coverage
import Foundation

/// The options that set a clock of one's own, for demos and tests.
struct ClockOptions: ParsableArguments {
    @Option(help: "For demos and tests: a moment like 2026-10-27T09:00:00-04:00 to which the service's clock is set.")
    var clockFrom: String?

    @Option(help: "For demos and tests: when that clock was set, by the world's (default: now).")
    var clockSince: String?

    @Option(help: "For demos and tests: how many of its seconds pass in one.")
    var clockSpeed: Int?

    /// The clock; nil is the world's.
    func clock() throws -> PacedClock? {
        guard let clockFrom else {
            guard clockSince == nil, clockSpeed == nil else {
                throw CommandFailure.badInput("--clock-since and --clock-speed go with --clock-from: give that as well")
            }
            return nil
        }
        let speed = clockSpeed ?? 1
        guard (1...600).contains(speed) else {
            throw CommandFailure.badInput("--clock-speed must be a whole number from 1 to 600")
        }
        let since = try clockSince.map { Double(try Self.instant($0, "--clock-since").secondsSince1970) }
        return PacedClock(
            from: try Self.instant(clockFrom, "--clock-from"), since: since ?? PacedClock.world(), speed: speed)
    }

    static func instant(_ text: String, _ option: String) throws -> Instant {
        guard let instant = OffsetTime(text)?.instant else {
            throw CommandFailure.badInput(
                "\(option): “\(text)” is no moment: write one with its offset, like 2026-10-27T09:00:00-04:00")
        }
        return instant
    }
}
