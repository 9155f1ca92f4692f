import Coverage
import PostgresClient
import Storage

/// Signing in through an identity provider.
extension AccountKeeper {
    /// Sends a browser on its way.
    ///
    /// - Parameter path: Where it wants to go afterwards.
    /// - Returns: The way, whose cookie the browser keeps.
    package func beginVisit(to path: String) -> ProviderVisit {
        ProviderVisit.begin(to: path, at: now(), of: random)
    }

    /// Takes a browser that comes back from the provider: each way once, on all nodes together.
    ///
    /// - Parameters:
    ///   - cookie: What the browser kept; nil if nothing.
    ///   - state: What it brings along.
    ///   - address: Where the request comes from, for the limit: an IP address; nil where that cannot be known.
    /// - Returns: The way it has gone.
    /// - Throws: ``SignInRefusal/visitOver``, ``SignInRefusal/tooManyAttempts(retryAfterSeconds:)``; ``PostgresError``.
    package func endVisit(_ cookie: String?, state: String, from address: String?) async throws -> ProviderVisit {
        let now = now()
        guard let visit = cookie.flatMap({ ProviderVisit(cookie: $0) }), visit.accepts(state: state),
            (0..<settings.visitSeconds).contains(now.seconds(since: visit.begunAt))
        else { throw SignInRefusal.visitOver }
        let once = SignInAttemptRepository.Allowance(burst: 1, secondsEach: settings.visitSeconds)
        // What is refused is counted as well, so the transaction is to be committed.
        let refusal = try await pool.withTransaction { transaction -> SignInRefusal? in
            try await attempts.sweep(at: now, in: transaction)
            if let address = address.map(AttemptSubjects.address),
                let wait = try await attempts.take(address, of: settings.ofAddress, at: now, in: transaction)
            {
                return .tooManyAttempts(retryAfterSeconds: wait)
            }
            let wait = try await attempts.take(AttemptSubjects.visit(visit), of: once, at: now, in: transaction)
            return wait == nil ? nil : .visitOver
        }
        if let refusal { throw refusal }
        return visit
    }

    /// Signs a browser in as somebody whom the provider vouches for.
    ///
    /// The account is the one that is linked to them. Whoever comes for the first time is linked to the account with
    /// the email address that the provider vouches for, if nobody else is.
    ///
    /// - Parameters:
    ///   - identity: Whom the provider vouches for.
    ///   - address: Where the request comes from; nil where that cannot be known.
    ///   - device: What the browser calls itself, for the owner of the account to know it by.
    /// - Returns: The session, whose secret goes into a cookie.
    /// - Throws: ``SignInRefusal``; ``PostgresError``.
    package func signIn(as identity: ProvenIdentity, from address: String?, device: String) async throws -> SignedIn {
        try await pool.withTransaction { transaction in
            let account = try await account(of: identity, transaction)
            try Self.check(account)
            if let address = address.map(AttemptSubjects.address) {
                try await attempts.giveBack(address, of: settings.ofAddress, in: transaction)
            }
            return try await beginSession(of: account, as: "sign in by provider", device: device, transaction)
        }
    }

    private func account(of identity: ProvenIdentity, _ transaction: PostgresTransaction) async throws -> Account {
        let known = try await accounts.lockedAccount(
            issuer: identity.issuer, subject: identity.subject, in: transaction)
        if let known { return known.account }
        guard let email = identity.verifiedEmail else { throw SignInRefusal.unknownAddress }
        guard let found = try await accounts.credentials(of: email, in: transaction) else {
            throw SignInRefusal.unknownPerson(email)
        }
        let account = try await lockedAccount(found.account.number, in: transaction).account
        // Who may not come in is linked to nothing either.
        try Self.check(account)
        guard try await isLinked(account, to: identity, transaction) else {
            throw SignInRefusal.linkedToAnother(email)
        }
        // Whoever has the link of an invitation could set a password with it, which nobody waits for any more.
        try await accounts.withdrawLinks(of: account.number, in: transaction)
        try await record(
            "link identity", on: account, by: email.text, after: try AccountText.identity(identity), in: transaction)
        return account
    }

    private func isLinked(
        _ account: Account, to identity: ProvenIdentity, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        do {
            return try await accounts.link(
                account.number, issuer: identity.issuer, subject: identity.subject, in: transaction)
        } catch let error as PostgresError where error.code == .uniqueViolation {
            // Of two browsers that come for the first time at once, with two addresses.
            return false
        }
    }

    /// Parts an account from whoever it is linked to, so that somebody else can be, and signs all its browsers out.
    ///
    /// - Throws: ``AccountRefusal/noAccount``, or ``AccountRefusal/lastCoordinator(_:)`` if nobody could let people in.
    package func unlink(_ number: Int, by actor: String) async throws {
        try await pool.withTransaction { transaction in
            try await accounts.lock(in: transaction)
            let found = try await lockedAccount(number, in: transaction)
            if found.passwordHash == nil { try await checkNotLastCoordinator(found.account, in: transaction) }
            guard try await accounts.unlink(number, in: transaction) else { return }
            try await accounts.endSessions(of: number, in: transaction)
            try await record("unlink identity", on: found.account, by: actor, in: transaction)
        }
    }
}
