/// A moment, as the server's `timestamptz`.
package struct PostgresTimestamp: Hashable, Comparable, Sendable {
    /// Counted from 1970-01-01T00:00:00Z, leap seconds left out.
    package let microsecondsSince1970: Int64

    package init(microsecondsSince1970: Int64) {
        self.microsecondsSince1970 = microsecondsSince1970
    }

    package static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
        left.microsecondsSince1970 < right.microsecondsSince1970
    }

    /// The server counts from 2000-01-01T00:00:00Z.
    private static let epoch: Int64 = 946_684_800_000_000
    private static let microsecondsPerDay: Int64 = 86_400_000_000
}

extension PostgresTimestamp: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .timestamptz }

    package func encode(into buffer: inout PostgresBuffer) throws(PostgresError) {
        let (microseconds, overflow) = microsecondsSince1970.subtractingReportingOverflow(Self.epoch)
        // The smallest number of all stands for -infinity.
        guard !overflow, microseconds != .min else {
            throw PostgresError(
                code: .encoding, message: "a moment is out of range: PostgreSQL's begin in 4713 BC")
        }
        buffer.append(microseconds)
    }

    package func encodeText(into buffer: inout PostgresBuffer) {
        let (quotient, remainder) = microsecondsSince1970.quotientAndRemainder(dividingBy: Self.microsecondsPerDay)
        let isBefore = remainder < 0
        CalendarText.append(
            days: isBefore ? quotient - 1 : quotient,
            time: isBefore ? remainder + Self.microsecondsPerDay : remainder, to: &buffer)
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> PostgresTimestamp {
        if cell.format == .text, let text = CalendarText(cell.rawText), let offset = text.offsetSeconds {
            let (midnight, isFar) = text.days.multipliedReportingOverflow(by: microsecondsPerDay)
            // Hours have at most seven digits, so this alone cannot overflow.
            let (moment, isTooFar) = midnight.addingReportingOverflow(text.microseconds - offset * 1_000_000)
            guard !isFar, !isTooFar else {
                throw cell.mismatch(PostgresTimestamp.self, because: "it is too far in the future")
            }
            return PostgresTimestamp(microsecondsSince1970: moment)
        }
        guard cell.format == .binary, cell.type == .timestamptz, let microseconds = cell.integer(Int64.self) else {
            throw cell.mismatch(PostgresTimestamp.self)
        }
        guard microseconds != .max, microseconds != .min else {
            throw cell.mismatch(PostgresTimestamp.self, because: "it is infinite")
        }
        let (since1970, overflow) = microseconds.addingReportingOverflow(epoch)
        guard !overflow else { throw cell.mismatch(PostgresTimestamp.self, because: "it is too far in the future") }
        return PostgresTimestamp(microsecondsSince1970: since1970)
    }
}
