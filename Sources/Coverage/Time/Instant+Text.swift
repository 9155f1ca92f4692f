/// An instant as it is written in a bundle: a civil time with its offset from UTC.
package struct OffsetTime: Hashable, Sendable {
    package let moment: CivilMoment
    /// Seconds ahead of UTC; nil where the text gave none.
    package let offsetSeconds: Int?

    package init(moment: CivilMoment, offsetSeconds: Int?) {
        self.moment = moment
        self.offsetSeconds = offsetSeconds
    }

    /// The moment meant; nil without an offset.
    package var instant: Instant? {
        guard let offsetSeconds else { return nil }
        let local = Int64(moment.date.daysSince1970) * 86_400 + Int64(moment.secondOfDay)
        return Instant(secondsSince1970: local - Int64(offsetSeconds))
    }
}

extension OffsetTime: LosslessStringConvertible {
    /// Reads the calendar form of ISO 8601: `2026-10-26T09:00:00-04:00`, seconds optional, `Z` for UTC, a space for
    /// the `T`; an offset may be missing, so that the reader can say so.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        guard bytes.count >= 16, let date = CivilDate(String(decoding: bytes.prefix(10), as: UTF8.self)) else {
            return nil
        }
        bytes = bytes.dropFirst(10)
        guard let separator = bytes.popFirst(), separator == 0x54 || separator == 0x20,
            let hour = Self.two(&bytes), bytes.popFirst() == 0x3A, let minute = Self.two(&bytes),
            hour < 24, minute < 60
        else { return nil }
        var second = 0
        if bytes.first == 0x3A {
            bytes = bytes.dropFirst()
            guard let value = Self.two(&bytes), value < 60 else { return nil }
            second = value
        }
        moment = CivilMoment(date: date, secondOfDay: hour * 3600 + minute * 60 + second)
        if bytes.isEmpty {
            offsetSeconds = nil
        } else {
            guard let offset = Self.offset(bytes) else { return nil }
            offsetSeconds = offset
        }
    }

    /// `2026-10-26T09:00:00-04:00`.
    package var description: String {
        let clock = "\(moment.date)T\(moment.timeText):\((moment.secondOfDay % 60).padded(to: 2))"
        guard let offsetSeconds else { return clock }
        let minutes = abs(offsetSeconds) / 60
        let sign = offsetSeconds < 0 ? "-" : "+"
        return "\(clock)\(sign)\((minutes / 60).padded(to: 2)):\((minutes % 60).padded(to: 2))"
    }

    private static func two(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        defer { bytes = bytes.dropFirst(2) }
        return bytes.count >= 2 ? Int(asciiDigits: bytes.prefix(2)) : nil
    }

    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.elementsEqual([0x5A]) { return 0 }
        var rest = bytes
        guard let sign = rest.popFirst(), sign == 0x2B || sign == 0x2D, let hours = two(&rest) else { return nil }
        if rest.first == 0x3A { rest = rest.dropFirst() }
        guard let minutes = two(&rest), rest.isEmpty, hours <= 18, minutes < 60 else { return nil }
        return (sign == 0x2D ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

extension Instant {
    /// The instant as a bundle writes it: civil time of the zone with its offset.
    package func text(in zone: TimeZoneRules) -> String {
        OffsetTime(moment: zone.civil(at: self), offsetSeconds: zone.offsetSeconds(at: self)).description
    }
}
