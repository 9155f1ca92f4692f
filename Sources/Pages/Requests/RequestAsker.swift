import Accounts
import Coverage
import Planning

/// What somebody may see and do about requests.
struct RequestAsker: Hashable, Sendable {
    let role: Account.Role.Kind
    let library: Library.ID?
    let person: Operator.ID?

    init(_ account: Account) {
        role = account.role.kind
        library = account.library
        person = account.role.operator
    }

    var decides: Bool { role == .coordinator }

    /// Whether they may ask for something on behalf of an operator.
    func mayAsk(for id: Operator.ID, _ problem: PlanningProblem) -> Bool {
        switch role {
        case .coordinator: true
        case .manager: library != nil && problem.operatorIndex[id].map { problem.operators[$0].library } == library
        case .operator: person == id
        case .reader: false
        }
    }

    /// Whether they decide whether an operator may be away: coordinators, and the managers of the library.
    func decidesLeave(of id: Operator.ID, _ problem: PlanningProblem) -> Bool {
        decides || role == .manager && mayAsk(for: id, problem)
    }

    /// Whether it is theirs to say what an operator thinks of a swap: a coordinator decides, and needs no such word.
    func mayAnswer(for id: Operator.ID, _ problem: PlanningProblem) -> Bool {
        !decides && mayAsk(for: id, problem)
    }

    /// Whether they may see what an operator asks for.
    func maySee(_ id: Operator.ID, _ problem: PlanningProblem) -> Bool {
        if decides { return true }
        guard let library else { return role == .reader }
        return problem.operatorIndex[id].map { problem.operators[$0].library } == library
    }
}
