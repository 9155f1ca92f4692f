import Accounts
import Coverage
import Storage
import StorageTestSupport
import Testing

@Suite("Inviting people")
struct InvitationTests {
    private static let bo = "bo@example.org"

    private func invite(_ accounts: AccountsCase, _ role: Account.Role = .manager("pub01")) async throws -> IssuedLink {
        try await accounts.keeper.invite(
            AccountRepository.NewAccount(email: Self.bo.asAddress, name: "Bo", role: role), by: "ada@example.org")
    }

    @Test("who is invited sets a password under the link, once, and signs in")
    func accepts() async throws {
        try await withAccounts { accounts in
            let (link, keeper) = (try await invite(accounts), accounts.keeper)
            #expect(try await accounts.latestAct() == "ada@example.org: invite account bo@example.org")
            #expect(link.path == "/invitation/\(link.secret.text)")
            let open = try await keeper.openLink(link.secret.text)
            #expect(open?.account.name == "Bo")
            #expect(open?.purpose == .invitation)
            let account = try await keeper.useLink(link.secret.text, password: AccountsCase.password)
            #expect(account.email.text == Self.bo)
            #expect(try await accounts.latestAct() == "bo@example.org: accept invitation account bo@example.org")
            try await accounts.signIn(Self.bo)
            #expect(try await keeper.openLink(link.secret.text) == nil)
            await #expect(throws: AccountRefusal.linkNotUsable) {
                try await keeper.useLink(link.secret.text, password: "eight quiet reading rooms")
            }
        }
    }

    @Test("of two who use a link at once one sets the password")
    func acceptsOnce() async throws {
        try await withAccounts { accounts in
            let link = try await invite(accounts)
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        let password = "\(number) quiet reading rooms"
                        return (try? await accounts.keeper.useLink(link.secret.text, password: password)) != nil
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 1)
        }
    }

    @Test("a password that is refused leaves the link as it was")
    func staysOpen() async throws {
        try await withAccounts { accounts in
            let link = try await invite(accounts)
            await #expect(throws: PasswordRefusal.tooShort(minimumCharacters: 15)) {
                try await accounts.keeper.useLink(link.secret.text, password: "short")
            }
            await #expect(throws: PasswordRefusal.knownToEverybody) {
                try await accounts.keeper.useLink(link.secret.text, password: "BoBoBoBoBoBoBoBo")
            }
            _ = try await accounts.keeper.useLink(link.secret.text, password: AccountsCase.password)
        }
    }

    @Test("a link runs out after seven days, one for a lost password after one")
    func runsOut() async throws {
        try await withAccounts { accounts in
            let (link, keeper) = (try await invite(accounts), accounts.keeper)
            accounts.clock.advance(byHours: 7 * 24 - 1)
            #expect(try await keeper.openLink(link.secret.text) != nil)
            accounts.clock.advance(byHours: 1)
            #expect(try await keeper.openLink(link.secret.text) == nil)
            await #expect(throws: AccountRefusal.linkNotUsable) {
                try await keeper.useLink(link.secret.text, password: AccountsCase.password)
            }
            let again = try await keeper.issueLink(to: link.account.number, by: "ada")
            #expect(again.purpose == .invitation)
            _ = try await keeper.useLink(again.secret.text, password: AccountsCase.password)
            let reset = try await keeper.issueLink(to: link.account.number, by: "ada")
            #expect(reset.purpose == .reset)
            accounts.clock.advance(byHours: 24)
            #expect(try await keeper.openLink(reset.secret.text) == nil)
        }
    }

    @Test("a link for a lost password works once, signs all browsers out, and lifts the limit of tries")
    func resets() async throws {
        try await withAccounts { accounts in
            let (account, keeper) = (try await accounts.account(), accounts.keeper)
            let signedIn = try await accounts.signIn()
            for _ in 0..<11 { _ = try? await accounts.signIn("ada@example.org", "forgotten, alas") }
            let link = try await keeper.issueLink(to: account.number, by: "bo")
            #expect(try await accounts.latestAct() == "bo: make reset link account ada@example.org")
            #expect(try await keeper.signedIn(by: signedIn.secret.text) != nil, "a link alone changes nothing")
            _ = try await keeper.useLink(link.secret.text, password: "eight quiet reading rooms")
            #expect(try await accounts.latestAct() == "ada@example.org: reset password account ada@example.org")
            #expect(try await keeper.signedIn(by: signedIn.secret.text) == nil)
            try await accounts.signIn("ada@example.org", "eight quiet reading rooms")
        }
    }

    @Test("a new link withdraws the one before, and so does a password")
    func withdraws() async throws {
        try await withAccounts { accounts in
            let (first, keeper) = (try await invite(accounts), accounts.keeper)
            let second = try await keeper.issueLink(to: first.account.number, by: "ada")
            #expect(try await keeper.openLink(first.secret.text) == nil)
            #expect(try await keeper.openLink(second.secret.text) != nil)
            try await keeper.setPassword(AccountsCase.password, of: first.account, by: "ada")
            #expect(try await keeper.openLink(second.secret.text) == nil)
        }
    }

    @Test("a disabled account's link cannot be used, and none is made for it")
    func refusesDisabled() async throws {
        try await withAccounts { accounts in
            let (link, keeper) = (try await invite(accounts), accounts.keeper)
            try await keeper.disable(link.account.number, by: "ada")
            #expect(try await keeper.openLink(link.secret.text) == nil)
            await #expect(throws: AccountRefusal.linkNotUsable) {
                try await keeper.useLink(link.secret.text, password: AccountsCase.password)
            }
            await #expect(throws: AccountRefusal.notUsable(try Self.bo.asAddress)) {
                try await keeper.issueLink(to: link.account.number, by: "ada")
            }
        }
    }

    @Test("what is wrong with an invitation is told")
    func refuses() async throws {
        try await withAccounts { accounts in
            _ = try await invite(accounts)
            await #expect(throws: AccountRefusal.emailTaken(try Self.bo.asAddress)) { try await invite(accounts) }
            func inviting(_ role: Account.Role, name: String = "Cy") async throws {
                _ = try await accounts.keeper.invite(
                    AccountRepository.NewAccount(email: "cy@example.org".asAddress, name: name, role: role), by: "ada")
            }
            await #expect(throws: AccountRefusal.noLibrary("pub99")) { try await inviting(.manager("pub99")) }
            await #expect(throws: AccountRefusal.noOperator("pub01-99")) { try await inviting(.operator("pub01-99")) }
            await #expect(throws: AccountRefusal.badName) { try await inviting(.reader(nil), name: "") }
            let elsewhere = AccountKeeper(
                consortium: "none", pool: accounts.pool, passwords: PasswordWork(), now: { accounts.clock.now })
            await #expect(throws: AccountRefusal.noConsortium("none")) {
                _ = try await elsewhere.invite(
                    AccountRepository.NewAccount(email: "cy@example.org".asAddress, name: "Cy", role: .coordinator),
                    by: "ada")
            }
        }
    }
}
