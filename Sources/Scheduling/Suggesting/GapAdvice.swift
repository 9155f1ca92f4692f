package import Coverage
package import Planning

/// What is known of some gaps of a plan, and what would close them: proofs first, then suggestions.
package struct GapAdvice: Sendable {
    /// What is looked for.
    package enum Aim: Hashable, Sendable {
        case proofs
        /// Proofs in half of the time: where no plan closes a gap only bent rules are tried.
        case suggestions
    }

    /// What is under way.
    package enum Phase: Hashable, Sendable {
        case proving, suggesting
    }

    /// In the order of the gaps.
    package let proofs: GapProofs
    /// Nil where they were not asked for.
    package let suggestions: SuggestionList?

    /// Looks for what would help.
    ///
    /// - Parameters:
    ///   - gaps: Of the plan; all or some.
    ///   - shifts: The plan's.
    ///   - problem: What it is a plan for.
    ///   - aim: What is looked for.
    ///   - settings: How suggestions are looked for.
    ///   - spent: Asked often: the share of the time that is spent; 1 ends it with what was found.
    ///   - beginning: Told what begins.
    package init(
        on gaps: [ExplainedGap], of shifts: [Shift], in problem: PlanningProblem, aim: Aim,
        settings: SuggestionList.Settings = SuggestionList.Settings(), spent: () -> Double,
        beginning: (Phase) -> Void = { _ in }
    ) {
        beginning(.proving)
        proofs = GapProofs(of: gaps, in: shifts, for: problem) { spent() >= (aim == .suggestions ? 0.5 : 1) }
        guard aim == .suggestions else {
            suggestions = nil
            return
        }
        beginning(.suggesting)
        suggestions = SuggestionList(
            for: gaps, proofs: proofs.proofs, of: shifts, in: problem, settings: settings
        ) { spent() >= 1 }
    }
}
