/// A moment, to the second, the same everywhere on earth.
package struct Instant: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let secondsSince1970: Int64

    package init(secondsSince1970: Int64) {
        self.secondsSince1970 = secondsSince1970
    }

    package init(minutesSince1970: Int64) {
        secondsSince1970 = minutesSince1970 * 60
    }

    /// Whole minutes since 1970, rounded down.
    package var minutesSince1970: Int64 {
        secondsSince1970.flooredQuotient(by: 60)
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.secondsSince1970 < right.secondsSince1970
    }

    package func advanced(bySeconds seconds: Int64) -> Instant {
        Instant(secondsSince1970: secondsSince1970 + seconds)
    }

    package func advanced(byMinutes minutes: Int) -> Instant {
        Instant(secondsSince1970: secondsSince1970 + Int64(minutes) * 60)
    }

    /// Seconds from `start` to this instant; negative if it is earlier.
    package func seconds(since start: Instant) -> Int64 {
        secondsSince1970 - start.secondsSince1970
    }
}

extension BinaryInteger {
    /// Division that rounds towards negative infinity, as calendars need before 1970.
    package func flooredQuotient(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The remainder that belongs to ``flooredQuotient(by:)``: never negative for a positive divisor.
    package func flooredRemainder(by divisor: Self) -> Self {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
