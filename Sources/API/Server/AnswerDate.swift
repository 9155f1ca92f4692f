import Coverage
import Foundation
import Synchronization

/// The time for the header `Date` (RFC 9110, 5.6.7), written anew once a second.
final class AnswerDate: Sendable {
    private let last = Mutex<(second: Int64, text: String)>((.min, ""))

    /// The world's time now, whatever clock the service goes by.
    var text: String {
        let second = Int64(Date().timeIntervalSince1970)
        return last.withLock { last in
            if last.second != second { last = (second, Self.text(for: second)) }
            return last.text
        }
    }

    /// - Parameter second: Since 1970.
    /// - Returns: `Wed, 25 Nov 2026 09:30:00 GMT`.
    static func text(for second: Int64) -> String {
        let date = CivilDate(daysSince1970: Int(second.flooredQuotient(by: 86_400)))
        let time = Int(second.flooredRemainder(by: 86_400))
        let (year, month, day) = date.components
        let clock = [time / 3600, time / 60 % 60, time % 60].map(twoDigits).joined(separator: ":")
        return "\(weekdays[date.weekday.rawValue]), \(twoDigits(day)) \(months[month - 1]) \(year) \(clock) GMT"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
