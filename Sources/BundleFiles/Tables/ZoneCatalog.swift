import Coverage
import Foundation

/// The time zones that a bundle names, each looked up once.
struct ZoneCatalog {
    private var rules: [String: TimeZoneRules?] = [:]

    /// The zone's rules; nil where there is no such zone.
    ///
    /// - Complexity: milliseconds the first time that a zone is asked for.
    mutating func rules(of identifier: String) -> TimeZoneRules? {
        if let known = rules[identifier] { return known }
        let found = try? TimeZoneRules(identifier: identifier)
        rules[identifier] = .some(found)
        return found
    }

    static func problem(with identifier: String) -> String {
        identifier.isEmpty ? "the value is empty" : "\(identifier.quoted) is no time zone"
    }

    static func remedy(for identifier: String) -> String {
        let meant = Nearest.word(to: identifier, among: TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") })
        return meant.map { "expected perhaps \($0), a name of the tz database" }
            ?? "expected a name of the tz database like America/New_York"
    }
}

extension TableRow {
    /// The name of a time zone.
    mutating func zone(_ column: Column, in catalog: inout ZoneCatalog) -> String? {
        guard let text = text(column) else { return nil }
        guard catalog.rules(of: text) != nil else {
            refuse(text, in: column, "is no time zone", ZoneCatalog.remedy(for: text))
            return nil
        }
        return text
    }
}
