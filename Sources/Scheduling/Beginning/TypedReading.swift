import Coverage
import Foundation

/// Reads what somebody has typed who begins, and gathers what is wrong with it.
struct TypedReading {
    private(set) var faults: [String] = []

    private static let mostWeeks = 12
    private static let mostLibraries = 500
    private static let mostPeople = 5000

    // MARK: Settings

    mutating func settings(of typed: TypedConsortium) -> (consortium: Consortium, zone: TimeZoneRules)? {
        let name = typed.name.trimmed
        if name.isEmpty || name.count > 200 { faults.append("Name: write what the consortium is called.") }
        let zone = try? TimeZoneRules(identifier: typed.timeZone.trimmed)
        if zone == nil {
            faults.append(
                "Time zone: “\(typed.timeZone.shown)” is none. Write one like America/New_York or Europe/Berlin.")
        }
        let start = CivilDate(typed.startsOn.trimmed).flatMap { $0.weekday == .monday ? $0 : nil }
        if start == nil {
            faults.append("First day: “\(typed.startsOn.shown)” is no Monday. Write one like 2026-10-26.")
        }
        let weeks = Int(typed.weeks.trimmed).flatMap { (1...Self.mostWeeks).contains($0) ? $0 : nil }
        if weeks == nil { faults.append("Weeks: write a number from 1 to \(Self.mostWeeks).") }
        guard let zone, let start, let weeks else { return nil }
        let consortium = Consortium(
            name: name, timeZone: zone.identifier, slotMinutes: Self.slot(of: zone, on: start), startsOn: start,
            weeks: weeks)
        return (consortium, zone)
    }

    /// Slots are counted in UTC, and nine o'clock has to be the border of one.
    private static func slot(of zone: TimeZoneRules, on date: CivilDate) -> Int {
        let minute = zone.offsetSeconds(at: zone.firstInstant(ofDate: date)) / 60
        return [60, 30, 15].first { minute % $0 == 0 } ?? 5
    }

    // MARK: Libraries

    mutating func libraries(_ text: String, zone: TimeZoneRules?) -> [Library] {
        let lines = text.typedLines
        guard !lines.isEmpty else {
            faults.append("Libraries: write at least one, each on a line of its own.")
            return []
        }
        guard lines.count <= Self.mostLibraries else {
            faults.append("Libraries: \(lines.count) are more than \(Self.mostLibraries); import files for so many.")
            return []
        }
        var (known, ids): ([String: Int], Set<String>) = ([:], [])
        var libraries: [Library] = []
        // Each promises as much as the others, together what is wanted.
        let share = Thousandths((TypedConsortium.Usual.hours + lines.count - 1) / lines.count)
        for (number, name) in lines {
            if let earlier = known[name.lowercased()] {
                faults.append("Libraries, line \(number): “\(name.shown)” stands on line \(earlier) already.")
                continue
            }
            guard name.count <= 200 else {
                faults.append("Libraries, line \(number): a name has at most 200 characters.")
                continue
            }
            known[name.lowercased()] = number
            let id = Self.id(of: name, besides: &ids)
            libraries.append(
                Library(
                    id: Library.ID(id), name: name, kind: .public, timeZone: zone?.identifier ?? "UTC",
                    contributionHoursPerWeek: share))
        }
        return libraries.sorted { $0.id < $1.id }
    }

    /// An id made of a name: small letters and digits, `bay-county` for “Bay County”.
    private static func id(of name: String, besides taken: inout Set<String>) -> String {
        let plain = name.decomposedStringWithCanonicalMapping.lowercased().unicodeScalars.compactMap { scalar in
            scalar.properties.generalCategory == .nonspacingMark ? nil : Character(scalar)
        }
        let words = String(plain.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : " " })
            .split(separator: " ").joined(separator: "-").prefix(40)
        let base = words.isEmpty ? "library" : String(words)
        var (id, number) = (base, 2)
        while !taken.insert(id).inserted {
            id = "\(base)-\(number)"
            number += 1
        }
        return id
    }

    // MARK: People

    mutating func people(_ text: String, of libraries: [Library]) -> [Operator] {
        var lines = text.typedLines
        if lines.first?.text.lowercased().replacing(" ", with: "") == "name,email,library" { lines.removeFirst() }
        guard !lines.isEmpty else {
            faults.append("People: write at least one, as name, email address and library with commas between.")
            return []
        }
        guard lines.count <= Self.mostPeople else {
            faults.append("People: \(lines.count) are more than \(Self.mostPeople); import files for so many.")
            return []
        }
        let perWeek = Self.hoursPerWeek(ofEachOf: lines.count)
        var (counts, people): ([Library.ID: Int], [Operator]) = ([:], [])
        for (number, line) in lines {
            guard let (name, email, library) = person(line, number, libraries) else { continue }
            let count = (counts[library] ?? 0) + 1
            counts[library] = count
            people.append(
                Operator(
                    id: Operator.ID("\(library)-\(count.padded(to: 2))"), library: library, name: name, email: email,
                    skills: TypedConsortium.Usual.skills, maxHoursPerWeek: Thousandths(perWeek),
                    maxHoursPerDay: Thousandths(min(perWeek, 6)), chatCapacity: 2))
        }
        return people.sorted { $0.id < $1.id }
    }

    /// Their part of what is wanted and a quarter more, between 4 and 20.
    private static func hoursPerWeek(ofEachOf count: Int) -> Int {
        min(20, max(4, (TypedConsortium.Usual.hours * 5 / 4 + count - 1) / count))
    }

    private mutating func person(
        _ line: String, _ number: Int, _ libraries: [Library]
    ) -> (name: String, email: String, library: Library.ID)? {
        let fields = line.typedFields
        guard fields.count == 3, !fields[0].isEmpty, fields[0].count <= 200 else {
            faults.append(
                "People, line \(number): “\(line.shown)” should be a name, an email address and a library, with commas "
                    + "between.")
            return nil
        }
        if !fields[1].isEmpty, EmailAddress(fields[1]) == nil {
            faults.append(
                "People, line \(number): “\(fields[1].shown)” is no email address. Write one like ada@example.org, or "
                    + "nothing.")
        }
        let wanted = fields[2].lowercased()
        guard let library = libraries.first(where: { $0.name.lowercased() == wanted || $0.id.rawValue == wanted })
        else {
            faults.append(
                "People, line \(number): there is no library “\(fields[2].shown)”. Write one as it stands among the "
                    + "libraries.")
            return nil
        }
        return (fields[0], fields[1], library.id)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }

    /// As a message shows it: on one line, cut where it is long.
    fileprivate var shown: String {
        let plain = trimmed.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String.UnicodeScalarView(plain).prefix(60))
    }

    /// Lines on which something stands, with their numbers from 1.
    fileprivate var typedLines: [(number: Int, text: String)] {
        replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { ($0.offset + 1, String($0.element).trimmed) }.filter { !$0.1.isEmpty }
    }

    /// The fields of a line: between tabs, otherwise between commas that stand in no quotes.
    fileprivate var typedFields: [String] {
        if contains("\t") { return split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmed } }
        var (fields, field, isQuoted): ([String], String, Bool) = ([], "", false)
        for character in self {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                fields.append(field.trimmed)
                field = ""
            default: field.append(character)
            }
        }
        return fields + [field.trimmed]
    }
}
