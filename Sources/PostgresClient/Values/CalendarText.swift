/// Dates and times as the server writes them with `datestyle = ISO`: `2026-11-01 01:30:00.25-05`, `0044-03-15 BC`.
package struct CalendarText {
    /// Counted from 1970-01-01 in the Gregorian calendar.
    package let days: Int64
    /// After midnight by the clock on the wall.
    package let microseconds: Int64
    /// East of Greenwich; nil where no offset is written.
    package let offsetSeconds: Int64?

    /// Reads a text; nil if it is written otherwise, and for `infinity`.
    package init?(_ text: String) {
        var scanner = Scanner(rest: Substring(text).utf8)
        guard let year = scanner.number(), scanner.skip("-"), let month = scanner.number(), scanner.skip("-"),
            let day = scanner.number(), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var time: Int64 = 0
        var offset: Int64?
        if !scanner.isAtEnd, scanner.peek != Self.space || scanner.peekSecond != UInt8(ascii: "B") {
            guard scanner.skip(" ") || scanner.skip("T"), let clock = scanner.clock() else { return nil }
            time = clock * 1_000_000 + scanner.fraction()
            if scanner.skip("Z") {
                offset = 0
            } else if scanner.peek == UInt8(ascii: "+") || scanner.peek == UInt8(ascii: "-") {
                let sign: Int64 = scanner.skip("-") ? -1 : 1
                _ = scanner.skip("+")
                guard let seconds = scanner.clock() else { return nil }
                offset = sign * seconds
            }
        }
        let isBeforeChrist = scanner.skip(" ") && scanner.skip("B") && scanner.skip("C")
        guard scanner.isAtEnd else { return nil }
        days = Self.days(year: isBeforeChrist ? 1 - year : year, month: month, day: day)
        microseconds = time
        offsetSeconds = offset
    }

    private static let space = UInt8(ascii: " ")

    /// Appends a day, and with a time of day in microseconds a moment in UTC.
    package static func append(days: Int64, time: Int64?, to buffer: inout PostgresBuffer) {
        let (year, month, day) = civil(days: days)
        appendPadded(year > 0 ? year : 1 - year, 4, to: &buffer)
        buffer.append(byte: UInt8(ascii: "-"))
        appendPadded(month, 2, to: &buffer)
        buffer.append(byte: UInt8(ascii: "-"))
        appendPadded(day, 2, to: &buffer)
        if let time {
            let seconds = time / 1_000_000
            for (separator, part) in [(" ", seconds / 3600), (":", seconds / 60 % 60), (":", seconds % 60)] {
                buffer.append(utf8: separator)
                appendPadded(part, 2, to: &buffer)
            }
            if time % 1_000_000 != 0 {
                buffer.append(utf8: ".")
                appendPadded(time % 1_000_000, 6, to: &buffer)
            }
            buffer.append(utf8: "+00")
        }
        if year <= 0 { buffer.append(utf8: " BC") }
    }

    private static func appendPadded(_ number: Int64, _ width: Int, to buffer: inout PostgresBuffer) {
        let digits = String(number)
        for _ in digits.utf8.count..<max(width, digits.utf8.count) { buffer.append(byte: UInt8(ascii: "0")) }
        buffer.append(utf8: digits)
    }

    // MARK: The Gregorian calendar

    // Years are counted from March, so that a leap day is the last of its year, in eras of 400 years or 146,097 days.

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - daysFromMarchOfYear0
    }

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + daysFromMarchOfYear0
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// From 0000-03-01 to 1970-01-01.
    private static let daysFromMarchOfYear0: Int64 = 719_468
}

private struct Scanner {
    package var rest: Substring.UTF8View

    package var isAtEnd: Bool { rest.isEmpty }
    package var peek: UInt8? { rest.first }
    package var peekSecond: UInt8? { rest.dropFirst().first }

    package mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// One to seven digits.
    package mutating func number() -> Int64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...7).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Hours, with minutes and seconds where they are written, in seconds.
    package mutating func clock() -> Int64? {
        guard let hours = number() else { return nil }
        var seconds = hours * 3600
        if skip(":") {
            guard let minutes = number() else { return nil }
            seconds += minutes * 60
        }
        if skip(":") {
            guard let more = number() else { return nil }
            seconds += more
        }
        return seconds
    }

    /// Microseconds after a point; 0 where there is none.
    package mutating func fraction() -> Int64 {
        guard skip(".") else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        let six = digits.prefix(6)
        let value = six.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return (six.count..<6).reduce(value) { scaled, _ in scaled * 10 }
    }
}
