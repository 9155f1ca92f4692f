/// Somebody who signs in.
package struct Account: Hashable, Sendable {
    /// Counted from 1 in the consortium.
    package var number: Int
    package var email: EmailAddress
    package var name: String
    package var role: Role
    /// Whose pages it sees: a manager's library, a reader's, or the one that its operator belongs to; nil for all.
    package var library: Library.ID?
    package var standing: Standing

    package init(
        number: Int, email: EmailAddress, name: String, role: Role, library: Library.ID?, standing: Standing = .active
    ) {
        self.number = number
        self.email = email
        self.name = name
        self.role = role
        self.library = library
        self.standing = standing
    }

    /// What an account may do, and for whom.
    package enum Role: Hashable, Sendable {
        /// Everything, for all libraries.
        case coordinator
        /// What one library decides for itself.
        case manager(Library.ID)
        /// What one person decides about their own shifts.
        case `operator`(Operator.ID)
        /// Only looking: at one library, or at all of them.
        case reader(Library.ID?)
    }

    /// Whether an account may be used.
    package enum Standing: Hashable, Sendable {
        case active
        /// A coordinator has locked it.
        case disabled
        /// Its operator or its library has left the consortium.
        case departed
    }
}

extension Account.Role {
    /// A role without whom it is for.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case coordinator, manager, `operator`, reader
    }

    package var kind: Kind {
        switch self {
        case .coordinator: .coordinator
        case .manager: .manager
        case .operator: .operator
        case .reader: .reader
        }
    }

    /// The library that the role names.
    package var library: Library.ID? {
        switch self {
        case .coordinator, .operator: nil
        case .manager(let library): library
        case .reader(let library): library
        }
    }

    /// The operator whom the role names.
    package var `operator`: Operator.ID? {
        guard case .operator(let person) = self else { return nil }
        return person
    }

    /// The role that is put together like this.
    ///
    /// A coordinator has neither library nor operator, a manager a library, an operator's account its operator, and a
    /// reader may have a library; anything else is nil.
    package init?(_ kind: Kind, library: Library.ID?, operator person: Operator.ID?) {
        switch (kind, library, person) {
        case (.coordinator, nil, nil): self = .coordinator
        case (.manager, let library?, nil): self = .manager(library)
        case (.operator, nil, let person?): self = .operator(person)
        case (.reader, _, nil): self = .reader(library)
        default: return nil
        }
    }
}
