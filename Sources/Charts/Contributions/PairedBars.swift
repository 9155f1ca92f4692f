import Coverage

/// What libraries give beside what is theirs to give: two bars each, one below the other.
package struct PairedBars: Chart {
    /// What is compared.
    package enum Subject: Hashable, Sendable {
        /// Hours given beside hours promised; those who lack most come first.
        case contributions
        /// Hours at unpopular times beside a fair share of them; those who have most beyond it come first.
        case unpopularHours
    }

    package struct Row: Hashable, Sendable {
        package let id: String
        package let name: String
        /// What it gives.
        package let minutes: Int
        /// What is its part: its promise, its share.
        package let partMinutes: Int

        package init(id: String, name: String, minutes: Int, partMinutes: Int) {
            self.id = id
            self.name = name
            self.minutes = min(max(0, minutes), Self.most)
            self.partMinutes = min(max(0, partMinutes), Self.most)
        }

        /// What is more counts as this, so that sums always fit.
        private static let most = 1_000_000_000_000

        /// What it gives beyond its part; below nought what is missing.
        var beyond: Int { minutes - partMinutes }
    }

    package let subject: Subject
    package let rows: [Row]
    /// The rows' places among all, from 1.
    private let places: ClosedRange<Int>?
    private let all: Int
    /// What the longest possible bar stands for: the same in all panels.
    private let scaleMinutes: Int

    /// One part of all rows in their order, in panels that stand side by side where there is room.
    ///
    /// - Parameters:
    ///   - subject: What is compared.
    ///   - rows: All, in any order.
    ///   - part: Which part, from 1.
    ///   - size: Rows of a part, 1 at least.
    ///   - most: Panels of a part, 1 at least; fewer where they would have fewer than eight rows.
    /// - Returns: None where there are not so many parts, but one without rows where there are no rows at all.
    package static func panels(
        _ subject: Subject, rows: [Row], part: Int = 1, of size: Int = .max, panels most: Int = 1
    ) -> [PairedBars] {
        let sorted = rows.sorted { subject.precedes($0, $1) }
        let scale = rows.reduce(0) { max($0, $1.minutes, $1.partMinutes) }
        let (first, overflow) = (part - 1).multipliedReportingOverflow(by: max(1, size))
        guard !overflow, first >= 0, first < max(1, sorted.count) else { return [] }
        let count = min(sorted.count - first, max(1, size))
        let panels = max(1, min(max(1, most), count / 8))
        return (0..<panels).map { panel in
            // Panels of one length, so that none ends in a row or two.
            let range = first + count * panel / panels..<first + count * (panel + 1) / panels
            return PairedBars(
                subject: subject, rows: Array(sorted[range]),
                places: range.count == sorted.count ? nil : range.lowerBound + 1...range.upperBound,
                all: sorted.count, scaleMinutes: scale)
        }
    }

    package var title: String {
        places.map { "\(subject.title), \($0.lowerBound) to \($0.upperBound) of \(all)" } ?? subject.title
    }

    /// The title where the panels have one in common.
    package var caption: String {
        places.map { "Libraries \($0.lowerBound) to \($0.upperBound) of \(all)" } ?? ""
    }

    package var summary: String {
        guard !rows.isEmpty else { return "There are no libraries." }
        let given = Decimal.hours(minutes: rows.reduce(0) { $0 + $1.minutes })
        let part = Decimal.hours(minutes: rows.reduce(0) { $0 + $1.partMinutes })
        let (short, over) = (rows.count { $0.beyond < 0 }, rows.count { $0.beyond > 0 })
        switch subject {
        case .contributions:
            let hours = "\(given) hours given of \(part) promised"
            return rows.count == 1 ? hours + "." : hours + ", by \(rows.count) libraries; \(short) below the promise."
        case .unpopularHours:
            let hours = "\(given) hours worked beside a fair share of \(part)"
            return rows.count == 1 ? hours + "." : hours + ", by \(rows.count) libraries; \(over) beyond it."
        }
    }

    package var table: ChartTable { Self.table(subject, rows: rows) }

    /// Rows in their order; below them the sums of others, if these are not all.
    package static func table(_ subject: Subject, rows: [Row], sum others: [Row] = []) -> ChartTable {
        var all = rows.sorted { subject.precedes($0, $1) }
        if others.count > rows.count {
            all.append(
                Row(
                    id: "", name: "All \(others.count) libraries", minutes: others.reduce(0) { $0 + $1.minutes },
                    partMinutes: others.reduce(0) { $0 + $1.partMinutes }))
        }
        return ChartTable(
            columns: [
                .text("Library"), .number("Hours \(subject.givenWord)"), .number("Hours \(subject.partWord)"),
                .number("Difference"), .forPrograms("library_id"),
            ],
            rows: all.map { row in
                [
                    row.name, Decimal.hours(minutes: row.minutes), Decimal.hours(minutes: row.partMinutes),
                    Decimal.hours(minutes: row.beyond), row.id,
                ]
            })
    }

    // MARK: The picture

    private static let rowHeight = 46
    private static let top = 30

    package var height: Int { Self.top + max(1, rows.count) * Self.rowHeight }

    package func draw(into picture: inout Picture) {
        guard !rows.isEmpty else {
            return picture.label("There are no libraries.", x: Share(percent: 0), y: 20, style: "chart-note")
        }
        picture.legend([("chart-given", subject.givenWord), ("chart-part", subject.partWord)], y: 2)
        for (number, row) in rows.enumerated() {
            let y = Self.top + number * Self.rowHeight
            picture.label(Self.cut(row.name), x: Share(percent: 0), y: y + 16, style: "chart-name")
            picture.label(Self.figures(row), x: .whole, y: y + 16, .end, style: "chart-note")
            picture.rectangle("chart-rail", x: Share(percent: 0), width: .whole, y: y + 22, height: 16)
            let (given, part) = (Share(row.minutes, of: scaleMinutes), Share(row.partMinutes, of: scaleMinutes))
            picture.rectangle("chart-given", x: Share(percent: 0), width: given, y: y + 22, height: 9)
            picture.rectangle("chart-part", x: Share(percent: 0), width: part, y: y + 31, height: 7)
        }
    }

    private static func figures(_ row: Row) -> String {
        "\(Decimal.hours(minutes: row.minutes)) of \(Decimal.hours(minutes: row.partMinutes)) h"
    }

    /// A name as long as a telephone shows beside the figures.
    private static func cut(_ name: String) -> String {
        name.count > 28 ? name.prefix(27) + "…" : name
    }
}

extension PairedBars.Subject {
    fileprivate var title: String {
        switch self {
        case .contributions: "Contributions against promises"
        case .unpopularHours: "Unpopular hours by library"
        }
    }

    fileprivate var givenWord: String {
        switch self {
        case .contributions: "given"
        case .unpopularHours: "worked"
        }
    }

    fileprivate var partWord: String {
        switch self {
        case .contributions: "promised"
        case .unpopularHours: "fair share"
        }
    }

    fileprivate func precedes(_ left: PairedBars.Row, _ right: PairedBars.Row) -> Bool {
        if left.beyond != right.beyond {
            return self == .contributions ? left.beyond < right.beyond : left.beyond > right.beyond
        }
        return left.name == right.name ? left.id < right.id : left.name < right.name
    }
}
