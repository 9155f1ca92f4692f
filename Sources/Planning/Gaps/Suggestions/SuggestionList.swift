package import Coverage

/// What would close a plan's gaps, so that it can be accepted one after the other.
package struct SuggestionList: Sendable {
    /// What came of a gap.
    package struct Advice: Hashable, Sendable {
        package enum Outcome: String, Hashable, Sendable {
            /// The suggestions close it.
            case closes
            /// They close some of it.
            case closesSome = "closes_some"
            /// The suggestions before it close it already.
            case closedBefore = "closed_before"
            /// No moves within the rules, nor with one rule bent, were found.
            case nothingFound = "nothing_found"
            /// Time was over, or there are more gaps than are tried.
            case notTried = "not_tried"
        }

        /// The gap's place in the list that was given.
        package let gap: Int
        package let outcome: Outcome
        /// One after the other, each on top of those before it and of those for the gaps before.
        package let steps: [Suggestion]
        /// In place of the first step, on top of the suggestions before it: these exclude each other.
        package let alternatives: [Suggestion]
    }

    /// The most severe gap first.
    package let advice: [Advice]
    package let costBefore: PlanCost
    /// With all steps accepted.
    package let costAfter: PlanCost
    /// The plan with all steps accepted, in the order in which plans are written.
    package let shifts: [Shift]
    /// What they need a coordinator's permission for.
    package let permissions: [RuleOverride]

    /// How to search.
    package struct Settings: Hashable, Sendable {
        /// What chance begins with, where not all operators can be tried: the same seed gives the same suggestions as
        /// long as time is not over.
        package var seed: UInt64
        /// How many gaps are tried.
        package var mostGaps: Int
        /// How many other ways are told beside each.
        package var mostAlternatives: Int
        /// Shifts of the plan that no suggestion may touch.
        package var pins: Set<Shift>

        package init(seed: UInt64 = 1, mostGaps: Int = 100, mostAlternatives: Int = 2, pins: Set<Shift> = []) {
            self.seed = seed
            self.mostGaps = mostGaps
            self.mostAlternatives = mostAlternatives
            self.pins = pins
        }
    }

    /// Looks for suggestions: for critical gaps first, then for those that lack most.
    ///
    /// - Parameters:
    ///   - gaps: Of the plan.
    ///   - proofs: What is proven of them, in their order: where no plan covers a gap only bent rules are tried.
    ///   - shifts: The plan's.
    ///   - problem: What it is a plan for.
    ///   - settings: How to search.
    ///   - isOver: Asked often: whether time is over.
    package init(
        for gaps: [ExplainedGap], proofs: [GapProof], of shifts: [Shift], in problem: PlanningProblem,
        settings: Settings = Settings(), until isOver: () -> Bool = { false }
    ) {
        let order = gaps.indices.sorted { left, right in
            ExplainedGap.isWorse(gaps[left], gaps[right]) ?? (left < right)
        }
        var search = SuggestionSearch(shifts, problem, settings)
        var advice: [Advice] = []
        for (number, index) in order.enumerated() {
            guard number < settings.mostGaps, !isOver() else {
                advice.append(Advice(gap: index, outcome: .notTried, steps: [], alternatives: []))
                continue
            }
            let isProven = proofs.indices.contains(index) && proofs[index].outcome == .proven
            advice.append(search.advice(on: gaps[index].gap, index, isProven: isProven, until: isOver))
        }
        self.advice = advice
        costBefore = search.costBefore
        costAfter = search.plan.score.total
        self.shifts = search.plan.shifts
        permissions = search.plan.permissions
    }
}
