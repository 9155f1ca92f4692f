package import Coverage

/// Somebody's times of the week as they are typed, a row for each.
package struct AvailabilityForm: Hashable, Sendable {
    /// A row; all empty is none.
    package struct Row: Hashable, Sendable {
        /// A number from Monday, `0`.
        var weekday = ""
        /// `09:00`, `9` or `9.30`.
        var from = ""
        var to = ""
        /// How much it is liked, from `-2` to `2`.
        var liking = "0"
        /// Whether it is to go.
        var isTakenAway = false

        var isEmpty: Bool { weekday.isEmpty && from.isEmpty && to.isEmpty }
    }

    /// What was typed, or what is wrong with it by the numbers of its rows, from 1.
    package struct Reading: Hashable, Sendable {
        package let week: WeeklyAvailability?
        package let faults: [Int: String]
    }

    package private(set) var rows: [Row]

    /// More are no week of a person.
    static let mostRows = 70
    private static let spareRows = 4

    package init(_ form: FormFields) {
        let count = min(Self.mostRows, max(0, Int(form["rows"]) ?? 0))
        rows = (0..<count).map { index in
            let number = index + 1
            return Row(
                weekday: form.line("weekday-\(number)"), from: form.line("from-\(number)"),
                to: form.line("to-\(number)"), liking: form.line("liking-\(number)"),
                isTakenAway: !form["away-\(number)"].isEmpty)
        }
    }

    package init(_ week: WeeklyAvailability) {
        rows = week.spans.map { span in
            Row(
                weekday: "\(span.weekday.rawValue)", from: span.from.description, to: span.to.description,
                liking: "\(span.liking.rawValue)")
        }
    }

    /// With empty rows behind those that are filled in.
    func withSpareRows() -> AvailabilityForm {
        var copy = self
        while copy.rows.last?.isEmpty == true { copy.rows.removeLast() }
        let spare = max(0, min(Self.spareRows, Self.mostRows - copy.rows.count))
        copy.rows += [Row](repeating: Row(), count: spare)
        return copy
    }

    /// What a form carries on that is to be sent once more.
    var fields: [(name: String, value: String)] {
        let kept = rows.filter { !$0.isEmpty && !$0.isTakenAway }
        return [("rows", "\(kept.count)")]
            + kept.enumerated().flatMap { index, row in
                [
                    ("weekday-\(index + 1)", row.weekday), ("from-\(index + 1)", row.from),
                    ("to-\(index + 1)", row.to), ("liking-\(index + 1)", row.liking),
                ]
            }
    }

    // MARK: Reading

    /// What was typed.
    ///
    /// - Parameter gridMinutes: On which multiples times begin and end.
    /// - Returns: The week, nil where there are faults; and the faults.
    package func read(gridMinutes: Int) -> Reading {
        var (spans, numbers, faults) = ([WeeklyAvailability.Span](), [Int](), [Int: String]())
        for (index, row) in rows.enumerated() where !row.isEmpty && !row.isTakenAway {
            do throws(FormProblem) {
                spans.append(try Self.span(row, gridMinutes))
                numbers.append(index + 1)
            } catch {
                faults[index + 1] = error.words
            }
        }
        do throws(WeeklyAvailability.Contradiction) {
            let week = try WeeklyAvailability(spans)
            return Reading(week: faults.isEmpty ? week : nil, faults: faults)
        } catch {
            let first = spans[error.first]
            faults[numbers[error.second]] =
                "It overlaps row \(numbers[error.first]), \(first.from)–\(first.to), which is liked differently. End one "
                + "of them where the other begins."
            return Reading(week: nil, faults: faults)
        }
    }

    private static func span(_ row: Row, _ gridMinutes: Int) throws(FormProblem) -> WeeklyAvailability.Span {
        guard let weekday = Int(row.weekday).flatMap(Weekday.init(rawValue:)) else {
            throw FormProblem("Day: choose one, or take the row away.")
        }
        let from = try time(row.from, "From", gridMinutes)
        let to = try time(row.to, "Until", gridMinutes)
        guard from < to else {
            throw FormProblem(
                "Until: \(to) is not after \(from). Times over midnight are two rows: until 24:00, and from 00:00 on the "
                    + "next day.")
        }
        guard let liking = Int(row.liking).flatMap(WeeklyAvailability.Liking.init(rawValue:)) else {
            throw FormProblem("How it is liked: choose one of the list.")
        }
        return WeeklyAvailability.Span(weekday: weekday, from: from, to: to, liking: liking)
    }

    private static func time(_ text: String, _ field: String, _ gridMinutes: Int) throws(FormProblem) -> MinuteOfDay {
        guard !text.isEmpty else {
            throw FormProblem("\(field): write a time like \(field == "From" ? "09:00" : "17:00").")
        }
        guard let time = MinuteOfDay(typed: Substring(text)) else {
            throw FormProblem("\(field): “\(text.prefix(40))” is no time. Write one like 09:00, up to 24:00.")
        }
        let rest = time.rawValue % gridMinutes
        guard rest == 0 else {
            let around = [time.rawValue - rest, time.rawValue - rest + gridMinutes]
                .compactMap { MinuteOfDay(rawValue: $0)?.description }
            throw FormProblem(
                "\(field): shifts begin and end every \(gridMinutes) minutes, so \(time) would be of no use. Write "
                    + "\(around.joined(separator: " or ")).")
        }
        return time
    }
}
