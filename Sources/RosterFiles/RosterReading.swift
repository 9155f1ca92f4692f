import Planning

/// An instance being read: what is known of it, and what was found wrong.
struct RosterReading {
    let limits: RosterLimits
    var faults: RosterFaults
    private var sections: [RosterSection: [RosterLine]] = [:]
    private var days = 0
    private var shifts: [RosterProblem.ShiftType] = []
    private var shiftIndex: [Substring: Int] = [:]
    private var people: [RosterProblem.Person] = []
    private var personIndex: [Substring: Int] = [:]
    private var requests: [RosterProblem.Request] = []
    private var cover: [RosterProblem.Cover] = []
    private var lastLine = 1
    /// The largest weight.
    private var heaviest = 0

    init(limits: RosterLimits, faults: RosterFaults) {
        self.limits = limits
        self.faults = faults
    }

    var problem: RosterProblem {
        RosterProblem(days: days, shifts: shifts, people: people, requests: requests, cover: cover)
    }

    mutating func read(_ lines: [(number: Int, text: Substring)]) {
        sort(lines)
        readHorizon()
        readShifts()
        readStaff()
        // What stands on these is not worth a fault for each line that names them.
        guard days > 0, !shifts.isEmpty, !people.isEmpty else { return }
        readDaysOff()
        readRequests(.requestsForWork)
        readRequests(.requestsAgainstWork)
        readCover()
    }

    // MARK: Sections

    private mutating func sort(_ lines: [(number: Int, text: Substring)]) {
        var section: RosterSection?
        var isKnown = true
        for (number, text) in lines where !text.isEmpty {
            lastLine = number
            if text.hasPrefix("#") { continue }
            if text.hasPrefix("SECTION_") {
                section = RosterSection(rawValue: String(text))
                isKnown = section != nil
                begin(section, text, number)
            } else if let section {
                add(RosterLine(number: number, text: text), to: section)
            } else if isKnown {
                faults.add(number, "\(text.quoted) is in no section", "expected SECTION_HORIZON first")
                isKnown = false
            }
        }
        for missing in RosterSection.allCases where sections[missing] == nil {
            faults.add(
                lastLine, "the file ends without \(missing.rawValue)",
                "expected all of \(RosterSection.allCases.map(\.rawValue).joined(separator: ", ")): is it cut off?")
        }
    }

    private mutating func begin(_ section: RosterSection?, _ text: Substring, _ number: Int) {
        guard let section else {
            faults.add(
                number, "there is no section \(text.quoted)",
                "expected one of \(RosterSection.allCases.map(\.rawValue).joined(separator: ", "))")
            return
        }
        guard sections[section] == nil else {
            faults.add(number, "\(section.rawValue) is there a second time", "expected each section once")
            return
        }
        sections[section] = []
    }

    private mutating func add(_ line: RosterLine, to section: RosterSection) {
        guard section.widths.contains(line.fields.count) else {
            let expected = section.fields.joined(separator: ", ")
            faults.add(
                line.number, section.fields[min(line.fields.count, section.fields.count - 1)],
                "the line has \(line.fields.count) fields", "expected \(expected)")
            return
        }
        sections[section, default: []].append(line)
    }

    // MARK: Horizon and shifts

    private mutating func readHorizon() {
        guard let lines = sections[.horizon] else { return }
        guard lines.count == 1 else {
            faults.add(
                lines.last?.number ?? lastLine, "days", "the horizon has \(lines.count) lines", "expected one number")
            return
        }
        days = number(lines[0], 0, in: .horizon, 1...limits.days) ?? 0
    }

