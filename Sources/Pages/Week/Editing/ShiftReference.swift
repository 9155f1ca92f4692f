import Coverage

/// A shift as an address or a form names it, so that what is changed is what was seen: `pub01-03~ask~29883360~120`,
/// its operator, its queue, its start in minutes since 1970 and its length in minutes.
struct ShiftReference: Hashable, Sendable {
    let shift: Shift

    init(_ shift: Shift) {
        self.shift = shift
    }

    /// Nil where the text names no shift.
    init?(_ text: String) {
        let parts = text.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, Operator.ID.isValid(parts[0]), Queue.ID.isValid(parts[1]),
            let start = MinuteText.instant(parts[2]), let length = Int(parts[3]),
            (1...Self.mostMinutes).contains(length)
        else { return nil }
        shift = Shift(
            queue: Queue.ID(parts[1]), operator: Operator.ID(parts[0]),
            during: start..<start.advanced(byMinutes: length))
    }

    var text: String {
        let minutes = shift.during.upperBound.seconds(since: shift.during.lowerBound) / 60
        return "\(shift.operator)~\(shift.queue)~\(shift.during.lowerBound.minutesSince1970)~\(minutes)"
    }

    /// How a request says that it is about what was seen (RFC 9110, section 13.1.1).
    var entityTag: String { "\"\(text)\"" }

    /// Longer than any plan.
    private static let mostMinutes = 1_000_000
}

/// Moments in addresses: minutes since 1970.
enum MinuteText {
    static func instant(_ text: String) -> Instant? {
        // As far as the year 9999.
        guard let minutes = Int64(text), (0...4_223_371_679).contains(minutes) else { return nil }
        return Instant(minutesSince1970: minutes)
    }

    static func text(_ instant: Instant) -> String { "\(instant.minutesSince1970)" }
}
