import Coverage

/// A library's weekly hours as they are typed, a line for each day: `09:00–12:30, 13:00–17:00`.
struct WeeklyHoursForm: Hashable {
    /// From Monday to Sunday.
    let typed: [String]

    init(_ form: FormFields) {
        typed = Weekday.allCases.map { form.line(Self.field($0)) }
    }

    init(_ hours: [LibraryHours]) {
        typed = Weekday.allCases.map { Self.words(hours, on: $0) }
    }

    /// What the field of a day is called, `monday`.
    static func field(_ weekday: Weekday) -> String { DayText.weekday(weekday).lowercased() }

    /// The hours of a day as they are typed; empty where there are none.
    static func words(_ hours: [LibraryHours], on weekday: Weekday) -> String {
        hours.filter { $0.weekday == weekday }.map { "\($0.opens)–\($0.closes)" }.joined(separator: ", ")
    }

    /// What was typed, or what is wrong with it, by day.
    func read(of library: Library.ID) -> (hours: [LibraryHours], faults: [Weekday: String]) {
        var (hours, faults) = ([LibraryHours](), [Weekday: String]())
        for (weekday, text) in zip(Weekday.allCases, typed) {
            do throws(FormProblem) {
                hours += try Self.hours(text).map { span in
                    LibraryHours(library: library, weekday: weekday, opens: span.opens, closes: span.closes)
                }
            } catch {
                faults[weekday] = error.words
            }
        }
        return (hours, faults)
    }

    private static let right = "Write hours like 09:00–12:30, 13:00–17:00, or nothing."

    private static func hours(_ text: String) throws(FormProblem) -> [(opens: MinuteOfDay, closes: MinuteOfDay)] {
        var spans: [(opens: MinuteOfDay, closes: MinuteOfDay)] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == ";" }) where !part.allSatisfy(\.isWhitespace) {
            let ends = part.split(whereSeparator: { "–-—−".contains($0) })
            guard ends.count == 2, let opens = MinuteOfDay(typed: ends[0]), let closes = MinuteOfDay(typed: ends[1])
            else {
                throw FormProblem("“\(part.filter { !$0.isWhitespace })” is no span of hours. \(right)")
            }
            guard opens < closes else {
                throw FormProblem(
                    "\(opens)–\(closes) ends before it begins. Hours over midnight are two: to 24:00, and from 00:00 "
                        + "on the next day.")
            }
            spans.append((opens, closes))
        }
        spans.sort { $0.opens < $1.opens }
        for (earlier, later) in zip(spans, spans.dropFirst()) where later.opens < earlier.closes {
            throw FormProblem(
                "\(earlier.opens)–\(earlier.closes) and \(later.opens)–\(later.closes) overlap. Write them as one.")
        }
        return spans
    }
}

extension MinuteOfDay {
    /// As people write it: `9`, `9:30`, `9.30` or `09:30`.
    init?(typed text: Substring) {
        let text = text.filter { !$0.isWhitespace }.replacing(".", with: ":")
        guard let time = MinuteOfDay(text) ?? MinuteOfDay("\(text):00") else { return nil }
        self = time
    }
}
