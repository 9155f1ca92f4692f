package import Coverage

/// Why something is not done to an account.
package enum AccountRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case noConsortium(Consortium.ID)
    case noAccount
    case emailTaken(EmailAddress)
    case badName
    case noLibrary(Library.ID)
    case noOperator(Operator.ID)
    /// Nobody could let people in any more.
    case lastCoordinator(EmailAddress)
    /// It is disabled, or its operator or library has left.
    case notUsable(EmailAddress)
    /// There is no such link, it was used, or it has run out.
    case linkNotUsable

    package var description: String {
        switch self {
        case .noConsortium(let id): "there is no consortium “\(id)” yet: run `coverdesk import DIR`"
        case .noAccount: "there is no such account: see `coverdesk account list`"
        case .emailTaken(let email): "\(email) has an account already"
        case .badName: "a name is missing, or longer than 200 characters"
        case .noLibrary(let id): "there is no library “\(id)” in the consortium, or it has left"
        case .noOperator(let id): "there is no operator “\(id)” in the consortium, or they have left"
        case .lastCoordinator(let email):
            "\(email) is the only coordinator who can sign in: make another one first, to let people in"
        case .notUsable(let email): "the account of \(email) is disabled, or its owner has left the consortium"
        case .linkNotUsable: "this link was used already, or has run out: ask your coordinator for another one"
        }
    }
}
