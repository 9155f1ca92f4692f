/// Stretches as arcs, from their start to each of their ends.
///
/// Bounds as in the file on starts.
extension RowSolver {
    /// A stretch as it grows, slot by slot.
    struct Arc {
        let number: Int
        let queue: Int
        /// Of all slots so far.
        var cost = 0
        var length = 0
        /// Slots that count towards the week.
        var inWeek = 0
        /// Slots that count towards the day on which it starts.
        var onFirstDay = 0
        /// Slots that count towards the day of its last slot, where that is another.
        var onLastDay = 0
        var crossesMidnight = false
        /// Whether a day in the middle, or the last, has too much.
        var isTooLong = false
    }

    /// Follows the stretches on a queue that start at a slot, from where ``begin(_:_:)`` laid out.
    func follow(_ slot: Int, _ number: Int) {
        let queue = tables.queues[row.person][number]
        let (shortest, longest) = (tables.shortest[queue], tables.longest[queue])
        let plane = starts.plane(slot, number)
        var arc = Arc(number: number, queue: queue)
        while arc.length < longest, grow(&arc, from: slot) {
            if arc.length >= shortest, mayEnd(arc, from: slot, joined: 0) { land(arc, from: slot, plane) }
        }
    }

    /// Follows the stretch that goes on from before the window.
    func extend(_ number: Int) {
        let queue = tables.queues[row.person][number]
        let first = row.window.lowerBound
        let longest = tables.longest[queue] - row.edges.lengthBefore
        var arc = Arc(number: number, queue: queue)
        while arc.length < longest, grow(&arc, from: first) {
            guard arc.length >= tables.shortest[queue], mayEnd(arc, from: first, joined: row.edges.lengthBefore)
            else { continue }
            let day = row.dayOfSlot[first]
            let (inWeek, onDay) = (units(arc.inWeek), units(arc.onFirstDay))
            guard inWeek <= row.most, onDay <= row.dayLimit[day] else { return }
            let end = first + arc.length
            let position =
                arc.crossesMidnight || isMidnight(end)
                ? inWeek * row.width + (isMidnight(end) ? 0 : units(arc.onLastDay)) : inWeek * row.width + onDay
            let flag = row.isStarted[dayOfEnd(end, day)] ? 1 : 0
            put(end, arc, flag, position, arc.cost + excess(arc, 0), StartTable.beforeWindow, inWeek)
        }
    }

    /// Adds the next slot; false if the stretch cannot have it.
    @inline(__always)
    private func grow(_ arc: inout Arc, from start: Int) -> Bool {
        let slot = start + arc.length
        guard slot < row.window.upperBound else { return false }
        let cost = units[arc.number * slots + slot]
        guard cost < Self.never else { return false }
        if arc.length > 0, row.dayOfSlot[slot] != row.dayOfSlot[slot - 1] {
            arc.crossesMidnight = true
            arc.onLastDay = 0
        }
        arc.cost += cost
        arc.length += 1
        arc.inWeek += Int(countsForWeek[slot])
        if arc.crossesMidnight {
            arc.onLastDay += Int(countsForDay[slot])
            if units(arc.onLastDay) > row.dayLimit[row.dayOfSlot[slot]] { return false }
        } else {
            arc.onFirstDay += Int(countsForDay[slot])
            if units(arc.onFirstDay) > row.dayLimit[row.dayOfSlot[slot]] { return false }
        }
        return units(arc.inWeek) <= row.most
    }

    /// Units of work for a number of slots, rounded up.
    @inline(__always)
    private func units(_ slots: Int) -> Int {
        row.grain == 1 ? slots : (slots + row.grain - 1) / row.grain
    }

    /// Whether a stretch may end where it does, given the stretch after the window; `joined` are slots before it.
    @inline(__always)
    private func mayEnd(_ arc: Arc, from start: Int, joined: Int) -> Bool {
        guard start + arc.length == row.window.upperBound, row.edges.gapAfter == 0, row.edges.queueAfter == arc.queue
        else { return true }
        return joined + arc.length + row.edges.lengthAfter <= tables.longest[arc.queue]
    }

    @inline(__always)
    private func isMidnight(_ slot: Int) -> Bool {
        slot < row.window.upperBound && row.dayOfSlot[slot] != row.dayOfSlot[slot - 1]
    }

    @inline(__always)
    private func dayOfEnd(_ end: Int, _ day: Int) -> Int {
        end < row.window.upperBound ? row.dayOfSlot[end] : day
    }

    /// What a green limit on the day's hours costs for a stretch after so many units on its first day.
    @inline(__always)
    private func excess(_ arc: Arc, _ before: Int) -> Int {
        guard row.isGreenDay else { return 0 }
        return row.dayExcess[before + units(arc.onFirstDay)] - row.dayExcess[before]
            + row.dayExcess[units(arc.onLastDay)]
    }

    /// Takes a stretch's end from all states of its start.
    @inline(__always)
    private func land(_ arc: Arc, from start: Int, _ plane: Int) {
        let end = start + arc.length
        let day = row.dayOfSlot[start]
        let (inWeek, onDay, width) = (units(arc.inWeek), units(arc.onFirstDay), row.width)
        let resets = arc.crossesMidnight || isMidnight(end)
        let position = isMidnight(end) ? 0 : units(arc.onLastDay)
        let flag = resets ? (row.isStarted[dayOfEnd(end, row.dayOfSlot[end - 1])] ? 1 : 0) : 1
        guard inWeek <= row.most, onDay <= row.dayLimit[day] else { return }
        for week in 0...row.most - inWeek {
            for before in 0...row.dayLimit[day] - onDay {
                let from = week * width + before
                let cost = starts.units[from]
                guard cost < Self.never else { continue }
                let target = (week + inWeek) * width + (resets ? position : before + onDay)
                put(end, arc, flag, target, cost + arc.cost + excess(arc, before), Int32(plane + from), week + inWeek)
            }
        }
    }

    /// Writes one state, if it is the cheapest of its kind.
    @inline(__always)
    private func put(
        _ end: Int, _ arc: Arc, _ flag: Int, _ position: Int, _ cost: Int, _ source: Int32, _ inWeek: Int
    ) {
        ends.reach(end, flag)
        let state = ends.plane(end, arc.number, flag) + position
        guard cost < ends.units[state] else { return }
        ends.units[state] = cost
        ends.source[state] = source
        let best = ends.plane(end, row.queues, flag) + position
        if cost < ends.units[best] {
            ends.units[best] = cost
            ends.source[best] = Int32(state)
        }
        let total = cost + tail(end, arc)
        if total < bestUnits[inWeek] {
            bestUnits[inWeek] = total
            bestEnd[inWeek] = Int32(state)
        }
    }

    /// What follows from ending before a slot: the break to the stretch after the window, or joining on to it.
    @inline(__always)
    private func tail(_ end: Int, _ arc: Arc) -> Int {
        guard let gapAfter = row.edges.gapAfter else { return 0 }
        let gap = gapAfter + row.window.upperBound - end
        guard gap < fullRest else { return 0 }
        if gap == 0, row.edges.queueAfter == arc.queue {
            return row.edges.joiningSavesBlock ? -tables.problem.rules.blockUnits : 0
        }
        return tables.breakUnits[gap]
    }
}
