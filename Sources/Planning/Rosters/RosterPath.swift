/// What surrounds the days of a row that are to be solved: what the rest of the row leaves, and how it joins them.
struct RosterPath {
    let person: Int
    let days: Range<Int>
    let fewestUnits: Int
    let mostUnits: Int
    let mostWeekends: Int
    let mostRun: Int
    let fewestRun: Int
    /// The fewest days off in a row.
    let daysOff: Int
    let families: Int
    /// Nodes are states: first days off in a row, 1 up to the fewest; then shifts in a row, for each all families.
    let states: Int
    /// The state at the end of the day before.
    let start: Int
    private let next: Next
    private let lastDay: Int

    private enum Next {
        case nothing
        case work(run: Int, mask: UInt64, touchesEnd: Bool)
        case off(run: Int, touchesEnd: Bool)
    }

    /// - Parameters:
    ///   - person: Whose row.
    ///   - days: The days that may change.
    ///   - rows: All rows, `person * days + day`.
    ///   - tables: The problem.
    ///   - isOpen: Whether the days after these are still to be filled: of what the limits on all days allow and ask
    ///     for, these days and those before then get their share.
    init(
        _ person: Int, _ days: Range<Int>, _ rows: borrowing FlatStore<Int16>, _ tables: RosterTables,
        isOpen: Bool = false
    ) {
        let limits = tables.problem.people[person]
        let base = person * tables.days
        self.person = person
        self.days = days
        families = tables.families
        mostRun = min(limits.mostConsecutiveShifts, tables.days)
        fewestRun = limits.fewestConsecutiveShifts
        daysOff = max(1, min(limits.fewestConsecutiveDaysOff, tables.days + 1))
        states = daysOff + mostRun * families
        var units = 0
        var weekends = 0
        for day in 0..<tables.days where !days.contains(day) {
            let shift = Int(rows[base + day])
            guard shift >= 0 else { continue }
            units += tables.units[shift]
            // A Sunday counts only where its Saturday does not.
            if day % 7 == 5 || day % 7 == 6 && rows[base + day - 1] < 0 { weekends += 1 }
        }
        let unit = tables.minutesPerUnit
        let fewest = (limits.fewestMinutes + unit - 1) / unit
        let most = limits.mostMinutes / unit
        if isOpen, days.upperBound < tables.days {
            let part = days.upperBound
            fewestUnits = max(0, fewest * part / tables.days - 2 * tables.longest - units)
            mostUnits = max(fewestUnits, min(most, most * part / tables.days + tables.longest) - units)
            let allowed = (limits.mostWeekends * part + tables.days - 1) / tables.days
            mostWeekends = min(max(0, allowed - weekends), days.count / 7 + 1)
        } else {
            fewestUnits = max(0, fewest - units)
            mostUnits = most - units
            mostWeekends = min(limits.mostWeekends - weekends, days.count / 7 + 1)
        }
        lastDay = tables.days - 1

        var run = 0
        var day = days.lowerBound - 1
        let worksBefore = day >= 0 && rows[base + day] >= 0
        while day >= 0, (rows[base + day] >= 0) == worksBefore {
            run += 1
            day -= 1
        }
        if worksBefore {
            start = daysOff + (run - 1) * families + tables.familyOf[Int(rows[base + days.lowerBound - 1])]
        } else {
            start = day < 0 ? daysOff - 1 : min(run, daysOff) - 1
        }
        guard days.upperBound < tables.days else {
            next = .nothing
            return
        }
        let first = Int(rows[base + days.upperBound])
        run = 0
        day = days.upperBound
        while day < tables.days, (rows[base + day] >= 0) == (first >= 0) {
            run += 1
            day += 1
        }
        if first >= 0 {
            next = .work(
                run: run, mask: tables.masks[tables.kindMask[tables.kindOf[first]]], touchesEnd: day == tables.days)
        } else {
            next = .off(run: run, touchesEnd: day == tables.days)
        }
    }

    func isFree(_ day: Int, _ tables: RosterTables) -> Bool {
        !tables.problem.people[person].daysOff.contains(day)
    }

    /// Whether a run of shifts of a length may end at a day's end.
    @inline(__always)
    func mayEnd(run: Int, on day: Int) -> Bool { run >= fewestRun || run == day + 1 }

    /// Whether the row goes on legally from a state at the end of the last of the days.
    func mayEnd(in state: Int) -> Bool {
        let day = days.upperBound - 1
        if state < daysOff {
            switch next {
            case .nothing: return true
            case .off(let run, let touchesEnd): return state + 1 + run >= daysOff || touchesEnd
            case .work(let run, _, let touchesEnd): return state + 1 >= daysOff && (run >= fewestRun || touchesEnd)
            }
        }
        let (above, family) = (state - daysOff).quotientAndRemainder(dividingBy: families)
        let run = above + 1
        switch next {
        case .nothing: return true
        case .off(let off, let touchesEnd): return mayEnd(run: run, on: day) && (off >= daysOff || touchesEnd)
        case .work(let more, let mask, let touchesEnd):
            return mask >> UInt64(family) & 1 == 1 && run + more <= mostRun
                && (run + more >= fewestRun || touchesEnd || run == day + 1)
        }
    }
}
