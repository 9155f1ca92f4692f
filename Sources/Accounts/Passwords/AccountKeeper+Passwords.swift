package import Coverage
import PostgresClient
import Storage

/// Passwords.
extension AccountKeeper {
    /// Gives somebody who is signed in another password, and signs their other browsers out.
    ///
    /// - Parameters:
    ///   - current: The password so far; tries are counted like those to sign in.
    ///   - new: The one to be.
    ///   - signedIn: Who asks.
    /// - Throws: ``SignInRefusal`` if the current password is wrong or was tried too often, ``PasswordRefusal`` if the
    ///   new one is not a good one, ``PasswordsBusy``.
    package func changePassword(from current: String, to new: String, by signedIn: SignedIn) async throws {
        guard settings.takesPasswords else { throw SignInRefusal.noPasswords }
        let (account, email) = (signedIn.account, signedIn.account.email)
        let subjects = AttemptSubjects(email: email.text, address: nil)
        try await countAttempt(subjects)
        let stored = try await pool.withConnection { try await accounts.credentials(of: email, in: $0) }?.passwordHash
        guard let password = Password(current),
            try await passwords.matches(password, stored.flatMap { PasswordHash($0) })
        else { throw SignInRefusal.wrongEmailOrPassword }
        let hash = try await hashed(new, for: account)
        try await pool.withTransaction { transaction in
            let current = try await accounts.lockedCredentials(of: account.number, in: transaction)
            guard current?.passwordHash == stored else { throw SignInRefusal.wrongEmailOrPassword }
            try await put(hash, on: account, as: "change password", by: email.text, transaction)
            try await accounts.endSessions(of: account.number, besides: signedIn.session, in: transaction)
            try await attempts.forget(subjects.email, in: transaction)
        }
    }

    /// Gives an account a password without asking for the old one, and signs all its browsers out.
    ///
    /// - Throws: ``PasswordRefusal``, ``PasswordsBusy``
    package func setPassword(_ text: String, of account: Account, by actor: String) async throws {
        let hash = try await hashed(text, for: account)
        try await pool.withTransaction { transaction in
            try await put(hash, on: account, as: "set password", by: actor, transaction)
            try await accounts.endSessions(of: account.number, in: transaction)
            let subjects = AttemptSubjects(email: account.email.text, address: nil)
            try await attempts.forget(subjects.email, in: transaction)
        }
    }

    /// Stores a hash; a link under which a password could be set is of no use any more.
    func put(
        _ hash: String, on account: Account, as action: String, by actor: String, _ transaction: PostgresTransaction
    ) async throws {
        try await accounts.setPasswordHash(hash, of: account.number, in: transaction)
        try await accounts.withdrawLinks(of: account.number, in: transaction)
        try await record(action, on: account, by: actor, in: transaction)
    }
}
