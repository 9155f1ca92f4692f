import Accounts
import Coverage
import Foundation
import PostgresClient
import Storage
import StorageTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("Signing in")
struct SignInTests {
    @Test("with email address and password, capitals or not, a browser is known again")
    func signsIn() async throws {
        try await withAccounts { accounts in
            let account = try await accounts.account("ada@example.org", .manager("pub01"))
            let signedIn = try await accounts.signIn(" ADA@Example.ORG ")
            #expect(signedIn.account == account)
            #expect(signedIn.account.library == "pub01")
            #expect(try await accounts.latestAct() == "ada@example.org: sign in account ada@example.org")
            let found = try await accounts.keeper.signedIn(by: signedIn.secret.text)
            #expect(found == signedIn)
            #expect(try await accounts.keeper.signedIn(by: SignedInText.unknown) == nil)
        }
    }

    private enum SignedInText {
        static let unknown = String(repeating: "A", count: 43)
    }

    @Test("an operator's account sees the library that the operator belongs to")
    func belongs() async throws {
        try await withAccounts { accounts in
            let account = try await accounts.account("cy@example.org", .operator("acad01-02"))
            #expect(account.library == "acad01")
        }
    }

    @Test("a wrong password and an unknown address are refused alike, and cost the same")
    func refusesAlike() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let before = accounts.hashing.count
            for email in ["ada@example.org", "nobody@example.org", "no address", ""] {
                await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                    try await accounts.signIn(email, "seven loud reading rooms")
                }
            }
            #expect(accounts.hashing.count == before + 4)
        }
    }

    @Test(
        "an odd password is wrong, and no fault",
        arguments: ["", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", String(repeating: "x", count: 100_000)])
    func bearsOddities(password: String) async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                try await accounts.signIn("ada@example.org", password)
            }
            await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                try await accounts.signIn(password, AccountsCase.password)
            }
        }
    }

    @Test("an invited account without a password cannot be signed in to")
    func needsPassword() async throws {
        try await withAccounts { accounts in
            _ = try await accounts.keeper.invite(
                .init(email: "bo@example.org".asAddress, name: "Bo", role: .reader(nil)), by: "ada")
            await #expect(throws: SignInRefusal.wrongEmailOrPassword) { try await accounts.signIn("bo@example.org") }
        }
    }

    @Test("that an account is disabled is told only to who has the password")
    func tellsDisabled() async throws {
        try await withAccounts { accounts in
            let account = try await accounts.account("bo@example.org", .reader(nil))
            let signedIn = try await accounts.signIn("bo@example.org")
            try await accounts.keeper.disable(account.number, by: "ada")
            #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) == nil, "its browsers are out")
            await #expect(throws: SignInRefusal.disabled) { try await accounts.signIn("bo@example.org") }
            await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                try await accounts.signIn("bo@example.org", "seven loud reading rooms")
            }
            try await accounts.keeper.enable(account.number, by: "ada")
            try await accounts.signIn("bo@example.org")
        }
    }

    @Test("an account that is disabled while its password is looked at stays out")
    func looksAgain() async throws {
        try await withAccounts { accounts in
            let account = try await accounts.account("bo@example.org", .reader(nil))
            let begun = Mutex(false)
            let goOn = DispatchSemaphore(value: 0)
            let slow = PasswordWork(cost: AccountsCase.cheap) { password, salt, cost in
                begun.withLock { $0 = true }
                goOn.wait()
                return try PasswordHash.scrypt(password, salt, cost)
            }
            let attempt = Task { try await accounts.signIn("bo@example.org", on: accounts.keeper(passwords: slow)) }
            try await eventually("the password is looked at") { begun.withLock { $0 } }
            try await accounts.keeper.disable(account.number, by: "ada")
            goOn.signal()
            await #expect(throws: SignInRefusal.disabled) { try await attempt.value }
        }
    }

    @Test("a password whose hash has become cheap is hashed anew when its owner signs in")
    func rehashes() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let dearer = PasswordHash.Cost(logRounds: 2, blockSize: 1, parallelism: 1)
            try await accounts.signIn(on: accounts.keeper(cost: dearer))
            let stored = try await accounts.pool.withConnection { connection in
                try await connection.query("SELECT password_hash FROM account").single().decode(String.self)
            }
            #expect(stored.hasPrefix("$scrypt$ln=2,r=1,p=1$"))
            try await accounts.signIn(on: accounts.keeper(cost: dearer))
        }
    }
}
