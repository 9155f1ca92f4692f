extension Instant {
    /// The instant in UTC, `2026-11-25T09:30:00Z`.
    package var rfc3339: String {
        let days = secondsSince1970.flooredQuotient(by: 86_400)
        let second = Int(secondsSince1970.flooredRemainder(by: 86_400))
        let (year, month, day) = CivilDate(daysSince1970: Int(days)).components
        // Answers have some ten of these: digits are put in their places, without other texts in between.
        var bytes = Array("\(year < 0 || year > 9999 ? "\(year)" : "0000")-00-00T00:00:00Z".utf8)
        func put(_ number: Int, before end: Int) {
            bytes[bytes.count - end] += UInt8(number / 10)
            bytes[bytes.count - end + 1] += UInt8(number % 10)
        }
        if (0...9999).contains(year) {
            put(year / 100, before: 20)
            put(year % 100, before: 18)
        }
        put(month, before: 15)
        put(day, before: 12)
        put(second / 3600, before: 9)
        put(second / 60 % 60, before: 6)
        put(second % 60, before: 3)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads what ``rfc3339`` writes, and nothing else.
    package init?(rfc3339 text: String) {
        guard text.utf8.count == 20, text.hasSuffix("Z"), text.dropFirst(10).hasPrefix("T"),
            let instant = OffsetTime(text)?.instant
        else { return nil }
        self = instant
    }
}