    private mutating func readShifts() {
        guard let lines = sections[.shifts] else { return }
        if lines.isEmpty { faults.add(lastLine, "ShiftID", "there is no shift", "expected at least one") }
        if lines.count > limits.shiftTypes {
            faults.add(
                lines[limits.shiftTypes].number, "ShiftID", "there are \(lines.count) shifts",
                "expected at most \(limits.shiftTypes)")
            return
        }
        for line in lines where isName(line, in: .shifts) {
            if shiftIndex.updateValue(shiftIndex.count, forKey: line.fields[0]) != nil {
                faults.add(line.number, "ShiftID", "\(line.fields[0].quoted) is there twice", "expected each id once")
            }
        }
        shiftIndex = [:]
        for (index, line) in lines.enumerated() where shiftIndex[line.fields[0]] == nil {
            shiftIndex[line.fields[0]] = index
        }
        for line in lines {
            let minutes = number(line, 1, in: .shifts, 1...1440) ?? 1
            let names = line.fields.count > 2 ? line.fields[2].split(separator: "|") : []
            let never = names.compactMap { shift($0.trimmed, line, "cannot follow") }
            shifts.append(.init(id: String(line.fields[0]), minutes: minutes, neverBefore: Set(never)))
        }
    }

    private mutating func isName(_ line: RosterLine, in section: RosterSection) -> Bool {
        let name = line.fields[0]
        let isGood =
            !name.isEmpty && name != "-" && !name.contains { $0 == " " || $0 == "\t" || $0 == "|" || $0 == "=" }
        if !isGood {
            faults.add(
                line.number, section.fields[0], name.isEmpty ? "the id is empty" : "\(name.quoted) is no id",
                "expected letters, digits or signs other than - alone, =, | and spaces")
        }
        return isGood
    }

    // MARK: Staff

    private mutating func readStaff() {
        guard let lines = sections[.staff] else { return }
        if lines.isEmpty { faults.add(lastLine, "ID", "there is nobody", "expected at least one employee") }
        if lines.count > limits.people || lines.count * max(1, days) * max(1, shifts.count) > limits.cells {
            faults.add(
                lines.first?.number ?? 1, "ID",
                "\(lines.count) people, \(days) days and \(shifts.count) shifts are more than can be solved",
                "expected at most \(limits.people) people and \(limits.cells) of all multiplied")
            return
        }
        for line in lines where isName(line, in: .staff) {
            if personIndex[line.fields[0]] != nil {
                faults.add(line.number, "ID", "\(line.fields[0].quoted) is there twice", "expected each id once")
                continue
            }
            personIndex[line.fields[0]] = people.count
            people.append(person(line))
        }
    }

    private mutating func person(_ line: RosterLine) -> RosterProblem.Person {
        let most = mostOfType(line)
        let mostMinutes = number(line, 2, in: .staff, 0...limits.minutes)
        let fewestMinutes = number(line, 3, in: .staff, 0...limits.minutes)
        let mostConsecutive = number(line, 4, in: .staff, 0...limits.days)
        let fewestConsecutive = number(line, 5, in: .staff, 0...limits.days)
        let daysOff = number(line, 6, in: .staff, 0...60)
        let weekends = number(line, 7, in: .staff, 0...limits.days)
        if let mostMinutes, let fewestMinutes, fewestMinutes > mostMinutes {
            faults.add(
                line.number, "MinTotalMinutes", "\(fewestMinutes) is more than MaxTotalMinutes, \(mostMinutes)",
                "expected at most that")
        }
        return .init(
            id: String(line.fields[0]), mostOfType: most, minutes: (fewestMinutes ?? 0, mostMinutes ?? 0),
            mostConsecutiveShifts: mostConsecutive ?? 0, fewestConsecutiveShifts: fewestConsecutive ?? 0,
            fewestConsecutiveDaysOff: daysOff ?? 0, mostWeekends: weekends ?? 0)
    }

    private mutating func mostOfType(_ line: RosterLine) -> [Int] {
        var most = [Int](repeating: 0, count: shifts.count)
        for pair in line.fields[1].split(separator: "|") {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map(\.trimmed)
            guard parts.count == 2 else {
                faults.add(line.number, "MaxShifts", "\(pair.quoted) is no limit", "expected one like D=14")
                continue
            }
            guard let shift = shift(parts[0], line, "MaxShifts"),
                let limit = number(parts[1], line.number, "MaxShifts", 0...limits.days)
            else { continue }
            most[shift] = limit
        }
        return most
    }

