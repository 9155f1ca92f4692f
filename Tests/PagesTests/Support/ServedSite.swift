import Accounts
import Coverage
import Foundation
import PostgresClient
import Storage
import StorageTestSupport
import TestSupport

/// The pages as `coverdesk serve` answers them, with a database behind.
struct ServedSite {
    let base: String
    let pool: PostgresPool
    let keeper: AccountKeeper

    static let password = "seven quiet reading rooms"

    var browser: Browser { Browser(at: base) }

    /// An account that can be used, `manager@example.org` for a manager.
    @discardableResult
    func account(_ role: Account.Role, _ name: String? = nil) async throws -> Account {
        guard let email = EmailAddress("\(name ?? role.kind.rawValue)@example.org") else { throw NoAddress() }
        try await keeper.provide(
            AccountRepository.NewAccount(email: email, name: name ?? "Ada King", role: role),
            password: Self.password, by: "test")
        return try await keeper.account(of: email)
    }

    /// A browser that is signed in.
    func browser(of role: Account.Role, _ name: String? = nil) async throws -> Browser {
        let account = try await account(role, name)
        var browser = browser
        try await browser.signIn(account.email.text, Self.password)
        return browser
    }

    private struct NoAddress: Error {}
}

/// Runs `coverdesk serve` on the small consortium and lends its pages.
func withSite(
    _ environment: [String: String] = [:], arguments: [String] = [], on bundle: ConsortiumBundle = .valid(),
    _ body: (ServedSite) async throws -> Void
) async throws {
    try await withDatabase(from: .service) { database in
        let pool = PostgresPool(configuration: try PostgresConfiguration(connectionString: database.connectionString))
        try await pool.importing(bundle)
        let settings = ["COVERDESK_DATABASE_URL": database.connectionString, "COVERDESK_CONSORTIUM": "two"]
        do {
            try await TestProgram.coverdesk.withRunning(
                ["serve", "--port", "0"] + arguments, environment: settings.merging(environment) { $1 }
            ) { program in
                try await program.waitUntilPrinted("\"message\":\"listening\"")
                let base = "http://127.0.0.1:\(program.port)"
                try await body(ServedSite(base: base, pool: pool, keeper: keeper(in: pool)))
            }
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }
}

/// What makes the accounts of tests: hashing that costs nothing.
private func keeper(in pool: PostgresPool) -> AccountKeeper {
    AccountKeeper(
        consortium: "two", pool: pool,
        passwords: PasswordWork(cost: PasswordHash.Cost(logRounds: 1, blockSize: 1, parallelism: 1)),
        now: { Instant(secondsSince1970: Int64(Date().timeIntervalSince1970)) })
}

extension RunningProgram {
    /// The port that the log tells.
    var port: Int { logged("serve.port").flatMap { Int($0) } ?? 0 }

    /// What the log tells of something first.
    func logged(_ key: String) -> String? {
        for line in standardError.split(separator: "\n") where line.contains("\"\(key)\"") {
            if let value = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))[key] { return value }
        }
        return nil
    }
}
