import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("Sessions of accounts")
struct SessionTests {
    @Test("one that is not used for twelve hours is over, one that is used goes on")
    func endsIdle() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let signedIn = try await accounts.signIn()
            for _ in 0..<3 {
                accounts.clock.advance(byHours: 11)
                #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) != nil)
            }
            accounts.clock.advance(byHours: 12)
            #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) == nil)
            #expect(try await accounts.keeper.sessions(of: signedIn.account).isEmpty)
        }
    }

    @Test("one is over after fourteen days, however often it is used")
    func endsAtLast() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let signedIn = try await accounts.signIn()
            for _ in 0..<(14 * 24 / 8 - 1) {
                accounts.clock.advance(byHours: 8)
                #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) != nil)
            }
            accounts.clock.advance(byHours: 8)
            #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) == nil)
        }
    }

    @Test("those that are over are deleted when somebody signs in, whosever they were")
    func forgets() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            try await accounts.account("cy@example.org", .operator("acad01-02"))
            _ = try await accounts.signIn("cy@example.org")
            accounts.clock.advance(byHours: 13)
            _ = try await accounts.signIn()
            let left = try await accounts.pool.withConnection { connection in
                try await connection.query("SELECT count(*) FROM account_session").single().decode(Int.self)
            }
            #expect(left == 1)
        }
    }

    @Test("that it is used is written once a minute")
    func touchesSeldom() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let signedIn = try await accounts.signIn()
            let start = accounts.clock.now
            func lastSeen() async throws -> Int64? {
                try await accounts.keeper.sessions(of: signedIn.account).first?.lastSeenAt.seconds(since: start)
            }
            accounts.clock.advance(bySeconds: 59)
            _ = try await accounts.keeper.signedIn(by: signedIn.secret.text)
            #expect(try await lastSeen() == 0)
            accounts.clock.advance(bySeconds: 1)
            _ = try await accounts.keeper.signedIn(by: signedIn.secret.text)
            #expect(try await lastSeen() == 60)
        }
    }

    @Test("signing out ends this browser's, signing out everywhere all of them")
    func signsOut() async throws {
        try await withAccounts { accounts in
            let (account, keeper) = (try await accounts.account(), accounts.keeper)
            let (first, second) = (try await accounts.signIn(), try await accounts.signIn())
            #expect(try await keeper.sessions(of: account).map(\.device) == ["Firefox", "Firefox"])
            #expect(try await keeper.signOut(first.session, of: account))
            #expect(try await !keeper.signOut(first.session, of: account))
            #expect(try await accounts.latestAct() == "ada@example.org: sign out account ada@example.org")
            #expect(try await keeper.signedIn(by: first.secret.text) == nil)
            #expect(try await keeper.signedIn(by: second.secret.text) != nil)
            #expect(try await keeper.signOutEverywhere(account) == 1)
            #expect(try await keeper.signedIn(by: second.secret.text) == nil)
        }
    }

    @Test("nobody ends another account's session")
    func keepsToOneAccount() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let other = try await accounts.account("bo@example.org", .reader(nil))
            let signedIn = try await accounts.signIn()
            #expect(try await !accounts.keeper.signOut(signedIn.session, of: other))
            #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) != nil)
        }
    }

    @Test("another password signs the other browsers out, and needs the one so far")
    func changesPassword() async throws {
        try await withAccounts { accounts in
            let (account, keeper) = (try await accounts.account(), accounts.keeper)
            let (here, there) = (try await accounts.signIn(), try await accounts.signIn())
            let new = "eight quiet reading rooms"
            await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                try await keeper.changePassword(from: new, to: new, by: here)
            }
            await #expect(throws: PasswordRefusal.tooShort(minimumCharacters: 15)) {
                try await keeper.changePassword(from: AccountsCase.password, to: "short", by: here)
            }
            try await keeper.changePassword(from: AccountsCase.password, to: new, by: here)
            #expect(try await accounts.latestAct() == "ada@example.org: change password account ada@example.org")
            #expect(try await keeper.sessions(of: account).map(\.number) == [here.session])
            #expect(try await keeper.signedIn(by: there.secret.text) == nil)
            await #expect(throws: SignInRefusal.wrongEmailOrPassword) { try await accounts.signIn() }
            try await accounts.signIn("ada@example.org", new)
        }
    }

    @Test("a stolen browser cannot try passwords without end")
    func limitsChanges() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let here = try await accounts.signIn()
            for _ in 0..<10 {
                await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                    try await accounts.keeper.changePassword(from: "guess", to: "eight quiet reading rooms", by: here)
                }
            }
            await #expect(throws: SignInRefusal.tooManyAttempts(retryAfterSeconds: 60)) {
                try await accounts.keeper.changePassword(
                    from: AccountsCase.password, to: "eight quiet reading rooms", by: here)
            }
        }
    }

    @Test("a role that changes holds from the next look on")
    func followsRole() async throws {
        try await withAccounts { accounts in
            let account = try await accounts.account("bo@example.org", .manager("pub01"))
            let signedIn = try await accounts.signIn("bo@example.org")
            try await accounts.keeper.setRole(.reader(nil), of: account.number, by: "ada")
            #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text)?.account.role == .reader(nil))
        }
    }
}
