package import Coverage
import PostgresClient
package import Storage

/// What coordinators do with accounts.
extension AccountKeeper {
    /// All accounts in the order of their email addresses, disabled ones too.
    package func all() async throws -> [AccountRepository.Entry] {
        try await pool.withConnection { try await accounts.all(at: now(), in: $0) }
    }

    /// The libraries that somebody may be manager or reader of, in the order of their names.
    package func libraries() async throws -> [AccountRepository.LibraryName] {
        try await pool.withConnection { try await accounts.libraries(in: $0) }
    }

    /// The account of an email address.
    ///
    /// - Throws: ``AccountRefusal/noAccount``
    package func account(of email: EmailAddress) async throws -> Account {
        guard let found = try await pool.withConnection({ try await accounts.credentials(of: email, in: $0) }) else {
            throw AccountRefusal.noAccount
        }
        return found.account
    }

    /// Gives an account another role, which holds from the next page on.
    ///
    /// - Throws: ``AccountRefusal``
    package func setRole(_ role: Account.Role, of number: Int, by actor: String) async throws {
        try await pool.withTransaction { transaction in
            try await accounts.lock(in: transaction)
            let account = try await lockedAccount(number, in: transaction).account
            guard account.role != role else { return }
            if role.kind != .coordinator { try await checkNotLastCoordinator(account, in: transaction) }
            try await refusing(role, account.email) {
                try await accounts.setRole(role, of: number, in: transaction)
            }
            _ = try await known(number, role, in: transaction)
            try await record(
                "set role", on: account, by: actor, before: AccountText.role(account.role),
                after: AccountText.role(role), in: transaction)
        }
    }

    /// Locks an account and signs all its browsers out.
    ///
    /// - Throws: ``AccountRefusal``
    package func disable(_ number: Int, by actor: String) async throws {
        try await pool.withTransaction { transaction in
            try await accounts.lock(in: transaction)
            let account = try await lockedAccount(number, in: transaction).account
            guard account.standing != .disabled else { return }
            try await checkNotLastCoordinator(account, in: transaction)
            try await accounts.setDisabled(at: now(), of: number, in: transaction)
            try await accounts.endSessions(of: number, in: transaction)
            try await record("disable", on: account, by: actor, in: transaction)
        }
    }

    /// Lets an account be used again.
    ///
    /// - Throws: ``AccountRefusal/noAccount``
    package func enable(_ number: Int, by actor: String) async throws {
        try await pool.withTransaction { transaction in
            let account = try await lockedAccount(number, in: transaction).account
            guard account.standing == .disabled else { return }
            try await accounts.setDisabled(at: nil, of: number, in: transaction)
            try await record("enable", on: account, by: actor, in: transaction)
        }
    }

    /// Makes or changes an account as it is to be, with a password: for demos.
    ///
    /// - Throws: ``AccountRefusal``, ``PasswordRefusal``
    package func provide(_ wanted: AccountRepository.NewAccount, password: String, by actor: String) async throws {
        let account = try await pool.withTransaction { transaction in
            guard let known = try await accounts.credentials(of: wanted.email, in: transaction)?.account else {
                let account = try await add(wanted, by: actor, transaction)
                try await record(
                    "create", on: account, by: actor, after: AccountText.role(wanted.role), in: transaction)
                return account
            }
            return known
        }
        try await setRole(wanted.role, of: account.number, by: actor)
        try await enable(account.number, by: actor)
        try await setPassword(password, of: account, by: actor)
    }

    // MARK: Looking before

    /// An account, which stays as it is until the transaction ends.
    func lockedAccount(
        _ number: Int, in transaction: PostgresTransaction
    ) async throws -> AccountRepository.Credentials {
        guard let found = try await accounts.lockedCredentials(of: number, in: transaction) else {
            throw AccountRefusal.noAccount
        }
        return found
    }

    func checkNotLastCoordinator(_ account: Account, in transaction: PostgresTransaction) async throws {
        guard account.role == .coordinator, account.standing == .active,
            try await accounts.coordinators(besides: account.number, in: transaction) == 0
        else { return }
        throw AccountRefusal.lastCoordinator(account.email)
    }

    /// An account that was just written, whose library or operator must not have left.
    func known(_ number: Int, _ role: Account.Role, in transaction: PostgresTransaction) async throws -> Account {
        let account = try await lockedAccount(number, in: transaction).account
        guard account.standing == .departed else { return account }
        throw Self.missing(role)
    }

    /// Turns what the database refuses into why.
    func refusing<Result>(
        _ role: Account.Role, _ email: EmailAddress, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as PostgresError where error.code == .uniqueViolation {
            throw AccountRefusal.emailTaken(email)
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            let ofMember = ["library", "operator"].contains { error.constraint?.contains("_\($0)_id") == true }
            throw ofMember ? Self.missing(role) : AccountRefusal.noConsortium(consortium)
        }
    }

    private static func missing(_ role: Account.Role) -> AccountRefusal {
        if let person = role.operator { return .noOperator(person) }
        return role.library.map { .noLibrary($0) } ?? .noAccount
    }
}
