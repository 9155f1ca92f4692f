import Coverage

/// Numbers as charts and their tables write them: with a point, without a locale.
enum Decimal {
    static func text(thousandths: Int) -> String {
        Thousandths(rawValue: thousandths).description
    }

    /// Hours of minutes, with one digit after the point: `12.5`; a part of a tenth is rounded.
    static func hours(minutes: Int) -> String {
        let tenths = (Double(minutes) / 6).rounded()
        guard tenths.magnitude < 1e15 else { return "\(minutes / 60)" }
        return Thousandths(rawValue: Int(tenths) * 100).description
    }

    /// With a comma between thousands, for people: `12,345`.
    static func grouped(_ number: Int) -> String {
        var digits = Array(String(number.magnitude))
        var at = digits.count - 3
        while at > 0 {
            digits.insert(",", at: at)
            at -= 3
        }
        return (number < 0 ? "-" : "") + String(digits)
    }
}
