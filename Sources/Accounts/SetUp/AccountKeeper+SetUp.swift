package import Coverage
import PostgresClient
import Storage

/// The first coordinator of a new service.
extension AccountKeeper {
    /// Makes a link for the first coordinator.
    ///
    /// - Returns: Nil where there is an account already.
    /// - Throws: ``PostgresError``.
    package func makeSetUpLink() async throws -> SetUpLink? {
        guard try await !hasAccounts() else { return nil }
        return SetUpLink(
            secret: SecretText.make(of: random), expiresAt: now().advanced(bySeconds: settings.setUpSeconds))
    }

    /// Whether there is any account, usable or not.
    package func hasAccounts() async throws -> Bool {
        try await pool.withConnection { try await accounts.hasAny(in: $0) }
    }

    /// Whether a link can be used: it is the process's own, has not run out, and there is no account yet.
    package func isOpen(_ link: SetUpLink, secret: String) async throws -> Bool {
        guard link.accepts(secret, at: now()) else { return false }
        return try await !hasAccounts()
    }

    /// Makes the first coordinator's account and signs their browser in.
    ///
    /// - Parameters:
    ///   - link: The process's own.
    ///   - secret: What the browser brings.
    ///   - email: The coordinator's address.
    ///   - name: What they are called.
    ///   - password: The one to be.
    ///   - device: What the browser calls itself.
    /// - Returns: The session, whose secret goes into a cookie.
    /// - Throws: ``AccountRefusal/linkNotUsable`` if there is an account already, of two who try at once for one of them;
    ///   ``AccountRefusal/badName``, ``PasswordRefusal``, ``PasswordsBusy``; ``PostgresError``.
    package func setUp(
        by link: SetUpLink, secret: String, email: EmailAddress, name: String, password: String, device: String
    ) async throws -> SignedIn {
        guard try await isOpen(link, secret: secret) else { throw AccountRefusal.linkNotUsable }
        let wanted = AccountRepository.NewAccount(email: email, name: name, role: .coordinator)
        let hash = try await hashed(
            password, for: Account(number: 1, email: email, name: name, role: .coordinator, library: nil))
        return try await pool.withTransaction { transaction in
            try await accounts.lock(in: transaction)
            guard try await !accounts.hasAny(in: transaction) else { throw AccountRefusal.linkNotUsable }
            let account = try await add(wanted, by: email.text, transaction)
            try await accounts.setPasswordHash(hash, of: account.number, in: transaction)
            try await record(
                "set up", on: account, by: email.text, after: AccountText.role(.coordinator), in: transaction)
            return try await beginSession(of: account, as: "sign in", device: device, transaction)
        }
    }
}
