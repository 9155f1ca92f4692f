package import Coverage

/// How much of what is wanted is covered, by hour and day of the week.
///
/// Days go across and hours down, as in a calendar. Each cell says the per cent of the operators wanted who are there;
/// where all are there and more, what there is in per cent of what is wanted.
package struct HeatMap: Chart {
    package enum Cell: Hashable, Sendable {
        /// The clocks skip the hour.
        case skipped
        case closed
        /// The sums of the hour's slots.
        case open(Staffing)
    }

    package struct Day: Hashable, Sendable {
        package let weekday: Weekday
        /// Nil where several weeks are summed.
        package let date: CivilDate?
        /// From midnight, 24; hours missing at the end are closed.
        package let hours: [Cell]

        package init(weekday: Weekday, date: CivilDate?, hours: [Cell]) {
            self.weekday = weekday
            self.date = date
            self.hours = hours
        }
    }

    /// What is covered: `all queues`, a queue's name.
    package let subject: String
    package let days: [Day]
    /// The hours in which anything is open, from the first to beyond the last.
    private let hours: Range<Int>

    package init(subject: String, days: [Day]) {
        self.subject = subject
        self.days = days
        let open = (0..<24).filter { hour in days.contains { $0.cell(hour) != .closed && $0.cell(hour) != .skipped } }
        hours = (open.first ?? 0)..<((open.last ?? -1) + 1)
    }

    package var title: String { "Coverage by hour and weekday: \(subject)" }

    package var summary: String {
        let cells = days.flatMap { day in hours.map { (day, $0) } }.compactMap { day, hour -> (Day, Int, Staffing)? in
            guard case .open(let staffing) = day.cell(hour) else { return nil }
            return (day, hour, staffing)
        }
        guard let first = cells.first else { return "Nothing is open." }
        let critical = cells.count { $0.2.state == .critical }
        let thin = cells.count { $0.2.state == .thin }
        let counts = "Of \(cells.count) open hours, \(critical) are below the minimum and \(thin) below the target."
        let worst = cells.reduce(first) { ($1.2.coveredPercent ?? 100) < ($0.2.coveredPercent ?? 100) ? $1 : $0 }
        guard let percent = worst.2.coveredPercent, percent < 100 else { return counts }
        return counts + " Least is covered on \(worst.0.name) from \(Self.clock(worst.1)): \(percent) %."
    }

    // MARK: The picture

    private static let rowHeight = 28
    private static let top = 76

    package var height: Int { Self.top + max(1, hours.count) * Self.rowHeight + 4 }

    package func draw(into picture: inout Picture) {
        picture.drawPatterns()
        let states: [Staffing.State] = [.covered, .thin, .critical, .over]
        picture.legend(states.map { ("\($0.style) chart-cell", $0.shortWord) }, y: 2)
        for (column, day) in days.enumerated() {
            let x = Share(2 * column + 3, of: 2 * (days.count + 1))
            picture.label(day.weekday.abbreviation, x: x, y: 46, .middle, style: "chart-name")
            if let date = day.date {
                // The month once, and where it changes: a telephone has no room for more.
                let isFirst = column == 0 || date.components.day == 1
                let text = isFirst ? ClockWords.dayOfMonth(date) : "\(date.components.day)"
                picture.label(text, x: x, y: 64, .middle, style: "chart-note")
            }
        }
        guard !hours.isEmpty else {
            return picture.label("Nothing is open.", x: Share(percent: 0), y: Self.top + 20, style: "chart-note")
        }
        for (row, hour) in hours.enumerated() {
            let y = Self.top + row * Self.rowHeight
            picture.label(Self.clock(hour), x: Share(percent: 0), y: y + 19, style: "chart-note")
        }
        for (column, day) in days.enumerated() {
            let x = Share(column + 1, of: days.count + 1)
            let width = Share(column + 2, of: days.count + 1) - x
            // In a picture of its own, in which every cell is as wide as all of it: half the text.
            picture.element(
                "svg", ["x": x.description, "width": width.description, "text-anchor": "middle", "overflow": "visible"]
            ) { picture in
                for (row, hour) in hours.enumerated() {
                    draw(day, hour, y: Self.top + row * Self.rowHeight, into: &picture)
                }
            }
        }
    }

    private func draw(_ day: Day, _ hour: Int, y: Int, into picture: inout Picture) {
        let (left, middle, high) = (Share(percent: 0), Share(percent: 50), Self.rowHeight - 2)
        switch day.cell(hour) {
        case .closed: picture.rectangle("chart-closed", x: left, width: .whole, y: y, height: high)
        case .skipped: picture.label("–", x: middle, y: y + 19, style: "chart-note")
        case .open(let staffing):
            let style = "\(staffing.state.style) chart-cell"
            picture.rectangle(style, x: left, width: .whole, y: y, height: high, tip: tip(day, hour, staffing))
            picture.hatch(style, x: "", width: "100%", y: y, height: high)
            picture.label(Self.figure(staffing), x: middle, y: y + 18, style: "\(staffing.state.style)-text")
        }
    }

    private func tip(_ day: Day, _ hour: Int, _ staffing: Staffing) -> String? {
        guard staffing.missing > 0 else { return nil }
        return "\(day.name) \(Self.clock(hour)): \(staffing.state.word)"
    }

    /// What a cell says.
    private static func figure(_ staffing: Staffing) -> String {
        guard let covered = staffing.coveredPercent else { return staffing.onShift > 0 ? "+" : "0" }
        return staffing.state == .over ? "\(staffing.onShift * 100 / staffing.target)" : "\(covered)"
    }

    private static func clock(_ hour: Int) -> String { "\(hour.padded(to: 2)):00" }

    // MARK: The table

    package var table: ChartTable {
        let columns: [ChartTable.Column] = [.text("Hour")] + days.map { .number($0.name) }
        let rows = hours.map { hour in
            [Self.clock(hour)]
                + days.map { day in
                    switch day.cell(hour) {
                    case .skipped: "no such hour"
                    case .closed: ""
                    case .open(let staffing): Self.figure(staffing)
                    }
                }
        }
        return ChartTable(columns: columns, rows: rows)
    }
}

extension HeatMap.Day {
    fileprivate var name: String { date.map { ClockWords.day($0) } ?? weekday.abbreviation }

    fileprivate func cell(_ hour: Int) -> HeatMap.Cell {
        hours.indices.contains(hour) ? hours[hour] : .closed
    }
}
