extension RosterRowSolver {
    /// Where a path stands.
    private struct Place {
        var state: Int
        var block: Int
        var weekend: Int
        var units: Int
    }

    /// Finds the cheapest end, and walks back by what each label can have come from.
    mutating func trace(
        _ path: RosterPath, _ vectors: Vectors, _ words: Int, _ costs: borrowing FlatStore<Int32>
    ) -> Int? {
        let count = path.days.count
        var best = Self.reachedBelow
        var place = Place(state: 0, block: 0, weekend: 0, units: 0)
        for state in 0..<path.states {
            let word = state < path.daysOff ? 0 : 1 + (state - path.daysOff) / path.families
            let bit = state < path.daysOff ? min(state, 63) : (state - path.daysOff) % path.families
            guard reached[count * words + word] >> UInt64(bit) & 1 == 1, path.mayEnd(in: state) else { continue }
            let base = (count * path.states + state) * vectors.size
            for row in 0..<vectors.blocks * vectors.weekends {
                for units in max(lowest[count], path.fewestUnits)..<highest[count] + 1 {
                    let value = labels[base + row * vectors.stride + units - lowest[count]]
                    guard value < best else { continue }
                    best = value
                    place = Place(
                        state: state, block: row / vectors.weekends, weekend: row % vectors.weekends, units: units)
                }
            }
        }
        guard best < Self.reachedBelow else { return nil }
        worked.fill(0..<tables.shiftCount, with: 0)
        var value = best
        for step in Swift.stride(from: count, to: 0, by: -1) {
            if place.state < path.daysOff {
                place = beforeDayOff(place, step, value, path, vectors, words)
                found[path.days.lowerBound + step - 1] = -1
            } else {
                let (before, shift) = beforeShift(place, step, value, path, vectors, words, costs)
                found[path.days.lowerBound + step - 1] = Int16(shift)
                worked[shift] += 1
                place = before
            }
            value = label(place, step - 1, path, vectors)
        }
        return Int(best)
    }

    private func label(_ place: Place, _ step: Int, _ path: RosterPath, _ vectors: Vectors) -> Int32 {
        let offset = place.units - lowest[step]
        guard offset >= 0, place.units <= highest[step] else { return Self.unreached }
        return labels[
            (step * path.states + place.state) * vectors.size + place.block * vectors.block
                + place.weekend * vectors.stride + offset]
    }

    private func isReached(_ state: Int, _ step: Int, _ path: RosterPath, _ words: Int) -> Bool {
        if state < path.daysOff { return reached[step * words] >> UInt64(min(state, 63)) & 1 == 1 }
        let (above, family) = (state - path.daysOff).quotientAndRemainder(dividingBy: path.families)
        return reached[step * words + 1 + above] >> UInt64(family) & 1 == 1
    }

    private func beforeDayOff(
        _ place: Place, _ step: Int, _ value: Int32, _ path: RosterPath, _ vectors: Vectors, _ words: Int
    ) -> Place {
        var before = place
        func fits(_ state: Int) -> Bool {
            before.state = state
            return isReached(state, step - 1, path, words) && label(before, step - 1, path, vectors) == value
        }
        if place.state > 0, fits(place.state - 1) { return before }
        if place.state == path.daysOff - 1, fits(place.state) { return before }
        let day = path.days.lowerBound + step - 1
        for run in 1..<max(1, path.mostRun + 1) where place.state == 0 && path.mayEnd(run: run, on: day - 1) {
            for family in 0..<path.families where fits(path.daysOff + (run - 1) * path.families + family) {
                return before
            }
        }
        preconditionFailure("a label came from nowhere")
    }

    private func beforeShift(
        _ place: Place, _ step: Int, _ value: Int32, _ path: RosterPath, _ vectors: Vectors, _ words: Int,
        _ costs: borrowing FlatStore<Int32>
    ) -> (Place, shift: Int) {
        let day = path.days.lowerBound + step - 1
        let (above, family) = (place.state - path.daysOff).quotientAndRemainder(dividingBy: path.families)
        for shift in 0..<tables.shiftCount where tables.familyOf[shift] == family && left[shift] > 0 {
            if pinned[day] >= 0, shift != Int(pinned[day]) { continue }
            let cost = pinned[day] >= 0 ? 0 : costs[day * tables.shiftCount + shift]
            guard cost < Self.reachedBelow else { continue }
            var before = place
            before.units -= tables.units[shift]
            before.weekend -= day % 7 == 5 || day % 7 == 6 && above == 0 ? 1 : 0
            var charge: Int32 = surcharge[shift]
            if let index = counted.firstIndex(where: { $0.shift == shift }) {
                charge = 0
                guard place.block / vectors.strides[index] % (vectors.mosts[index] + 1) > 0 else { continue }
                before.block -= vectors.strides[index]
            }
            guard before.weekend >= 0, before.units >= 0 else { continue }
            let wanted = value - cost - charge
            if above == 0 {
                before.state = path.daysOff - 1
                if isReached(before.state, step - 1, path, words), label(before, step - 1, path, vectors) == wanted {
                    return (before, shift)
                }
                continue
            }
            let mask = tables.masks[tables.kindMask[tables.kindOf[shift]]]
            for source in 0..<path.families where mask >> UInt64(source) & 1 == 1 {
                before.state = path.daysOff + (above - 1) * path.families + source
                if isReached(before.state, step - 1, path, words), label(before, step - 1, path, vectors) == wanted {
                    return (before, shift)
                }
            }
        }
        preconditionFailure("a label came from nowhere")
    }
}
