import ArgumentParser
import Coverage

/// What an account may do, and for whom.
struct RoleOptions: ParsableArguments {
    @Option(help: "coordinator, manager (with --library), operator (with --operator) or reader.")
    var role: String

    @Option(help: "The manager's library; with reader, the only one that is seen.")
    var library: String?

    @Option(name: .customLong("operator"), help: "The operator whose account it is.")
    var person: String?

    /// The role that was given.
    func checked() throws -> Account.Role {
        guard let kind = Account.Role.Kind(rawValue: role) else {
            throw CommandFailure.badInput(
                "--role: there is no “\(role)”: write one of "
                    + Account.Role.Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        for (option, id) in [("library", library), ("operator", person)] {
            guard let id, !Library.ID.isValid(id) else { continue }
            throw CommandFailure.badInput(
                "--\(option): “\(id)” is no id: write 1 to 64 letters, digits, -, _ or ., like pub01")
        }
        let (library, person) = (library.map { Library.ID($0) }, person.map { Operator.ID($0) })
        guard let role = Account.Role(kind, library: library, operator: person) else {
            throw CommandFailure.badInput(Self.needs(kind))
        }
        return role
    }

    private static func needs(_ kind: Account.Role.Kind) -> String {
        switch kind {
        case .coordinator: "a coordinator is there for all libraries: leave --library and --operator out"
        case .manager: "whose manager? give --library ID, and no --operator"
        case .operator: "which operator? give --operator ID, and no --library"
        case .reader: "a reader may have a --library, but is no operator: leave --operator out"
        }
    }
}
