package import Coverage
import PostgresClient
package import Storage

/// Inviting people, and letting them set a password.
extension AccountKeeper {
    /// Makes an account, and the link under which its owner sets a password.
    ///
    /// - Throws: ``AccountRefusal`` if the email address has an account, or there is no such library or operator.
    package func invite(_ new: AccountRepository.NewAccount, by actor: String) async throws -> IssuedLink {
        try await pool.withTransaction { transaction in
            let account = try await add(new, by: actor, transaction)
            try await record(
                "invite", on: account, by: actor, after: AccountText.role(new.role), in: transaction)
            return try await issueLink(to: account, for: .invitation, by: actor, transaction)
        }
    }

    /// Adds an account that nobody can use yet.
    func add(
        _ new: AccountRepository.NewAccount, by actor: String, _ transaction: PostgresTransaction
    ) async throws -> Account {
        guard !new.name.isEmpty, new.name.count <= 200, !new.name.unicodeScalars.contains("\0") else {
            throw AccountRefusal.badName
        }
        try await accounts.lock(in: transaction)
        let number = try await refusing(new.role, new.email) {
            try await accounts.insert(new, by: actor, at: now(), in: transaction)
        }
        return try await known(number, new.role, in: transaction)
    }

    /// Makes another link: an invitation if there is no password yet, otherwise one for a password that was lost.
    ///
    /// - Throws: ``AccountRefusal`` if there is no such account, or it cannot be used.
    package func issueLink(to number: Int, by actor: String) async throws -> IssuedLink {
        try await pool.withTransaction { transaction in
            let credentials = try await lockedAccount(number, in: transaction)
            guard credentials.account.standing == .active else {
                throw AccountRefusal.notUsable(credentials.account.email)
            }
            let purpose: AccountRepository.LinkPurpose =
                credentials.passwordHash == nil ? .invitation : .reset
            try await record(
                purpose == .reset ? "make reset link" : "invite again", on: credentials.account, by: actor,
                in: transaction)
            return try await issueLink(to: credentials.account, for: purpose, by: actor, transaction)
        }
    }

    private func issueLink(
        to account: Account, for purpose: AccountRepository.LinkPurpose, by actor: String,
        _ transaction: PostgresTransaction
    ) async throws -> IssuedLink {
        let seconds = purpose == .reset ? settings.resetSeconds : settings.invitationSeconds
        let now = now()
        let link = IssuedLink(
            account: account, purpose: purpose, secret: SecretText.make(of: random),
            expiresAt: now.advanced(bySeconds: seconds))
        try await accounts.putLink(
            hash: link.secret.hash, for: purpose, of: account.number, by: actor, at: now, until: link.expiresAt,
            in: transaction)
        return link
    }

    /// What a link is for; nil if it is none, was used, has run out, or its account cannot be used.
    package func openLink(_ secret: String) async throws -> AccountRepository.OpenLink? {
        guard let secret = SecretText(secret) else { return nil }
        let link = try await pool.withConnection {
            try await accounts.link(hash: secret.hash, at: now(), in: $0)
        }
        return link.flatMap { $0.account.standing == .active ? $0 : nil }
    }

    /// Sets a password under a link, which is used up by that, and signs all browsers of the account out.
    ///
    /// - Returns: The account.
    /// - Throws: ``AccountRefusal/linkNotUsable``, ``PasswordRefusal``, ``PasswordsBusy``
    package func useLink(_ text: String, password: String) async throws -> Account {
        guard settings.takesPasswords else { throw SignInRefusal.noPasswords }
        guard let secret = SecretText(text), let link = try await openLink(text) else {
            throw AccountRefusal.linkNotUsable
        }
        let account = link.account
        let hash = try await hashed(password, for: account)
        try await pool.withTransaction { transaction in
            let current = try await lockedAccount(account.number, in: transaction).account
            guard current.standing == .active,
                try await accounts.useLink(hash: secret.hash, at: now(), in: transaction)
            else { throw AccountRefusal.linkNotUsable }
            let action = link.purpose == .invitation ? "accept invitation" : "reset password"
            try await put(hash, on: current, as: action, by: current.email.text, transaction)
            try await accounts.endSessions(of: current.number, in: transaction)
            let subjects = AttemptSubjects(email: current.email.text, address: nil)
            try await attempts.forget(subjects.email, in: transaction)
        }
        return account
    }
}
