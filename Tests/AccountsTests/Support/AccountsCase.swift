import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Synchronization

/// The consortium `two` with what keeps its accounts, a clock that stands still, and hashing that costs nothing.
struct AccountsCase: Sendable {
    let pool: PostgresPool
    let clock = StillClock()
    let hashing = CountedHashing()

    /// What keeps the accounts on one node.
    var keeper: AccountKeeper { keeper() }

    func keeper(
        cost: PasswordHash.Cost = AccountsCase.cheap, passwords: PasswordWork? = nil
    ) -> AccountKeeper {
        let (clock, hashing) = (clock, hashing)
        return AccountKeeper(
            consortium: "two", pool: pool,
            passwords: passwords ?? PasswordWork(cost: cost, waitingLimit: 100, derive: hashing.derive),
            now: { clock.now })
    }

    static let cheap = PasswordHash.Cost(logRounds: 1, blockSize: 1, parallelism: 1)
    static let password = "seven quiet reading rooms"

    /// An account that can be used.
    @discardableResult
    func account(
        _ email: String = "ada@example.org", _ role: Account.Role = .coordinator,
        password: String = AccountsCase.password
    ) async throws -> Account {
        let address = try email.asAddress
        let wanted = AccountRepository.NewAccount(email: address, name: "Ada King", role: role)
        try await keeper.provide(wanted, password: password, by: "test")
        return try await keeper.account(of: address)
    }

    @discardableResult
    func signIn(
        _ email: String = "ada@example.org", _ password: String = AccountsCase.password,
        from address: String = "192.0.2.1", on keeper: AccountKeeper? = nil
    ) async throws -> SignedIn {
        try await (keeper ?? self.keeper).signIn(
            email: email, password: password, from: address, device: "Firefox")
    }

    /// The audit log's latest entry, `ada: sign in account ada@example.org`.
    func latestAct() async throws -> String? {
        try await pool.withConnection { try await AuditRepository(consortium: "two").latest(1, in: $0) }.first
            .map { "\($0.actor): \($0.action) \($0.subject)" }
    }
}

/// Lends a consortium with two libraries and four operators, and what keeps its accounts.
func withAccounts(_ body: (AccountsCase) async throws -> Void) async throws {
    try await withServiceDatabase { pool in
        try await pool.importing(.valid())
        try await body(AccountsCase(pool: pool))
    }
}

/// A clock that shows what a test says.
final class StillClock: Sendable {
    private let time = Mutex(Instant(secondsSince1970: 1_790_000_000))

    var now: Instant { time.withLock { $0 } }

    func advance(bySeconds seconds: Int64) {
        time.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }

    func advance(byHours hours: Int64) { advance(bySeconds: hours * 3600) }
}

/// Real hashing that counts how often it is asked.
final class CountedHashing: Sendable {
    private let asked = Mutex(0)

    var count: Int { asked.withLock { $0 } }

    var derive: PasswordHash.Derivation {
        { [self] password, salt, cost in
            asked.withLock { $0 += 1 }
            return try PasswordHash.scrypt(password, salt, cost)
        }
    }
}

extension String {
    var asAddress: EmailAddress {
        get throws {
            guard let address = EmailAddress(self) else { throw NoAddress() }
            return address
        }
    }

    private struct NoAddress: Error {}
}
