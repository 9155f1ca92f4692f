extension WeekState {
    /// Judges a row of an operator's week by the row rules, with what lies around it.
    ///
    /// - Returns: The breaks of rules that must hold, and what the row costs beside what its surroundings cost alone;
    ///   nothing where no row rule is in force.
    func judgeRules(_ row: [RowStretch], of person: Int, _ tables: EngineTables) -> RowRules.Judgement {
        guard !surroundings.isEmpty else { return RowRules.Judgement() }
        let problem = tables.problem
        let around = surroundings[person]
        let first = tables.weeks[week].slots.lowerBound
        let own = row.lazy.map { stretch in
            Stretch(
                queue: stretch.queue,
                slots: first + stretch.start..<first + stretch.start + stretch.length, isPlanned: true)
        }
        var judgement = problem.rowRules.judge(around.stretches.merged(with: own), of: person, problem.overrides)
        judgement.units -= around.units
        return judgement
    }

    /// A row within the row rules, made of one that is so without them.
    ///
    /// The exact solver does not know these rules. Of a row that breaks one the stretches are dropped whose loss mends
    /// most, the shortest first; where none are left and one is still broken, the operator's row stays as it was.
    ///
    /// - Parameters:
    ///   - row: The solver's, of an operator who is nowhere in the week.
    ///   - old: What the operator had, which keeps all rules; none if nothing.
    ///   - person: The operator.
    ///   - tables: The problem.
    /// - Returns: The stretches that are left, in order.
    func mended(_ row: [RowStretch], insteadOf old: [RowStretch], _ person: Int, _ tables: EngineTables)
        -> [RowStretch]
    {
        guard !surroundings.isEmpty else { return row }
        var row = row
        while judgeRules(row, of: person, tables).broken > 0 || !keepsRest(row, person, tables) {
            let choices = row.indices.map { index in
                var left = row
                let length = left.remove(at: index).length
                let broken = judgeRules(left, of: person, tables).broken
                return (key: (broken, keepsRest(left, person, tables) ? 0 : 1, length), row: left)
            }
            guard let best = choices.min(by: { $0.key < $1.key }) else { return old }
            row = best.row
        }
        return row
    }

    /// Whether a row that was found without regard to what lies around the week keeps all rules; no if in doubt.
    func allows(_ row: [RowStretch], _ person: Int, _ tables: EngineTables) -> Bool {
        guard !tables.hasFixed[person] else { return false }
        let edges = edges[person]
        for stretch in row {
            let end = stretch.start + stretch.length
            let joins = stretch.start == edges.first && edges.gapBefore == 0 || end == edges.end && edges.gapAfter == 0
            guard !joins, stretch.length >= tables.shortest[stretch.queue],
                stretch.length <= tables.longest[stretch.queue]
            else { return false }
        }
        return keepsRest(row, person, tables) && judgeRules(row, of: person, tables).broken == 0
    }

    /// Whether all breaks around an operator's stretches are allowed: where one is dropped, two become one.
    private func keepsRest(_ row: [RowStretch], _ person: Int, _ tables: EngineTables) -> Bool {
        let edges = edges[person]
        func isAllowed(_ pause: Int) -> Bool {
            pause < 0 || pause >= tables.breakUnits.count || tables.breakUnits[pause] < RowSolver.never
        }
        var end = edges.gapBefore.map { edges.first - $0 }
        for stretch in row {
            if let end, !isAllowed(stretch.start - end) { return false }
            end = stretch.start + stretch.length
        }
        guard let after = edges.gapAfter, let end, !row.isEmpty else { return true }
        return isAllowed(edges.end + after - end)
    }
}
