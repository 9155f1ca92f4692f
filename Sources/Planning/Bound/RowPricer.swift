import Coverage

/// The cheapest week of one operator at given prices, day by day.
///
/// Days are solved exactly, each by dynamic programming over the ends of its stretches, and put together by the hours
/// of the week. What couples days beyond that is left out: the rest between a day's last stretch and the next day's
/// first, and the lengths of what crosses midnight. So no row that keeps the rules is cheaper than what is found.
struct RowPricer: ~Copyable {
    let tables: MoveTables
    private let engine: EngineTables
    /// Days × (the slot after a stretch's last, counted from the day's first) × (slots worked on the day): the least
    /// cost, the stretch's start and queue, and the end before it.
    private let ends: FlatStore<Int>
    private let startOfEnd: FlatStore<Int16>
    private let queueOfEnd: FlatStore<Int16>
    private let endBefore: FlatStore<Int16>
    /// Slots worked before a start: the least cost and the end before.
    private let starts: FlatStore<Int>
    private let startSource: FlatStore<Int16>
    /// Days × slots worked: the least cost and the last stretch's end.
    private let days: FlatStore<Int>
    private let endOfDay: FlatStore<Int16>
    private let firstSlot: FlatStore<Int32>
    /// Days taken together × slots worked: the least cost and the slots of the last day.
    private let sums: FlatStore<Int>
    private let choice: FlatStore<Int16>
    private let width: Int
    private let height: Int
    private let isGreenDay: Bool
    private let isGreenWeek: Bool

    private static let mostDays = 9

    init(_ week: Int, _ engine: EngineTables) {
        self.engine = engine
        tables = MoveTables(week, engine, withFixed: true)
        isGreenDay = engine.isGreenDay
        isGreenWeek = engine.isGreenWeek
        var longestDay = 0
        var day: [Int: Int] = [:]
        for number in engine.weeks[week].dayOfSlot {
            day[number, default: 0] += 1
            longestDay = max(longestDay, day[number] ?? 0)
        }
        height = longestDay + 1
        width = min(longestDay, engine.slotsPerDay.max() ?? 0) + 1
        let mostWeek = min(tables.slots, engine.slotsPerWeek.max() ?? 0)
        let area = Self.mostDays * height * width
        ends = FlatStore(count: area, repeating: RowSolver.never)
        startOfEnd = FlatStore(count: area, repeating: 0)
        queueOfEnd = FlatStore(count: area, repeating: 0)
        endBefore = FlatStore(count: area, repeating: -1)
        starts = FlatStore(count: width, repeating: RowSolver.never)
        startSource = FlatStore(count: width, repeating: -1)
        days = FlatStore(count: Self.mostDays * width, repeating: RowSolver.never)
        endOfDay = FlatStore(count: Self.mostDays * width, repeating: -1)
        firstSlot = FlatStore(count: Self.mostDays, repeating: 0)
        sums = FlatStore(count: (Self.mostDays + 1) * (mostWeek + 1), repeating: RowSolver.never)
        choice = FlatStore(count: (Self.mostDays + 1) * (mostWeek + 1), repeating: 0)
    }

    /// Finds an operator's cheapest week.
    ///
    /// - Parameters:
    ///   - person: One of the tables' people.
    ///   - prices: For each cell, queue × slots + slot, what being there costs beside preference.
    ///   - perSlot: What each slot worked costs in addition.
    ///   - taken: Told each cell of the week that was found.
    /// - Returns: What the week costs; 0 or less, as not to work costs nothing.
    func cheapest(
        _ person: Int, prices: borrowing FlatStore<Int>, perSlot: Int, taken: (Int) -> Void
    ) -> Int {
        let first = Int(tables.freeStart[person])
        let last = Int(tables.freeStart[person + 1])
        let most = min(Int(tables.perWeek[person]), last - first)
        let onDay = min(Int(tables.perDay[person]), width - 1, most)
        guard onDay > 0 else { return 0 }
        var count = 0
        var index = first
        while index < last {
            let day = tables.dayOfSlot[Int(tables.freeSlot[index])]
            var end = index
            while end < last, tables.dayOfSlot[Int(tables.freeSlot[end])] == day { end += 1 }
            if solveDay(count, index..<end, person, onDay, prices, perSlot) { count += 1 }
            index = end
        }
        return combine(person, count, most, onDay, taken)
    }

