import ChatSimulation
import Coverage
import Foundation
import Synchronization

/// Shows how a simulated day stands, while it is played.
final class DayView: Sendable {
    enum Form: Sendable {
        /// Redrawn in place.
        case board
        /// A line every few seconds.
        case lines
        /// A JSON object every few seconds.
        case jsonLines
        case none
    }

    /// What the view says beside the numbers.
    struct Heading: Sendable {
        var consortium: String
        /// The played day's beginning.
        var start: Instant
        var zone: TimeZoneRules
        var speed: Int
        var service: String
    }

    private struct Drawn {
        var lines = 0
        var linesAt = -1.0e9
    }

    private let form: Form
    private let heading: Heading
    private let terminal: Terminal
    private let clock: @Sendable () -> Double
    private let drawn = Mutex(Drawn())

    /// How often a line is printed, in seconds.
    private static let lineEvery = 2.0

    init(_ form: Form, heading: Heading, terminal: Terminal, clock: @escaping @Sendable () -> Double) {
        self.form = form
        self.heading = heading
        self.terminal = terminal
        self.clock = clock
    }

    func show(
        _ standing: DayStanding, _ link: (isUp: Bool, failures: Int, trouble: String), isLast: Bool
    ) {
        switch form {
        case .none: return
        case .board: draw(standing, link.isUp)
        case .lines, .jsonLines:
            let now = clock()
            let isDue = drawn.withLock { drawn in
                guard isLast || now - drawn.linesAt >= Self.lineEvery else { return false }
                drawn.linesAt = now
                return true
            }
            guard isDue else { return }
            let text = DayText.clock(standing.now, heading)
            if form == .lines {
                terminal.say(text + DayBoard.line(standing, isUp: link.isUp))
            } else if let json = try? JSONText.encode(DayReport(standing, at: text, isUp: link.isUp), pretty: false) {
                terminal.say(json)
            }
        }
    }

    private func draw(_ standing: DayStanding, _ isUp: Bool) {
        let size = Terminal.size
        let board = DayBoard(heading: heading, terminal: terminal, width: min(100, size.columns))
        let lines = board.lines(standing, isUp: isUp, height: size.rows - 1)
        drawn.withLock { drawn in
            // Back to where the last board began; each line clears what stood there.
            let back = drawn.lines > 0 ? "\u{1B}[\(drawn.lines)A" : ""
            terminal.say(back + "\r" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
            drawn.lines = lines.count
        }
    }
}

extension DayText {
    /// The simulated time, `Tue 2026-10-27 10:42:17`.
    static func clock(_ offset: Duration, _ heading: DayView.Heading) -> String {
        let instant = heading.start.advanced(bySeconds: offset.components.seconds)
        let moment = heading.zone.civil(at: instant)
        return "\(day(moment.date)) \(moment.timeText):\((moment.secondOfDay % 60).padded(to: 2))"
    }

    /// The time alone, `10:42:17`.
    static func time(_ offset: Duration, _ heading: DayView.Heading) -> String {
        String(clock(offset, heading).suffix(8))
    }
}
