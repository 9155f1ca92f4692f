/// A wall-clock time to the minute, 00:00 to 24:00; 24:00 is midnight at the day's end.
package struct MinuteOfDay: RawRepresentable, Hashable, Comparable, Sendable {
    /// Minutes after 00:00 by the clock on the wall, 0…1440.
    package let rawValue: Int

    /// Nil outside 0…1440.
    package init?(rawValue: Int) {
        guard (0...1440).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: Int) {
        self.rawValue = rawValue
    }

    package static let startOfDay = MinuteOfDay(known: 0)
    package static let endOfDay = MinuteOfDay(known: 1440)

    package static func < (left: MinuteOfDay, right: MinuteOfDay) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension MinuteOfDay: LosslessStringConvertible {
    /// Reads `09:30` or `9:30`, up to `24:00`.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            let hour = Int(asciiDigits: Array(parts[0])[...]), let minute = Int(asciiDigits: Array(parts[1])[...]),
            minute < 60
        else { return nil }
        self.init(rawValue: hour * 60 + minute)
    }

    package var description: String {
        "\((rawValue / 60).padded(to: 2)):\((rawValue % 60).padded(to: 2))"
    }
}
