import Accounts
import Coverage
import Foundation
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("Signing in through an identity provider")
struct ProviderSignInTests {
    private static let ada = ProvenIdentity(
        issuer: "https://login.example.org", subject: "u-1", verifiedEmail: EmailAddress("ada@example.org"))

    private func signIn(_ accounts: AccountsCase, _ identity: ProvenIdentity = ada) async throws -> SignedIn {
        try await accounts.keeper.signIn(as: identity, from: "192.0.2.1", device: "Firefox")
    }

    private func identity(_ subject: String, _ email: String?) -> ProvenIdentity {
        ProvenIdentity(
            issuer: "https://login.example.org", subject: subject, verifiedEmail: email.flatMap { EmailAddress($0) })
    }

    @Test("who comes first is linked by the address that the provider vouches for, and then known whatever it is")
    func links() async throws {
        try await withAccounts { accounts in
            let account = try await accounts.account()
            let signedIn = try await signIn(accounts)
            #expect(signedIn.account == account)
            #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) == signedIn)
            #expect(try await accounts.latestAct() == "ada@example.org: sign in by provider account ada@example.org")
            let acts = try await accounts.pool.withConnection {
                try await AuditRepository(consortium: "two").latest(2, in: $0)
            }
            #expect(acts.last?.action == "link identity")
            #expect(try await signIn(accounts, identity("u-1", "married@example.org")).account == account)
            #expect(try await signIn(accounts, identity("u-1", nil)).account == account)
            #expect(try await accounts.keeper.all().map(\.isLinked) == [true])
            try await accounts.signIn()
        }
    }

    @Test("who was invited needs no password, and the invitation is used up")
    func replacesInvitation() async throws {
        try await withAccounts { accounts in
            let link = try await accounts.keeper.invite(
                .init(email: "ada@example.org".asAddress, name: "Ada", role: .coordinator), by: "test")
            _ = try await signIn(accounts)
            #expect(try await accounts.keeper.openLink(link.secret.text) == nil)
        }
    }

    @Test("who has no account, no address that is vouched for, or another's address does not get in")
    func refusesStrangers() async throws {
        try await withAccounts { accounts in
            let account = try await accounts.account()
            let stranger = try "nobody@example.org".asAddress
            await #expect(throws: SignInRefusal.unknownPerson(stranger)) {
                try await signIn(accounts, identity("u-9", "nobody@example.org"))
            }
            await #expect(throws: SignInRefusal.unknownAddress) { try await signIn(accounts, identity("u-9", nil)) }
            _ = try await signIn(accounts)
            await #expect(throws: SignInRefusal.linkedToAnother(account.email)) {
                try await signIn(accounts, identity("u-2", "ada@example.org"))
            }
            let elsewhere = ProvenIdentity(
                issuer: "https://evil.example", subject: "u-1", verifiedEmail: account.email)
            await #expect(throws: SignInRefusal.linkedToAnother(account.email)) {
                try await signIn(accounts, elsewhere)
            }
        }
    }

    @Test("an account that is locked stays locked, and is linked to nobody meanwhile")
    func staysLocked() async throws {
        try await withAccounts { accounts in
            try await accounts.account("bo@example.org")
            let account = try await accounts.account()
            try await accounts.keeper.disable(account.number, by: "test")
            await #expect(throws: SignInRefusal.disabled) { try await signIn(accounts) }
            #expect(try await accounts.keeper.all().map(\.isLinked) == [false, false])
            try await accounts.keeper.enable(account.number, by: "test")
            _ = try await signIn(accounts)
            try await accounts.keeper.disable(account.number, by: "test")
            await #expect(throws: SignInRefusal.disabled) { try await signIn(accounts) }
        }
    }

    @Test("a coordinator unlinks an account, whose browsers are signed out; the last who can let people in stays")
    func unlinks() async throws {
        try await withAccounts { accounts in
            let keeper = accounts.keeper
            let invited = try await keeper.invite(
                .init(email: "ada@example.org".asAddress, name: "Ada", role: .coordinator), by: "test")
            let signedIn = try await signIn(accounts)
            await #expect(throws: AccountRefusal.lastCoordinator(invited.account.email)) {
                try await keeper.unlink(invited.account.number, by: "test")
            }
            try await accounts.account("bo@example.org")
            try await keeper.unlink(invited.account.number, by: "bo")
            #expect(try await accounts.latestAct() == "bo: unlink identity account ada@example.org")
            #expect(try await keeper.signedIn(by: signedIn.secret.text) == nil)
            #expect(try await signIn(accounts, identity("u-2", "ada@example.org")).account == invited.account)
        }
    }

    @Test("a way to the provider and back is gone once, within ten minutes, with what the browser brought along")
    func goesOnce() async throws {
        try await withAccounts { accounts in
            let keeper = accounts.keeper
            let visit = keeper.beginVisit(to: "/week?date=2026-10-26")
            let other = accounts.keeper(passwords: nil)
            for (cookie, state) in [
                (nil, visit.state), (visit.cookie, "forged"), (visit.cookie, ""),
                (keeper.beginVisit(to: "/").cookie, visit.state), ("nonsense", visit.state),
                (visit.cookie.replacing(Data("/week".utf8).base64URL.prefix(6), with: "L2V2aW"), visit.state),
            ] as [(String?, String)] {
                await #expect(throws: SignInRefusal.visitOver) {
                    try await keeper.endVisit(cookie, state: state, from: nil)
                }
            }
            let ended = try await other.endVisit(visit.cookie, state: visit.state, from: "192.0.2.1")
            #expect(ended == visit)
            await #expect(throws: SignInRefusal.visitOver) {
                try await keeper.endVisit(visit.cookie, state: visit.state, from: "192.0.2.1")
            }
            let late = keeper.beginVisit(to: "/")
            accounts.clock.advance(bySeconds: 600)
            await #expect(throws: SignInRefusal.visitOver) {
                try await keeper.endVisit(late.cookie, state: late.state, from: nil)
            }
        }
    }

    @Test("ways back are limited for each address like passwords are")
    func limits() async throws {
        try await withAccounts { accounts in
            let keeper = accounts.keeper
            for _ in 0..<50 {
                let visit = keeper.beginVisit(to: "/")
                _ = try await keeper.endVisit(visit.cookie, state: visit.state, from: "192.0.2.7")
            }
            let visit = keeper.beginVisit(to: "/")
            await #expect(throws: SignInRefusal.tooManyAttempts(retryAfterSeconds: 10)) {
                try await keeper.endVisit(visit.cookie, state: visit.state, from: "192.0.2.7")
            }
        }
    }
}
