import Coverage
import PostgresClient
import Storage

/// Signing in.
extension AccountKeeper {
    /// Signs a browser in.
    ///
    /// The attempt is counted, on all nodes together, before the password is looked at, so that many at once are not
    /// more than one after the other.
    ///
    /// - Parameters:
    ///   - email: As it was typed.
    ///   - text: The password as it was typed.
    ///   - address: Where the request comes from, for the limit: an IP address; nil where that cannot be known.
    ///   - device: What the browser calls itself, for the owner of the account to know it by.
    /// - Returns: The session, whose secret goes into a cookie.
    /// - Throws: ``SignInRefusal``, ``PasswordsBusy``; ``PostgresError``.
    package func signIn(
        email: String, password text: String, from address: String?, device: String
    ) async throws -> SignedIn {
        guard settings.takesPasswords else { throw SignInRefusal.noPasswords }
        let subjects = AttemptSubjects(email: email, address: address)
        try await countAttempt(subjects)
        let found = try await pool.withConnection { connection in
            guard let email = EmailAddress(email) else { return AccountRepository.Credentials?.none }
            return try await accounts.credentials(of: email, in: connection)
        }
        guard let password = Password(text) else { throw SignInRefusal.wrongEmailOrPassword }
        let stored = found?.passwordHash.flatMap { PasswordHash($0) }
        guard try await passwords.matches(password, stored), let found, let stored else {
            throw SignInRefusal.wrongEmailOrPassword
        }
        let renewed =
            passwords.isOutdated(stored)
            ? try await passwords.hash(password, salt: random.bytes(PasswordHash.saltBytes)).text : nil
        return try await pool.withTransaction { transaction in
            try await letIn(found, renewedHash: renewed, subjects, device: device, transaction)
        }
    }

    /// Counts an attempt.
    ///
    /// - Throws: ``SignInRefusal/tooManyAttempts(retryAfterSeconds:)``
    func countAttempt(_ subjects: AttemptSubjects) async throws {
        let now = now()
        let wait = try await pool.withTransaction { transaction -> Int64? in
            try await attempts.sweep(at: now, in: transaction)
            // The address first: from one whose allowance is used up nobody uses up that of an account.
            if let address = subjects.address,
                let wait = try await attempts.take(address, of: settings.ofAddress, at: now, in: transaction)
            {
                return wait
            }
            return try await attempts.take(subjects.email, of: settings.ofEmail, at: now, in: transaction)
        }
        if let wait { throw SignInRefusal.tooManyAttempts(retryAfterSeconds: wait) }
    }

    /// Begins a session for somebody whose password was right a moment ago.
    private func letIn(
        _ found: AccountRepository.Credentials, renewedHash: String?, _ subjects: AttemptSubjects, device: String,
        _ transaction: PostgresTransaction
    ) async throws -> SignedIn {
        let number = found.account.number
        // What is so now counts: meanwhile the account may have been disabled, or its password changed.
        guard let current = try await accounts.lockedCredentials(of: number, in: transaction),
            current.passwordHash == found.passwordHash
        else { throw SignInRefusal.wrongEmailOrPassword }
        try Self.check(current.account)
        if let renewedHash { try await accounts.setPasswordHash(renewedHash, of: number, in: transaction) }
        if let address = subjects.address {
            try await attempts.giveBack(address, of: settings.ofAddress, in: transaction)
        }
        try await attempts.forget(subjects.email, in: transaction)
        return try await beginSession(of: current.account, as: "sign in", device: device, transaction)
    }

    /// Sees to it that an account may be used.
    ///
    /// - Throws: ``SignInRefusal/disabled``, ``SignInRefusal/departed``
    static func check(_ account: Account) throws(SignInRefusal) {
        switch account.standing {
        case .active: return
        case .disabled: throw .disabled
        case .departed: throw .departed
        }
    }

    /// Begins a session for somebody who has proven that it is them, while their account is locked.
    func beginSession(
        of account: Account, as action: String, device: String, _ transaction: PostgresTransaction
    ) async throws -> SignedIn {
        let now = now()
        try await accounts.forgetSessions(
            at: now, idleSeconds: settings.idleSeconds, in: transaction)
        let (secret, end) = (SecretText.make(of: random), now.advanced(bySeconds: settings.maximumSeconds))
        let session = try await accounts.insertSession(
            hash: secret.hash, of: account.number, device: Self.cleaned(device), at: now, until: end, in: transaction)
        try await record(action, on: account, by: account.email.text, in: transaction)
        return SignedIn(account: account, session: session, secret: secret, expiresAt: end)
    }

    /// What a browser calls itself, without what a database or a page would stumble over.
    private static func cleaned(_ device: String) -> String {
        let scalars = device.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(300)
        return String(String.UnicodeScalarView(scalars))
    }
}
