package import Coverage

/// The service level of one queue day by day, with its aim and how many questions there were.
///
/// A day that reached the aim is a dot, one that did not a square; a day without questions interrupts the line.
package struct ServiceLevelChart: Chart {
    package let queue: Queue
    /// In order; days without a question are among them, with nought of everything.
    package let days: [ServiceDay]

    package init(queue: Queue, days: [ServiceDay]) {
        self.queue = queue
        self.days = days
    }

    package var title: String { "Service level by day: \(queue.name)" }

    package var summary: String {
        let levels = days.compactMap(\.levelPerMille)
        let reached = levels.count { $0 >= aimPerMille }
        let came = days.reduce(0) { $0 + $1.came }
        let all = levels.count == 1 ? "the one day" : "\(levels.count) days"
        return levels.isEmpty
            ? "No questions yet. The aim is \(aim)."
            : "\(Decimal.grouped(came)) questions. The aim, \(aim), was reached on \(reached) of \(all) with questions."
    }

    /// `80 % within 30 s`.
    private var aim: String {
        "\(Decimal.text(thousandths: queue.answerShare.rawValue * 100)) % within \(Self.time(queue.answerSeconds))"
    }

    private var aimPerMille: Int { min(1000, max(0, queue.answerShare.rawValue)) }

    /// Seconds in the largest unit that they are whole in: `30 s`, `5 min`, `2 h`.
    private static func time(_ seconds: Int) -> String {
        for (unit, length) in [("days", 86_400), ("h", 3600), ("min", 60)] where seconds > 0 && seconds % length == 0 {
            return unit == "days" && seconds == length ? "24 h" : "\(seconds / length) \(unit)"
        }
        return "\(seconds) s"
    }

    // MARK: The table

    package var table: ChartTable { Self.table(of: [self]) }

    /// Several queues, one below the other.
    package static func table(of charts: [ServiceLevelChart]) -> ChartTable {
        ChartTable(
            columns: [
                .text("Queue"), .text("Day"), .number("Asked"), .number("Answered"), .number("In time"),
                .number("Gave up"), .number("Of these early"), .number("To email"), .number("Service level, %"),
                .number("Aim, %"), .forPrograms("date"), .forPrograms("queue_id"),
            ],
            rows: charts.flatMap { chart in chart.days.map(chart.row) })
    }

    private func row(_ day: ServiceDay) -> [String] {
        let counts = [day.came, day.answered, day.answeredInTime, day.gaveUp, day.gaveUpEarly, day.toEmail]
        let level = day.levelPerMille.map { Decimal.text(thousandths: $0 * 100) } ?? ""
        return [queue.name, ClockWords.day(day.date)] + counts.map { "\($0)" }
            + [level, Decimal.text(thousandths: queue.answerShare.rawValue * 100)]
            + [day.date.description, queue.id.rawValue]
    }

    // MARK: The picture

    private static let plot = 62..<162
    private static let volume = 192..<220
    /// Where the days begin: the scale stands before them.
    private static let margin = Share(percent: 12)

    package var height: Int { 258 }

    package func draw(into picture: inout Picture) {
        picture.label("Aim: \(aim)", x: Share(percent: 0), y: 14, style: "chart-note")
        picture.legend(
            [("chart-reached-mark", "reached"), ("chart-missed-mark", "missed"), ("chart-volume", "questions")], y: 24)
        for percent in [0, 50, 100] {
            let y = Self.height(of: percent * 10)
            picture.line("chart-grid-line", from: (Self.margin, y), to: (.whole, y))
            picture.label("\(percent)", x: Share(percent: 0), y: y + 4, style: "chart-note")
        }
        let y = Self.height(of: aimPerMille)
        picture.line("chart-aim-line", from: (Self.margin, y), to: (.whole, y))
        guard !days.isEmpty else { return }
        drawDays(into: &picture)
        drawLabels(into: &picture)
        drawDates(into: &picture)
    }

    private static func height(of perMille: Int) -> Int { plot.upperBound - plot.count * perMille / 1000 }

    private func middle(_ day: Int) -> Share {
        let share = Share(2 * day + 1, of: 2 * days.count)
        let width = Share.whole - Self.margin
        return Self.margin + Share(rawValue: share.rawValue * width.rawValue / Share.whole.rawValue)
    }

    /// Levels, marks and how many questions there were: each one path over all days, a day being ten units wide.
    private func drawDays(into picture: inout Picture) {
        let levels = days.map(\.levelPerMille)
        var line = ""
        var marks: [Bool: String] = [:]
        for (day, level) in levels.enumerated() {
            guard let level else { continue }
            let place = "\(day * 10 + 5) \(Self.plot.count - Self.plot.count * level / 1000)"
            line += (day > 0 && levels[day - 1] != nil ? "L" : "M") + place
            // Not of no length at all: on paper such a line is no mark.
            marks[level >= aimPerMille, default: ""] += "M\(place)h.1"
        }
        var paths = [(style: "chart-level-line", outline: line)]
        for isReached in [true, false] {
            paths.append((isReached ? "chart-reached-mark" : "chart-missed-mark", marks[isReached] ?? ""))
        }
        draw(paths, in: Self.plot, into: &picture)
        draw([("chart-volume", volumes)], in: Self.volume, into: &picture)
    }

    private func draw(
        _ paths: [(style: String, outline: String)], in rows: Range<Int>, into picture: inout Picture
    ) {
        picture.element(
            "svg",
            [
                "x": Self.margin.description, "y": "\(rows.lowerBound)",
                "width": (Share.whole - Self.margin).description, "height": "\(rows.count)",
                "viewBox": "0 0 \(days.count * 10) \(rows.count)",
                "preserveAspectRatio": "none", "overflow": "visible",
            ]
        ) { picture in
            for path in paths where !path.outline.isEmpty {
                picture.element(
                    "path", ["class": path.style, "vector-effect": "non-scaling-stroke", "d": path.outline])
            }
        }
    }

    private var volumes: String {
        let most = days.reduce(0) { max($0, $1.came) }
        var bars = ""
        for (day, figures) in days.enumerated() where figures.came > 0 {
            let bottom = Self.volume.count
            let high = max(1, Int((Double(figures.came) / Double(most) * Double(bottom)).rounded()))
            bars += "M\(day * 10 + 2) \(bottom)V\(bottom - high)h6V\(bottom)Z"
        }
        return bars
    }

    private func drawLabels(into picture: inout Picture) {
        let levels = days.map(\.levelPerMille)
        let isShort = days.count <= 8
        let labelled = labelledDays(levels)
        for day in labelled {
            guard let level = levels[day] else { continue }
            // Of a month, where the line does not go: below the worst, above where it rises.
            let rises = day != labelled.first && day > 0 && (levels[day - 1] ?? level) <= level
            let isAbove = level < 200 || level == 1000 || rises
            let y = isShort ? Self.plot.upperBound + 20 : Self.height(of: level) + (isAbove ? -10 : 20)
            picture.label("\(level / 10)", x: middle(day), y: y, .middle, style: "chart-scale chart-name")
        }
    }

    /// All days of a week; of more, the worst and the last.
    private func labelledDays(_ levels: [Int?]) -> [Int] {
        let known = levels.indices.filter { levels[$0] != nil }
        guard days.count > 8 else { return known }
        guard let last = known.last, let worst = known.min(by: { (levels[$0] ?? 0, $0) < (levels[$1] ?? 0, $1) })
        else { return [] }
        // Side by side there is no room for both.
        return last - worst > 2 ? [worst, last] : [worst]
    }

    /// Every day of a week; of more, the Mondays.
    private func drawDates(into picture: inout Picture) {
        let isShort = days.count <= 8
        for (number, day) in days.enumerated() where isShort || day.date.weekday == .monday {
            let x = middle(number)
            let text = isShort ? day.date.weekday.abbreviation : ClockWords.dayOfMonth(day.date)
            picture.label(text, x: x, y: 236, .middle, style: "chart-note")
            if isShort { picture.label("\(day.date.components.day)", x: x, y: 252, .middle, style: "chart-note") }
        }
    }
}
