package import Coverage
package import PostgresClient
import Storage

/// Keeps a consortium's accounts: lets people in and out, sets passwords, invites.
///
/// Any number of them, on as many nodes, work on one database.
package struct AccountKeeper: Sendable {
    package let consortium: Consortium.ID
    package let settings: AccountSettings
    let pool: PostgresPool
    let passwords: PasswordWork
    let now: @Sendable () -> Instant
    let random: RandomSource

    /// Sets it up.
    ///
    /// - Parameters:
    ///   - consortium: Whose accounts.
    ///   - pool: Of connections to the database.
    ///   - settings: How long sessions last.
    ///   - passwords: Where they are hashed; one for all that a process does.
    ///   - now: The world's clock: sessions last as long for people, whichever time a demo plays.
    ///   - random: Where secrets come from.
    package init(
        consortium: Consortium.ID, pool: PostgresPool, settings: AccountSettings = AccountSettings(),
        passwords: PasswordWork, now: @escaping @Sendable () -> Instant, random: RandomSource = .system
    ) {
        self.consortium = consortium
        self.pool = pool
        self.settings = settings
        self.passwords = passwords
        self.now = now
        self.random = random
    }

    var accounts: AccountRepository { AccountRepository(consortium: consortium) }
    var attempts: SignInAttemptRepository { SignInAttemptRepository(consortium: consortium) }

    /// Writes to the audit log, in the transaction that makes the change.
    func record(
        _ action: String, on account: Account, by actor: String, before: String? = nil, after: String? = nil,
        in transaction: PostgresTransaction
    ) async throws {
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(at: now(), actor: actor, action: action, subject: "account \(account.email)"),
            before: before, after: after, in: transaction)
    }

    /// Sees to it that a new password is a good one, and hashes it.
    ///
    /// - Throws: ``PasswordRefusal``, ``PasswordsBusy``
    func hashed(_ text: String, for account: Account) async throws -> String {
        let name = try await pool.withConnection { try await accounts.consortiumName(in: $0) }
        guard let password = Password(text) else {
            throw text.isEmpty
                ? PasswordRefusal.tooShort(minimumCharacters: Password.minimumCharacters)
                : PasswordRefusal.tooLong(maximumBytes: Password.maximumBytes)
        }
        try password.check(for: account.email.text, name: account.name, consortium: name ?? consortium.rawValue)
        return try await passwords.hash(password, salt: random.bytes(PasswordHash.saltBytes)).text
    }
}
