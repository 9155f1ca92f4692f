import ChatSimulation
import Coverage

/// What is told at the end of a simulated day.
struct DaySummary {
    let files: DayFiles
    let outcome: DayPlayer.Outcome

    func lines(_ terminal: Terminal) -> [String] {
        let (standing, comparison) = (outcome.standing, outcome.comparison)
        var table = TextTable([
            ("queue", .left), ("came", .right), ("answered", .right), ("in time", .right), ("promised", .right),
            ("gave up", .right), ("to email", .right), ("not taken", .right),
        ])
        for line in standing.queues {
            table.add([
                line.queue?.rawValue ?? "", "\(line.came)", "\(line.answered)",
                line.level.map { "\(Int(($0 * 100).rounded(.down))) %" } ?? "·",
                "\(line.answerShare / 10) % in \(Self.span(line.answerSeconds))", Self.number(line.abandoned),
                Self.number(line.movedOn), Self.number(line.declined + line.missed),
            ])
        }
        var lines = ["", terminal.styled("The day", .bold)] + table.lines(terminal) + [""]
        lines.append(terminal.styled("What was done, and what the service tells", .bold))
        lines.append(
            "  \(comparison.created) sessions acknowledged, \(comparison.ended) of them ended once, as acknowledged")
        lines.append("  \(comparison.notes) notes acknowledged, each to be there once")
        var rest = ["\(outcome.events) events heard", "\(outcome.failures) requests sent again"]
        if standing.total.requeued > 0 { rest.append("\(standing.total.requeued) sessions back in line") }
        if comparison.refused > 0 { rest.append("\(comparison.refused) sessions refused") }
        if comparison.unanswered > 0 { rest.append("\(comparison.unanswered) sessions never answered for") }
        lines.append("  " + rest.joined(separator: ", "))
        lines += comparison.differences.prefix(20).map { terminal.styled("  ✗ \($0)", .red) }
        if comparison.differences.count > 20 { lines.append("  … and \(comparison.differences.count - 20) more") }
        if comparison.differences.isEmpty { lines.append(terminal.styled("  no difference", .green)) }
        return lines
    }

    private static func number(_ value: Int) -> String { value == 0 ? "·" : "\(value)" }

    private static func span(_ seconds: Int) -> String {
        seconds % 3600 == 0 ? "\(seconds / 3600) h" : seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }

    /// For scripts: the last JSON object that is printed.
    func json() throws -> String {
        try JSONText.encode(Report(outcome), pretty: false)
    }

    private struct Report: Encodable {
        let sessions: Int
        let sessionsAsAcknowledged: Int
        let notes: Int
        let refused: Int
        let unanswered: Int
        let events: Int
        let requestsSentAgain: Int
        let differences: [String]
        let queues: [DayReport.Line]

        init(_ outcome: DayPlayer.Outcome) {
            sessions = outcome.comparison.created
            sessionsAsAcknowledged = outcome.comparison.ended
            notes = outcome.comparison.notes
            refused = outcome.comparison.refused
            unanswered = outcome.comparison.unanswered
            events = outcome.events
            requestsSentAgain = outcome.failures
            differences = outcome.comparison.differences
            queues = outcome.standing.queues.map(DayReport.Line.init)
        }
    }
}
