import Coverage

/// When operators may be placed and how they like it, slot by slot.
///
/// Weekly rows are civil times in the zone of the operator's library. A slot lies in a row if the wall clock at its
/// start, and its length after that, lie in it: on the night when clocks go back the hour that comes twice is
/// available twice, and none is on the hour that is skipped.
package struct AvailabilityTable: Sendable {
    /// Operators × slots: the slot lies inside one of the operator's weekly rows.
    package private(set) var isAvailable: BitRows
    /// Operators × slots: the slot touches an absence.
    package private(set) var isAbsent: BitRows
    /// Libraries × slots: the local date is a closure.
    package private(set) var isClosed: BitRows
    /// Operators × slots, row by row: from -2 to 2.
    package private(set) var preference: [Int8]
    package let slots: Int

    /// - Parameters:
    ///   - bundle: The consortium.
    ///   - operators: The operators' indices.
    ///   - libraries: The libraries' indices.
    ///   - libraryOfOperator: For each operator the library.
    ///   - zones: For each operator the zone of the library.
    ///   - calendar: The slots.
    init(
        _ bundle: ConsortiumBundle, operators: [Operator.ID: Int], libraries: [Library.ID: Int],
        libraryOfOperator: [Int], zones: [TimeZoneRules], calendar: SlotCalendar
    ) {
        slots = calendar.count
        isAvailable = BitRows(rows: operators.count, columns: slots)
        isAbsent = BitRows(rows: operators.count, columns: slots)
        isClosed = BitRows(rows: libraries.count, columns: slots)
        preference = [Int8](repeating: 0, count: operators.count * slots)
        var clocks: [String: [LocalSlot]] = [:]
        for zone in zones where clocks[zone.identifier] == nil {
            clocks[zone.identifier] = Self.clock(zone, calendar)
        }
        var weekly = [[[Availability]]](repeating: [], count: operators.count)
        for row in bundle.availability {
            guard let person = operators[row.operator] else { continue }
            if weekly[person].isEmpty { weekly[person] = [[Availability]](repeating: [], count: 7) }
            weekly[person][row.weekday.rawValue].append(row)
        }
        for (person, rows) in weekly.enumerated() where !rows.isEmpty {
            fill(person, rows, clocks[zones[person].identifier] ?? [], calendar)
        }
        for absence in bundle.absences {
            guard let person = operators[absence.operator] else { continue }
            for slot in calendar.slots(touching: absence.during).clamped(to: 0..<slots) {
                isAbsent[person, slot] = true
            }
        }
        close(bundle.closures, libraries, libraryOfOperator, zones, clocks)
    }

    private struct LocalSlot {
        let date: CivilDate
        let weekday: Int
        let minute: Int
    }

    private static func clock(_ zone: TimeZoneRules, _ calendar: SlotCalendar) -> [LocalSlot] {
        (0..<calendar.count).map { slot in
            let moment = zone.civil(at: calendar.start(of: slot))
            return LocalSlot(date: moment.date, weekday: moment.date.weekday.rawValue, minute: moment.minuteOfDay)
        }
    }

    private mutating func fill(
        _ person: Int, _ weekly: [[Availability]], _ clock: [LocalSlot], _ calendar: SlotCalendar
    ) {
        for slot in calendar.period {
            let local = clock[slot]
            var liking = 0
            for row in weekly[local.weekday] where row.from.rawValue <= local.minute {
                if local.minute + calendar.slotMinutes <= row.to.rawValue { isAvailable[person, slot] = true }
                if local.minute < row.to.rawValue { liking += row.preference }
            }
            preference[person * slots + slot] = Int8(max(-2, min(2, liking)))
        }
    }

    private mutating func close(
        _ closures: [Closure], _ libraries: [Library.ID: Int], _ libraryOfOperator: [Int], _ zones: [TimeZoneRules],
        _ clocks: [String: [LocalSlot]]
    ) {
        let all = Set(closures.filter { $0.library == nil }.map(\.date))
        var own: [Int: Set<CivilDate>] = [:]
        for closure in closures {
            if let id = closure.library, let library = libraries[id] { own[library, default: []].insert(closure.date) }
        }
        var isDone = [Bool](repeating: false, count: libraries.count)
        for (person, library) in libraryOfOperator.enumerated() where !isDone[library] {
            isDone[library] = true
            let dates = all.union(own[library] ?? [])
            guard !dates.isEmpty, let clock = clocks[zones[person].identifier] else { continue }
            for (slot, local) in clock.enumerated() where dates.contains(local.date) { isClosed[library, slot] = true }
        }
    }
}
