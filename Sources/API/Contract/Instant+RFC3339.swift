package import Coverage

extension Instant {
    /// The instant in UTC, `2026-11-25T09:30:00Z`.
    package var rfc3339: String {
        let days = secondsSince1970.flooredQuotient(by: 86_400)
        let second = secondsSince1970.flooredRemainder(by: 86_400)
        let date = CivilDate(daysSince1970: Int(days))
        return "\(date)T\((second / 3600).twoDigits):\((second / 60 % 60).twoDigits):\((second % 60).twoDigits)Z"
    }

    /// Reads what ``rfc3339`` writes, and nothing else.
    package init?(rfc3339 text: String) {
        guard text.utf8.count == 20, text.hasSuffix("Z"), text.dropFirst(10).hasPrefix("T"),
            let instant = OffsetTime(text)?.instant
        else { return nil }
        self = instant
    }
}

extension Int64 {
    fileprivate var twoDigits: String { self < 10 ? "0\(self)" : "\(self)" }
}
