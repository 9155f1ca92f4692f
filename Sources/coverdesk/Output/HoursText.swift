/// Hours as people read them.
enum HoursText {
    /// Hours with their unit: `4,660.5 h`.
    static func hours(minutes: Int) -> String {
        "\(number(minutes: minutes)) h"
    }

    /// Hours with at most one digit after the point: `4,660.5`.
    static func number(minutes: Int) -> String {
        let tenths = (abs(minutes) * 10 + 30) / 60
        let sign = minutes < 0 && tenths > 0 ? "-" : ""
        let whole = grouped(tenths / 10)
        return tenths % 10 == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(tenths % 10)"
    }

    /// A number with its thousands set apart: `12,345`.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number.magnitude).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }

    /// A part of a whole, `97.3 %`; of nothing it is `–`.
    static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let tenths = (part * 1000 + whole / 2) / whole
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
