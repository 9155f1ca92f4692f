package import Coverage
package import Planning

/// Why something a person asked for is not done, with what would help.
package enum SchedulingRefusal: Error, Sendable, CustomStringConvertible {
    case nothingImported(Consortium.ID)
    case noDraft
    case noPlan(Int)
    case notADraft(Int, PlanState)
    case nothingPublished
    case notReplayable(Int)
    /// Nothing is published for the period that is to be mended.
    case nothingPublishedThen
    case pinsBreakRules([String])
    case emptyPeriod(from: CivilDate, to: CivilDate)
    case outsidePeriod(from: CivilDate, to: CivilDate, Consortium)
    case notPlannable(PlanningRefusal)
    case rulesBroken(plan: Int, [String])
    case overridesStand(rule: String)
    case unknown(kind: String, id: String, known: [String])

    package var description: String {
        switch self {
        case .nothingImported(let id):
            "nothing was imported for the consortium “\(id)” yet: run `coverdesk import DIR`"
        case .noDraft:
            "there is no draft: run `coverdesk plan` to make one, or name a plan with --plan"
        case .noPlan(let number):
            "there is no plan \(number): `coverdesk status` lists those there are"
        case .notADraft(let number, let state):
            "plan \(number) is \(state.rawValue); only a draft can be published: run `coverdesk plan` to make one"
        case .nothingPublished:
            "no plan is published: run `coverdesk publish`, or name a draft with --plan"
        case .notReplayable(let number):
            "plan \(number) does not say how it was found, so it cannot be made again: only what `coverdesk plan` "
                + "found by a search can"
        case .nothingPublishedThen:
            "nothing is published for these days, so there is no plan to mend: run `coverdesk plan` without --replan"
        case .pinsBreakRules(let violations):
            "the pinned shifts cannot stay, for they break rules as the data stand now:\n"
                + violations.prefix(20).map { "  \($0)\n" }.joined()
                + (violations.count > 20 ? "  and \(violations.count - 20) more\n" : "")
                + "take them out of the file, or record an override of the yellow ones"
        case .emptyPeriod(let from, let to):
            "the period from \(from) to \(to) is empty: --to is the last day and cannot be before --from"
        case .outsidePeriod(let from, let to, let consortium):
            "\(from) to \(to) is not inside the period of the consortium, \(consortium.dates.lowerBound) to "
                + "\(consortium.dates.upperBound.advanced(byDays: -1)): import a bundle for other weeks first"
        case .notPlannable(let refusal):
            "this cannot be planned: \(refusal.description)"
        case .rulesBroken(let plan, let violations):
            "plan \(plan) breaks rules as the data stand now, and was not published:\n"
                + violations.prefix(20).map { "  \($0)\n" }.joined()
                + (violations.count > 20 ? "  and \(violations.count - 20) more\n" : "")
                + "run `coverdesk plan` for a new draft, or record an override of the yellow ones"
        case .overridesStand(let rule):
            "the rule \(rule) cannot leave the class yellow while recorded overrides rest on it"
        case .unknown(let kind, let id, let known):
            "there is no \(kind) “\(id)”" + Self.hint(for: id, among: known)
        }
    }

    private static func hint(for id: String, among known: [String]) -> String {
        let close = known.filter { $0.hasPrefix(id.prefix(3)) }
        let examples = (close.isEmpty ? known : close).prefix(5)
        return examples.isEmpty
            ? ""
            : ": there are " + examples.joined(separator: ", ")
                + (known.count > examples.count ? ", …" : "")
    }
}