    private mutating func readDaysOff() {
        for line in sections[.daysOff] ?? [] {
            guard let person = person(line.fields[0], line) else { continue }
            for field in line.fields.dropFirst() where !field.isEmpty {
                guard let day = number(field, line.number, "DayIndexes", 0...days - 1) else { continue }
                people[person].daysOff.insert(day)
            }
        }
    }

    // MARK: Requests and cover

    private mutating func readRequests(_ section: RosterSection) {
        var seen = Set<[Int]>()
        for line in sections[section] ?? [] {
            let person = person(line.fields[0], line)
            let day = number(line, 1, in: section, 0...days - 1)
            let shift = shift(line.fields[2], line, "ShiftID")
            let weight = number(line, 3, in: section, 0...limits.weight)
            guard let person, let day, let shift, let weight else { continue }
            guard seen.insert([person, day, shift]).inserted else {
                faults.add(line.number, "Day", "the request is there twice", "expected each request once")
                continue
            }
            heaviest = max(heaviest, weight)
            requests.append(
                .init(person: person, day: day, shift: shift, weight: weight, isForWork: section == .requestsForWork))
        }
    }

    private mutating func readCover() {
        guard let lines = sections[.cover] else { return }
        var seen = Set<Int>()
        var covered = Set<Int>()
        for line in lines {
            let day = number(line, 0, in: .cover, 0...days - 1)
            let shift = shift(line.fields[1], line, "ShiftID")
            let wanted = number(line, 2, in: .cover, 0...limits.people)
            let under = number(line, 3, in: .cover, 0...limits.weight)
            let over = number(line, 4, in: .cover, 0...limits.weight)
            if let day { covered.insert(day) }
            guard let day, let shift, let wanted, let under, let over else { continue }
            guard seen.insert(day * shifts.count + shift).inserted else {
                faults.add(
                    line.number, "Day", "day \(day) and \(shifts[shift].id.quotedWhole) are there twice",
                    "expected one line for each day and shift")
                continue
            }
            heaviest = max(heaviest, under, over)
            cover.append(.init(day: day, shift: shift, wanted: wanted, weightUnder: under, weightOver: over))
        }
        if heaviest * days >= 1 << 26 {
            faults.add(
                lastLine, "Weight", "weights up to \(heaviest) on \(days) days are more than can be added up",
                "expected at most \((1 << 26) / days)")
        }
        if faults.isEmpty, let day = (0..<days).first(where: { !covered.contains($0) }) {
            faults.add(
                lastLine, "Day", "the cover of day \(day) is missing",
                "expected at least one line for each of the \(days) days: is the file cut off?")
        }
    }

    // MARK: Fields

    private mutating func person(_ name: Substring, _ line: RosterLine) -> Int? {
        if let person = personIndex[name] { return person }
        faults.add(line.number, "EmployeeID", "there is no employee \(name.quoted)", "expected an ID of SECTION_STAFF")
        return nil
    }

    private mutating func shift(_ name: Substring, _ line: RosterLine, _ field: String) -> Int? {
        if let shift = shiftIndex[name] { return shift }
        let known = shiftIndex.sorted { $0.value < $1.value }.map { String($0.key) }
        let shown = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
        faults.add(line.number, field, "there is no shift \(name.quoted)", "expected one of \(shown)")
        return nil
    }

    private mutating func number(
        _ line: RosterLine, _ index: Int, in section: RosterSection, _ range: ClosedRange<Int>
    ) -> Int? {
        number(line.fields[index], line.number, section.fields[index], range)
    }

    private mutating func number(
        _ text: Substring, _ line: Int, _ field: String, _ range: ClosedRange<Int>
    ) -> Int? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : text
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isNumber, let value = Int(text), range.contains(value) { return value }
        let complaint =
            text.isEmpty
            ? "the value is empty"
            : "\(text.quoted) " + (isNumber ? isNegative ? "is negative" : "is out of range" : "is not a whole number")
        faults.add(line, field, complaint, "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }
}

extension String {
    /// The text in quotes.
    fileprivate var quotedWhole: String { self[...].quoted }
}
