package import Coverage

/// The service level of one queue day by day, with its aim and how many questions there were.
///
/// A day that reached the aim is a dot, one that did not a diamond; a day without questions interrupts the line.
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

    package var table: ChartTable {
        ChartTable(
            columns: [
                .text("Day"), .number("Asked"), .number("Answered"), .number("In time"), .number("Gave up"),
                .number("Of these early"), .number("To email"), .number("Service level, %"), .forPrograms("date"),
                .forPrograms("queue_id"),
            ],
            rows: days.map { day in
                let counts = [day.came, day.answered, day.answeredInTime, day.gaveUp, day.gaveUpEarly, day.toEmail]
                let level = day.levelPerMille.map { Decimal.text(thousandths: $0 * 100) } ?? ""
                return [ClockWords.day(day.date)] + counts.map { "\($0)" }
                    + [level, day.date.description, queue.id.rawValue]
            })
    }

    // MARK: The picture

    private static let plot = 54..<154
    private static let volume = 184..<212
    /// Where the days begin: the scale stands before them.
    private static let margin = Share(percent: 12)

    package var height: Int { 250 }

    package func draw(into picture: inout Picture) {
        picture.label("Aim: \(aim)", x: Share(percent: 0), y: 14, style: "chart-note")
        picture.legend([("chart-reached", "reached"), ("chart-missed", "missed"), ("chart-volume", "questions")], y: 24)
        for percent in [0, 50, 100] {
            let y = Self.height(of: percent * 10)
            picture.line("chart-grid-line", from: (Self.margin, y), to: (.whole, y))
            picture.label("\(percent)", x: Share(percent: 0), y: y + 4, style: "chart-note")
        }
        drawVolume(into: &picture)
        let y = Self.height(of: aimPerMille)
        picture.line("chart-aim-line", from: (Self.margin, y), to: (.whole, y))
        drawLevels(into: &picture)
        drawDates(into: &picture)
    }

    private static func height(of perMille: Int) -> Int { plot.upperBound - plot.count * perMille / 1000 }

    /// A place in the days, of so many twentieths of a day.
    private func place(_ twentieths: Int) -> Share {
        let share = Share(twentieths, of: 20 * days.count)
        return Self.margin + Share(rawValue: share.rawValue * (Share.whole - Self.margin).rawValue / Share.whole.rawValue)
    }

    private func middle(_ day: Int) -> Share { place(20 * day + 10) }

    private func drawVolume(into picture: inout Picture) {
        let most = days.reduce(0) { max($0, $1.came) }
        for (number, day) in days.enumerated() where day.came > 0 {
            let high = max(1, Int((Double(day.came) / Double(most) * Double(Self.volume.count)).rounded()))
            let start = place(20 * number + 4)
            picture.rectangle(
                "chart-volume", x: start, width: place(20 * number + 16) - start, y: Self.volume.upperBound - high,
                height: high)
        }
    }

    private func drawLevels(into picture: inout Picture) {
        let levels = days.map(\.levelPerMille)
        for (day, pair) in zip(levels, levels.dropFirst()).enumerated() {
            guard let left = pair.0, let right = pair.1 else { continue }
            picture.line(
                "chart-level-line", from: (middle(day), Self.height(of: left)),
                to: (middle(day + 1), Self.height(of: right)))
        }
        for (day, level) in levels.enumerated() {
            if let level { drawMark(level, x: middle(day), into: &picture) }
        }
        let isShort = days.count <= 8
        for day in labelledDays(levels) {
            guard let level = levels[day] else { continue }
            let y = isShort ? Self.plot.upperBound + 20 : Self.height(of: level) + (level > 250 ? 20 : -10)
            picture.label("\(level / 10)", x: middle(day), y: y, .middle, style: "chart-scale chart-name")
        }
    }

    private func drawMark(_ level: Int, x: Share, into picture: inout Picture) {
        let isReached = level >= aimPerMille
        picture.element(
            "svg",
            [
                "x": x.description, "y": "\(Self.height(of: level))", "width": "1", "height": "1", "overflow": "visible",
            ]
        ) { picture in
            picture.element(
                "path",
                [
                    "class": isReached ? "chart-reached" : "chart-missed",
                    "d": isReached ? "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z" : "M0 -6L6 0L0 6L-6 0Z",
                ])
        }
    }

    /// All days of a week; of more, the worst and the last.
    private func labelledDays(_ levels: [Int?]) -> [Int] {
        let known = levels.indices.filter { levels[$0] != nil }
        guard days.count > 8 else { return known }
        let worst = known.min { (levels[$0] ?? 0, $0) < (levels[$1] ?? 0, $1) }
        return Set([worst, known.last].compactMap { $0 }).sorted()
    }

    /// Every day of a week; of more, the Mondays.
    private func drawDates(into picture: inout Picture) {
        let isShort = days.count <= 8
        for (number, day) in days.enumerated() where isShort || day.date.weekday == .monday {
            let x = middle(number)
            let text = isShort ? day.date.weekday.abbreviation : ClockWords.dayOfMonth(day.date)
            picture.label(text, x: x, y: 228, .middle, style: "chart-note")
            if isShort { picture.label("\(day.date.components.day)", x: x, y: 244, .middle, style: "chart-note") }
        }
    }
}
