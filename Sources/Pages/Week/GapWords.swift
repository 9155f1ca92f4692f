import Coverage
import Planning

/// Why nobody covers a gap, in a sentence for people; `coverdesk gaps` has it with all numbers.
struct GapWords {
    let reason: GapReason
    let problem: PlanningProblem

    var text: String {
        switch reason.kind {
        case .nobodyHasSkill: "nobody has the skill for it"
        case .allPlacedHere: "all who have the skill for it are here already"
        case .nobodyAvailable: "nobody else who has the skill for it is available then"
        case .placedElsewhere: "all others who are available sit at other queues then"
        case .stretchTooShort: "those who are free are so for less than the shortest shift"
        case .heldByLimit: "those who are free have no hours left, or need their rest"
        case .leftForCost: "\(who) could come within all rules, but it would cost more than it mends"
        case .couldBePlaced: "\(who) could come within all rules, and the week would be better for it"
        }
    }

    /// The first who are proposed, by name; `somebody` where none is.
    private var who: String {
        var names: [String] = []
        for shift in reason.proposals {
            let person = problem.operatorIndex[shift.operator].map { problem.operators[$0] }
            let name = person?.name ?? shift.operator.rawValue
            if !names.contains(name) { names.append(name) }
        }
        return names.isEmpty ? "somebody" : names.prefix(2).joined(separator: " or ")
    }
}
