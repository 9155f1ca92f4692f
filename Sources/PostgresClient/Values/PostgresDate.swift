/// A day of the calendar, as the server's `date`.
package struct PostgresDate: Hashable, Comparable, Sendable {
    /// Counted from 1970-01-01 in the Gregorian calendar, also before its introduction.
    package let daysSince1970: Int32

    package init(daysSince1970: Int32) {
        self.daysSince1970 = daysSince1970
    }

    package static func < (left: PostgresDate, right: PostgresDate) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }

    /// The server counts from 2000-01-01.
    static let epochDays: Int32 = 10_957
}

extension PostgresDate: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .date }

    package func encode(into buffer: inout PostgresBuffer) throws(PostgresError) {
        let (days, overflow) = daysSince1970.subtractingReportingOverflow(Self.epochDays)
        // The smallest number of all stands for -infinity.
        guard !overflow, days != .min else {
            throw PostgresError(
                code: .encoding, message: "a date is out of range: PostgreSQL's begin in 4713 BC")
        }
        buffer.append(days)
    }

    package func encodeText(into buffer: inout PostgresBuffer) {
        CalendarText.append(days: Int64(daysSince1970), time: nil, to: &buffer)
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> PostgresDate {
        if cell.format == .text, let days = CalendarText(cell.rawText)?.days, let narrow = Int32(exactly: days) {
            return PostgresDate(daysSince1970: narrow)
        }
        guard cell.format == .binary, cell.type == .date, let days = cell.integer(Int32.self) else {
            throw cell.mismatch(PostgresDate.self)
        }
        guard days != .max, days != .min else { throw cell.mismatch(PostgresDate.self, because: "it is infinite") }
        return PostgresDate(daysSince1970: days + epochDays)
    }
}
