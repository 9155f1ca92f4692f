/// Why a suggestion is not accepted, with what would help.
package enum AdviceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case noSuggestion
    /// Shifts that it changes are not in the plan any more.
    case doesNotFit
    /// The plan would break rules that it keeps now; each with where.
    case breaksRules([String])
    /// A rule is bent, and nobody said why.
    case reasonMissing
    case reasonTooLong(Int)
    /// A rule is no yellow one any more.
    case notToBend

    package var description: String {
        switch self {
        case .noSuggestion: "there is no such suggestion for this plan"
        case .doesNotFit: "shifts that this suggestion changes are not in the plan any more: look for suggestions anew"
        case .breaksRules(let rules):
            "with this suggestion the plan would break rules as the data stand now: "
                + rules.prefix(5).joined(separator: "; ")
        case .reasonMissing: "a rule is bent for somebody here: write why that is right"
        case .reasonTooLong(let count): "the reason may have 500 characters and has \(count): write it shorter"
        case .notToBend: "the rule that would have to be bent is not a yellow one any more: look for suggestions anew"
        }
    }
}
