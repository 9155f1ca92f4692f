/// One slot after the other: what a stretch that starts there costs, and where it can end.
///
/// Bounds, for all of this file: slots run from the window's first to its end, both inside the week; queue numbers are
/// below the row's; positions in a plane are `units in the week * width + units on the day`, with the two at most
/// `most` and `width - 1`: each loop below says so in its limits.
extension RowSolver {
    /// Follows all stretches that start at a slot.
    mutating func relax(_ slot: Int) {
        var isOpen = false
        for number in 0..<row.queues where units[number * slots + slot] < Self.never { isOpen = true }
        guard isOpen else { return }
        restUp(to: slot)
        gather(slot)
        for number in 0..<row.queues where units[number * slots + slot] < Self.never {
            if joinsBefore(slot, number) { extend(number) }
            begin(slot, number)
            follow(slot, number)
        }
    }

    /// Takes in the ends after which a full rest is over by the time of a slot.
    private mutating func restUp(to slot: Int) {
        let day = row.dayOfSlot[slot]
        let flag = row.isStarted[day] ? 1 : 0
        if restedDay != day {
            if restedDay >= 0 { collapseRested(flag) }
            restedDay = day
        }
        if !isBeforeRested, (row.edges.gapBefore ?? fullRest) + slot - row.window.lowerBound >= fullRest {
            isBeforeRested = true
            // Nothing was worked before the window: position 0 of a plane.
            starts.rested[flag * row.area] = 0
            starts.restedSource[flag * row.area] = StartTable.nothing
        }
        while restedEnd <= slot - fullRest {
            merge(restedEnd, extra: 0, slot, into: starts.rested, starts.restedSource)
            restedEnd += 1
        }
    }

    /// Moves all rested states to a day on which nothing is worked yet.
    private func collapseRested(_ flag: Int) {
        let area = row.area
        for first in stride(from: 0, to: area, by: row.width) {
            var (least, source) = (Self.never, StartTable.nothing)
            for flag in 0...1 {
                for index in flag * area + first..<flag * area + first + row.width {
                    if starts.rested[index] < least {
                        (least, source) = (starts.rested[index], starts.restedSource[index])
                    }
                    starts.rested[index] = Self.never
                }
            }
            starts.rested[flag * area + first] = least
            starts.restedSource[flag * area + first] = source
        }
    }

    /// Takes the best states that end before one slot as states at a later slot.
    @inline(__always)
    private func merge(
        _ end: Int, extra: Int, _ slot: Int, into store: borrowing FlatStore<Int>,
        _ sources: borrowing FlatStore<Int32>
    ) {
        guard ends.isReached[end] != 0 else { return }
        let area = row.area
        let day = row.dayOfSlot[slot]
        let sameDay = row.dayOfSlot[end] == day
        let newFlag = row.isStarted[day] ? 1 : 0
        for flag in 0...1 where ends.isReached(end, flag) {
            let plane = ends.plane(end, row.queues, flag)
            if sameDay {
                for index in 0..<area {
                    let cost = ends.units[plane + index] + extra
                    if cost < store[flag * area + index] {
                        store[flag * area + index] = cost
                        sources[flag * area + index] = ends.source[plane + index]
                    }
                }
                continue
            }
            for first in stride(from: 0, to: area, by: row.width) {
                let target = newFlag * area + first
                for index in plane + first..<plane + first + row.width where ends.units[index] + extra < store[target] {
                    store[target] = ends.units[index] + extra
                    sources[target] = ends.source[index]
                }
            }
        }
    }

    /// Lays out what the row costs up to a slot for those who may start there, whatever the queue.
    private func gather(_ slot: Int) {
        let area = row.area
        for index in 0..<2 * area {
            starts.open[index] = starts.rested[index]
            starts.openSource[index] = starts.restedSource[index]
        }
        var gap = 1
        while gap < fullRest, slot - gap > row.window.lowerBound {
            let extra = tables.breakUnits[gap]
            if extra < Self.never { merge(slot - gap, extra: extra, slot, into: starts.open, starts.openSource) }
            gap += 1
        }
        guard !isBeforeRested, let gapBefore = row.edges.gapBefore else { return }
        let sinceBefore = gapBefore + slot - row.window.lowerBound
        if sinceBefore > 0, tables.breakUnits[sinceBefore] < Self.never {
            let first = row.isStarted[row.dayOfSlot[slot]] ? area : 0
            starts.open[first] = min(starts.open[first], tables.breakUnits[sinceBefore])
            starts.openSource[first] = StartTable.nothing
        }
    }

    /// Lays out what the row costs up to a stretch on a queue: each start on a day after the first costs more, and
    /// no stretch follows one on the same queue at once.
    private func begin(_ slot: Int, _ number: Int) {
        let (area, block) = (row.area, tables.problem.rules.blockUnits)
        let plane = starts.plane(slot, number)
        for index in 0..<area {
            let (fresh, started) = (starts.open[index], starts.open[area + index] + block)
            starts.units[index] = min(fresh, started)
            starts.source[plane + index] = fresh <= started ? starts.openSource[index] : starts.openSource[area + index]
        }
        guard tables.breakUnits[0] < Self.never else { return }
        for flag in 0...1 where ends.isReached(slot, flag) {
            let extra = flag == 0 ? 0 : block
            for other in 0..<row.queues where other != number {
                let end = ends.plane(slot, other, flag)
                for index in 0..<area where ends.units[end + index] + extra < starts.units[index] {
                    starts.units[index] = ends.units[end + index] + extra
                    starts.source[plane + index] = Int32(end + index)
                }
            }
        }
        if slot == row.window.lowerBound, row.edges.gapBefore == 0, row.edges.queueBefore != queue(number) {
            let cost = row.isStarted[row.dayOfSlot[slot]] ? block : 0
            if cost < starts.units[0] {
                starts.units[0] = cost
                starts.source[plane] = StartTable.nothing
            }
        }
    }

    private func queue(_ number: Int) -> Int { tables.queues[row.person][number] }

    private func joinsBefore(_ slot: Int, _ number: Int) -> Bool {
        slot == row.window.lowerBound && row.edges.gapBefore == 0 && row.edges.queueBefore == queue(number)
    }
}
