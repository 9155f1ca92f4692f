import Coverage
import Yams

/// What `consortium.yaml` says, as far as it can be used, and what is wrong with it.
struct SettingsReading {
    private(set) var faults: FaultList
    /// Nil where anything of it is missing or wrong.
    private(set) var consortium: Consortium?
    private(set) var zone: TimeZoneRules?
    private(set) var slotMinutes: Int?

    enum Key: String, CaseIterable {
        case name, timezone
        case slotMinutes = "slot_minutes"
        case startsOn = "starts_on"
        case weeks, rules
    }

    init(folder: String, limits: BundleLimits, zones: inout ZoneCatalog) {
        faults = FaultList(file: BundleFile.consortium.rawValue, limit: limits.listedFaults)
        var document = SettingsDocument(
            path: BundleFile.consortium.path(in: folder), limit: limits.settingsBytes, faults: faults)
        if let root = document.root() {
            read(root, from: &document, zones: &zones)
        }
        faults = document.faults
    }

    private mutating func read(_ root: Node, from document: inout SettingsDocument, zones: inout ZoneCatalog) {
        let entries = document.entries(of: root, keys: Key.allCases.map(\.rawValue), in: nil)
        guard let entries else { return }
        func entry(_ key: Key) -> SettingsDocument.Entry? { entries[key.rawValue] }

        let name = document.text(entry(.name), key: .name)
        zone = document.zone(entry(.timezone), zones: &zones)
        slotMinutes = document.slotMinutes(entry(.slotMinutes))
        let startsOn = document.monday(entry(.startsOn))
        let weeks = document.wholeNumber(entry(.weeks), key: .weeks, in: 1...53)
        let rules = RuleReading.rules(entry(.rules)?.value, from: &document)
        guard let name, let zone, let slotMinutes, let startsOn, let weeks else { return }
        consortium = Consortium(
            name: name, timeZone: zone.identifier, slotMinutes: slotMinutes, startsOn: startsOn, weeks: weeks,
            rules: RuleBook(rules))
    }
}

extension SettingsDocument {
    fileprivate mutating func text(_ entry: Entry?, key: SettingsReading.Key) -> String? {
        guard let entry else {
            missing(key.rawValue, of: nil, named: key.rawValue, line: 1, "expected a line “\(key.rawValue): …”")
            return nil
        }
        return text(of: entry.value, field: key.rawValue)
    }

    fileprivate mutating func wholeNumber(
        _ entry: Entry?, key: SettingsReading.Key, in range: ClosedRange<Int>
    ) -> Int? {
        guard let text = text(entry, key: key), let entry else { return nil }
        let number = Int(asciiDigits: Array(text.utf8)[...])
        if let number, range.contains(number) { return number }
        let problem = number == nil ? "\(text.quoted) is not a whole number" : "\(text.quoted) is out of range"
        fault(
            line: entry.line, key.rawValue, problem,
            "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    fileprivate mutating func zone(_ entry: Entry?, zones: inout ZoneCatalog) -> TimeZoneRules? {
        let key = SettingsReading.Key.timezone
        guard let text = text(entry, key: key), let entry else { return nil }
        if let rules = zones.rules(of: text) { return rules }
        fault(line: entry.line, key.rawValue, ZoneCatalog.problem(with: text), ZoneCatalog.remedy(for: text))
        return nil
    }

    fileprivate mutating func slotMinutes(_ entry: Entry?) -> Int? {
        let key = SettingsReading.Key.slotMinutes
        guard let text = text(entry, key: key), let entry else { return nil }
        let allowed = (5...60).filter { 60 % $0 == 0 }
        if let minutes = Int(asciiDigits: Array(text.utf8)[...]), allowed.contains(minutes) { return minutes }
        fault(
            line: entry.line, key.rawValue, "\(text.quoted) does not divide an hour into slots",
            "expected one of \(allowed.map(String.init).joined(separator: ", "))")
        return nil
    }

    fileprivate mutating func monday(_ entry: Entry?) -> CivilDate? {
        let key = SettingsReading.Key.startsOn
        guard let text = text(entry, key: key), let entry else { return nil }
        guard let date = CivilDate(text) else {
            fault(
                line: entry.line, key.rawValue, "\(text.quoted) is not a date of the calendar",
                "expected a Monday like 2026-10-26")
            return nil
        }
        guard CivilDate.planned.contains(date) else {
            fault(line: entry.line, key.rawValue, "\(date) is out of range", CivilDate.plannedRemedy)
            return nil
        }
        guard date.weekday == .monday else {
            let monday = date.startOfWeek
            fault(
                line: entry.line, key.rawValue, "\(date) is not a Monday",
                "expected \(monday) or \(monday.advanced(byDays: 7))")
            return nil
        }
        return date
    }
}
