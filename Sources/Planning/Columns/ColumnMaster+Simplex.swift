extension ColumnMaster {
    /// Goes on until no known column makes it cheaper: the primal simplex method.
    ///
    /// - Parameter isOver: Asked now and then whether to stop early.
    mutating func solve(_ isOver: () -> Bool) {
        var candidates: [(variable: Int, gain: Double)] = []
        while !isOver() {
            if pivotsSinceInversion > Self.pivotsUntilInversion { invert() }
            list(&candidates)
            // Values change with every pivot: those that have become half as good are left to the next list.
            candidates.sort { ($0.gain, $1.variable) > ($1.gain, $0.variable) }
            var taken = 0
            for candidate in candidates where place[candidate.variable] < 0 {
                let reduced = reducedCost(candidate.variable)
                let gain = isAtMost[candidate.variable] ? reduced : -reduced
                guard gain > candidate.gain / 3, gain > Self.tolerance else { continue }
                if pivot(candidate.variable, reduced) { taken += 1 }
                if taken % 64 == 63, isOver() { return }
            }
            if taken == 0 { return }
        }
    }

    /// What would make it cheaper: all steps, and for each group the best column.
    private func list(_ candidates: inout [(variable: Int, gain: Double)]) {
        candidates.removeAll(keepingCapacity: true)
        for variable in 0..<steps where place[variable] < 0 {
            let reduced = reducedCost(variable)
            let gain = isAtMost[variable] ? reduced : -reduced
            if gain > Self.tolerance { candidates.append((variable, gain)) }
        }
        for group in 0..<groups {
            var (best, found) = (Self.tolerance, -1)
            for column in columnsOf[group] {
                let variable = steps + Int(column)
                guard place[variable] < 0, most[variable] > 0 else { continue }
                let gain = -reducedCost(variable)
                if gain > best { (best, found) = (gain, variable) }
            }
            if found >= 0 { candidates.append((found, best)) }
        }
    }

    /// Has a variable enter the basis, or go from nothing to its most or back.
    private mutating func pivot(_ variable: Int, _ reduced: Double) -> Bool {
        setDirection(variable)
        let sign: Double = isAtMost[variable] ? -1 : 1
        var least = most[variable]
        // First how far it can go if all bounds give way a little, then the clearest of the rows that stop it before.
        var farthest = least
        for row in 0..<size {
            let slope = sign * direction[row]
            guard abs(slope) > Self.tolerance else { continue }
            farthest = min(farthest, (room(row, slope) + 1e-9) / abs(slope))
        }
        var (leaving, steepest, toMost) = (-1, 0.0, false)
        for row in 0..<size {
            let slope = sign * direction[row]
            guard abs(slope) > max(Self.tolerance, steepest) else { continue }
            let ratio = room(row, slope) / abs(slope)
            if ratio <= farthest, ratio < .infinity {
                (leaving, least, steepest, toMost) = (row, ratio, abs(slope), slope < 0)
            }
        }
        guard least < .infinity, leaving < 0 || steepest > 1e-6 else { return false }
        values.add(direction, from: 0, times: -sign * least, count: size)
        guard leaving >= 0 else {
            isAtMost[variable].toggle()
            return true
        }
        let start = isAtMost[variable] ? most[variable] : 0
        replace(leaving, by: variable, reduced: reduced, leavesAtMost: toMost && most[Int(basis[leaving])] > 0)
        values[leaving] = start + sign * least
        return true
    }

    /// How far a row's value may go down, or up where the slope is below zero.
    @inline(__always)
    private func room(_ row: Int, _ slope: Double) -> Double {
        max(0, slope > 0 ? values[row] : most[Int(basis[row])] - values[row])
    }

    /// Brings what is below nothing or above its most back, at the least cost: the dual simplex method.
    ///
    /// Where groups have just kept columns, those of their others that had a share are above their most, and all costs
    /// are as good as they were: a few pivots mend it, where the primal method would begin anew (Lemke 1954). Which row
    /// is mended next goes by approximate lengths of edges (Forrest and Goldfarb, "Steepest-edge simplex algorithms for
    /// linear programming", 1992).
    ///
    /// - Returns: Whether it came to an end; otherwise nothing can be said of values.
    mutating func repair(_ isOver: () -> Bool) -> Bool {
        weights.fill(0..<size, with: 1)
        for done in 1...8 * size + 1000 {
            guard let (row, isAbove) = worst() else { return true }
            if done % 64 == 0, isOver() { return false }
            if pivotsSinceInversion > Self.pivotsUntilInversion { invert() }
            for column in 0..<size { slope[column] = inverse[row * size + column] }
            guard let entering = entering(isAbove: isAbove) else { return false }
            setDirection(entering)
            let exact = product(entering, slope)
            guard abs(direction[row] - exact) < 1e-6 * (1 + abs(exact)) else {
                guard pivotsSinceInversion > 0 else { return false }
                invert()
                continue
            }
            let bound = isAbove ? most[Int(basis[row])] : 0
            let length = (values[row] - bound) / direction[row]
            let start = isAtMost[entering] ? most[entering] : 0
            values.add(direction, from: 0, times: -length, count: size)
            weigh(row)
            replace(row, by: entering, reduced: reducedCost(entering), leavesAtMost: isAbove && bound > 0)
            values[row] = start + length
        }
        return false
    }

    /// Takes the pivot that is coming into the lengths of edges.
    private func weigh(_ row: Int) {
        let pivot = direction[row]
        let weight = weights[row]
        guard weight < 1e8 else { return weights.fill(0..<size, with: 1) }
        for other in 0..<size where other != row && direction[other] != 0 {
            let ratio = direction[other] / pivot
            weights[other] = max(weights[other], ratio * ratio * weight)
        }
        weights[row] = max(1, weight / (pivot * pivot))
    }

    /// The row of the basis that is farthest out of its bounds, as edges go.
    private func worst() -> (row: Int, isAbove: Bool)? {
        var (worst, found, isAbove) = (0.0, -1, false)
        for row in 0..<size {
            let value = values[row]
            let above = value - most[Int(basis[row])]
            let excess = max(-value, above)
            guard excess > 1e-7, excess * excess > worst * weights[row] else { continue }
            (worst, found, isAbove) = (excess * excess / weights[row], row, above > -value)
        }
        return found >= 0 ? (found, isAbove) : nil
    }

    /// The variable that can take the place of the row in ``slope`` at the least cost: of those that cost hardly more than
    /// the least the one that keeps the inverse most exact (Harris, "Pivot selection methods of the Devex LP code", 1973).
    private mutating func entering(isAbove: Bool) -> Int? {
        choices.removeAll(keepingCapacity: true)
        var least = Double.infinity
        for variable in 0..<costs.count where place[variable] < 0 && most[variable] > 0 {
            let alpha = product(variable, slope)
            guard abs(alpha) > 1e-5, (alpha > 0) == (isAbove != isAtMost[variable]) else { continue }
            let reduced = reducedCost(variable)
            let cost = max(0, isAtMost[variable] ? -reduced : reduced)
            least = min(least, (cost + 1e-5) / abs(alpha))
            choices.append((variable, cost, abs(alpha)))
        }
        var (best, found) = (0.0, -1)
        for (variable, cost, alpha) in choices where cost <= least * alpha && alpha > best {
            (best, found) = (alpha, variable)
        }
        return found >= 0 ? found : nil
    }
}
