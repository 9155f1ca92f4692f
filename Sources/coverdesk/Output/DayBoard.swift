import ChatSimulation
import Coverage

/// The board of a simulated day: a line for each queue, the last events, and how far the day is.
struct DayBoard {
    let heading: DayView.Heading
    let terminal: Terminal
    /// Columns, of which 80 are enough.
    let width: Int

    private static let names = [
        "queue", "waiting", "longest", "offered", "served", "seats", "answered", "gone", "in time",
    ]
    private static let widths = [11, 7, 7, 7, 6, 13, 8, 4, 8]

    /// The board's lines, as many each time.
    func lines(_ standing: DayStanding, isUp: Bool, height: Int) -> [String] {
        let names = terminal.styled(row(Self.names.map { ($0, nil) }), .bold)
        var lines = [title(standing, isUp), way(standing), "", names]
        lines += standing.queues.map { queue($0) }
        if standing.queues.count > 1 { lines.append(queue(standing.total)) }
        lines += ["", counts(standing), ""]
        let room = max(0, min(8, height - lines.count))
        let latest = standing.latest.suffix(room)
        lines += latest.map { event($0) }
        // As many lines each time, so that the board does not jump.
        lines += Array(repeating: "", count: room - latest.count)
        return Array(lines.prefix(max(1, height)))
    }

    private func title(_ standing: DayStanding, _ isUp: Bool) -> String {
        let time = DayText.clock(standing.now, heading)
        let state =
            !isUp
            ? terminal.styled("○ service out of reach", .red)
            : standing.isWindingDown ? terminal.styled("● ending", .yellow) : terminal.styled("● live", .green)
        let speed = "×\(heading.speed)"
        let right = 24 + speed.count + 2 + 10
        let room = max(8, width - right - 4)
        return " " + terminal.styled(cut(heading.consortium, room), .bold) + "  \(time)  \(speed)  \(state)"
    }

    /// How much of the day is over, as a bar.
    private func way(_ standing: DayStanding) -> String {
        let share = min(1, standing.length > .zero ? standing.now / standing.length : 1)
        let room = width - 2
        let full = Int(share * Double(room))
        return " " + terminal.styled(String(repeating: "━", count: full), .green)
            + terminal.styled(String(repeating: "─", count: room - full), .dim)
    }

    private func queue(_ line: DayStanding.Line) -> String {
        let waits = line.waiting > 0
        let isLate = waits && line.queue != nil && line.longestWait > .seconds(line.answerSeconds)
        return row([
            (cut(line.queue?.rawValue ?? "all", Self.widths[0]), line.queue == nil ? .bold : nil),
            (number(line.waiting), isLate ? .red : waits ? .yellow : .dim),
            (waits ? DayClock.span(line.longestWait) : "·", isLate ? .red : waits ? .yellow : .dim),
            (number(line.offered), line.offered > 0 ? nil : .dim), (number(line.served), nil),
            (seats(line), line.seats > 0 && line.claimedSeats >= line.seats ? .yellow : nil),
            (number(line.answered), nil), (number(line.abandoned), line.abandoned > 0 ? nil : .dim), level(line),
        ])
    }

    /// A bar of six cells and two numbers, `███··· 12/24`.
    private func seats(_ line: DayStanding.Line) -> String {
        guard line.seats > 0 else { return "·" }
        let full = min(6, (6 * line.claimedSeats + line.seats - 1) / line.seats)
        let numbers = "\(line.claimedSeats)/\(line.seats)"
        let bar = String(repeating: "█", count: full) + String(repeating: "·", count: 6 - full)
        return bar + String(repeating: " ", count: max(1, 7 - numbers.count)) + numbers
    }

    private func level(_ line: DayStanding.Line) -> (String, Terminal.Style?) {
        guard line.queue != nil, let level = line.level else { return ("·", .dim) }
        let wanted = Double(line.answerShare) / 1000
        let style: Terminal.Style = level >= wanted ? .green : level >= wanted - 0.2 ? .yellow : .red
        return ("\(Int((level * 100).rounded(.down))) %", style)
    }

    private func counts(_ standing: DayStanding) -> String {
        let total = standing.total
        var parts = [
            "\(standing.came) of \(standing.came + standing.toCome) sessions came",
            "\(standing.operators) operators here",
        ]
        if standing.lost > 0 { parts.append("\(standing.lost) without a connection") }
        if total.movedOn > 0 { parts.append("\(total.movedOn) to email") }
        if total.declined + total.missed > 0 { parts.append("\(total.declined + total.missed) not taken") }
        if total.requeued > 0 { parts.append("\(total.requeued) back in line") }
        return " " + cut(parts.joined(separator: " · "), width - 2)
    }

    private func event(_ line: DayLine) -> String {
        let style: Terminal.Style? =
            switch line.word {
            case "accepted": .green
            case "lost", "lapsed", "abandoned", "silent", "refused": .red
            case "declined", "missed", "requeued", "gap", "away": .yellow
            default: nil
            }
        let place = pad(cut(line.queue?.rawValue ?? "", 11), 11, false)
        let session = pad(line.session.map { "#\($0)" } ?? "", 6, true)
        let text = cut(line.text, width - 31)
        return " " + terminal.styled(DayText.time(line.at, heading), .dim) + "  \(place) \(session)  "
            + (style.map { terminal.styled(text, $0) } ?? text)
    }

    /// One line for where no board can be drawn.
    static func line(_ standing: DayStanding, isUp: Bool) -> String {
        let total = standing.total
        var parts = [
            "\(standing.came)/\(standing.came + standing.toCome) came", "\(total.waiting) waiting",
            "\(total.offered) offered", "\(total.served) served", "seats \(total.claimedSeats)/\(total.seats)",
            "\(total.answered) answered", "\(total.abandoned) gone",
        ]
        if !isUp { parts.append("service out of reach") }
        return "  " + parts.joined(separator: ", ")
    }

    // MARK: Text

    private func row(_ cells: [(text: String, style: Terminal.Style?)]) -> String {
        var line = " "
        for (index, cell) in cells.enumerated() {
            let text = pad(cell.text, Self.widths[index], index > 0)
            line += (index > 0 ? " " : "") + (cell.style.map { terminal.styled(text, $0) } ?? text)
        }
        return line
    }

    private func number(_ value: Int) -> String { value == 0 ? "·" : "\(value)" }

    private func pad(_ text: String, _ width: Int, _ isRight: Bool) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return isRight ? space + text : text + space
    }

    private func cut(_ text: String, _ width: Int) -> String {
        text.count > width ? text.prefix(max(1, width - 1)) + "…" : text
    }
}