    /// Solves one day; false if nobody would work on it.
    private func solveDay(
        _ number: Int, _ free: Range<Int>, _ person: Int, _ most: Int, _ prices: borrowing FlatStore<Int>,
        _ perSlot: Int
    ) -> Bool {
        let first = Int(tables.freeSlot[free.lowerBound])
        let span = Int(tables.freeSlot[free.upperBound - 1]) + 1 - first
        let base = number * height * width
        ends.fill(base..<base + (span + 1) * width, with: RowSolver.never)
        firstSlot[number] = Int32(first)
        for slots in 1...most { days[number * width + slots] = RowSolver.never }
        days[number * width] = 0
        endOfDay[number * width] = -1
        let full = tables.breakUnits.count
        for index in free {
            let start = Int(tables.freeSlot[index]) - first
            for slots in 0..<most {
                starts[slots] = RowSolver.never
                startSource[slots] = -1
            }
            starts[0] = 0
            for end in 0..<start + 1 where end > 0 {
                let gap = start - end
                let pause = gap < full ? tables.breakUnits[gap] : 0
                guard pause < RowSolver.never else { continue }
                let extra = pause + tables.blockUnits
                for slots in 1..<max(1, most) {
                    let cost = ends[base + end * width + slots] + extra
                    if cost < starts[slots] {
                        starts[slots] = cost
                        startSource[slots] = Int16(end)
                    }
                }
            }
            let queueRange = Int(tables.queueStart[person])..<Int(tables.queueStart[person + 1])
            for place in queueRange {
                follow(
                    number, start, first, index, free.upperBound, Int(tables.queueList[place]), person, most, prices,
                    perSlot)
            }
        }
        var isUseful = false
        for slots in 1...most where days[number * width + slots] < RowSolver.never {
            if isGreenDay { days[number * width + slots] += excess(ofDay: slots, person) }
            isUseful = isUseful || days[number * width + slots] < 0
        }
        return isUseful
    }

    /// Follows the stretches on a queue from a start of a day.
    @inline(__always)
    private func follow(
        _ number: Int, _ start: Int, _ first: Int, _ index: Int, _ endIndex: Int, _ queue: Int, _ person: Int,
        _ most: Int, _ prices: borrowing FlatStore<Int>, _ perSlot: Int
    ) {
        let base = number * height * width
        let (shortest, longest) = (Int(tables.shortest[queue]), min(most, Int(tables.longest[queue])))
        var cost = 0
        var length = 0
        while length < longest, index + length < endIndex {
            let slot = Int(tables.freeSlot[index + length])
            guard slot == first + start + length, tables.target[queue * tables.slots + slot] >= 0 else { return }
            cost += prices[queue * tables.slots + slot] + perSlot + tables.dislike[person * tables.slots + slot]
            length += 1
            let isAtMidnight =
                slot + 1 == tables.slots || tables.dayOfSlot[slot + 1] != tables.dayOfSlot[slot]
                || isDayStart(first + start)
            guard length >= shortest || isAtMidnight else { continue }
            let end = base + (start + length) * width
            for before in 0...most - length where starts[before] < RowSolver.never {
                let total = starts[before] + cost
                let state = end + before + length
                guard total < ends[state] else { continue }
                ends[state] = total
                startOfEnd[state] = Int16(start)
                queueOfEnd[state] = Int16(queue)
                endBefore[state] = startSource[before]
                let day = number * width + before + length
                if total < days[day] {
                    days[day] = total
                    endOfDay[day] = Int16(start + length)
                }
            }
        }
    }

    private func isDayStart(_ slot: Int) -> Bool {
        slot == 0 || tables.dayOfSlot[slot - 1] != tables.dayOfSlot[slot]
    }

    /// Chooses how much to work on each day.
    private func combine(_ person: Int, _ count: Int, _ most: Int, _ onDay: Int, _ taken: (Int) -> Void) -> Int {
        let row = most + 1
        for slots in 0...most { sums[slots] = slots == 0 ? 0 : RowSolver.never }
        for day in 0..<count {
            for slots in 0...most {
                var (least, best) = (sums[day * row + slots], 0)
                for today in 1..<max(1, min(onDay, slots) + 1) {
                    let cost = sums[day * row + slots - today] + days[day * width + today]
                    if cost < least { (least, best) = (cost, today) }
                }
                sums[(day + 1) * row + slots] = least
                choice[(day + 1) * row + slots] = Int16(best)
            }
        }
        var (least, slots) = (0, 0)
        for worked in 1..<max(1, most + 1) where sums[count * row + worked] < RowSolver.never {
            let cost = sums[count * row + worked] + (isGreenWeek ? excess(ofWeek: worked, person) : 0)
            if cost < least { (least, slots) = (cost, worked) }
        }
        var day = count
        while day > 0 {
            let today = Int(choice[day * row + slots])
            trace(day - 1, today, taken)
            slots -= today
            day -= 1
        }
        return least
    }

    private func trace(_ day: Int, _ worked: Int, _ taken: (Int) -> Void) {
        var left = worked
        var end = left > 0 ? Int(endOfDay[day * width + left]) : -1
        while left > 0, end > 0 {
            let state = day * height * width + end * width + left
            let start = Int(startOfEnd[state])
            for slot in start..<end { taken(Int(queueOfEnd[state]) * tables.slots + Int(firstSlot[day]) + slot) }
            left -= end - start
            end = Int(endBefore[state])
        }
    }

    private func excess(ofDay slots: Int, _ person: Int) -> Int {
        let problem = engine.problem
        return problem.rules.excessUnits(
            .maxHoursPerDay, slots: slots, limit: problem.operators[person].maxHoursPerDay)
    }

    private func excess(ofWeek slots: Int, _ person: Int) -> Int {
        let problem = engine.problem
        return problem.rules.excessUnits(
            .maxHoursPerWeek, slots: slots, limit: problem.operators[person].maxHoursPerWeek)
    }
}
