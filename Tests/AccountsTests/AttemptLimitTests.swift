import Accounts
import Coverage
import StorageTestSupport
import Testing

@Suite("How often passwords may be tried")
struct AttemptLimitTests {
    private static let wrong = "seven loud reading rooms"

    @Test("ten times on one account, from wherever and on whichever node; then once a minute")
    func limitsAccounts() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let nodes = [accounts.keeper, accounts.keeper]
            for attempt in 0..<10 {
                await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                    try await accounts.signIn(
                        "ada@example.org", Self.wrong, from: "192.0.2.\(attempt)", on: nodes[attempt % 2])
                }
            }
            let before = accounts.hashing.count
            await #expect(throws: SignInRefusal.tooManyAttempts(retryAfterSeconds: 60)) {
                try await accounts.signIn("Ada@example.org", AccountsCase.password, from: "198.51.100.1", on: nodes[1])
            }
            #expect(accounts.hashing.count == before, "the password was not looked at")
            accounts.clock.advance(bySeconds: 59)
            await #expect(throws: SignInRefusal.tooManyAttempts(retryAfterSeconds: 1)) { try await accounts.signIn() }
            accounts.clock.advance(bySeconds: 1)
            try await accounts.signIn()
        }
    }

    @Test("many tries at once are not more than one after the other")
    func limitsBursts() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let before = accounts.hashing.count
            await withTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try? await accounts.signIn("ada@example.org", Self.wrong, from: "192.0.2.\(number)")
                    }
                }
            }
            #expect(accounts.hashing.count == before + 10)
        }
    }

    @Test("an address that nobody has an account for is counted like others")
    func limitsUnknown() async throws {
        try await withAccounts { accounts in
            for _ in 0..<10 {
                await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                    try await accounts.signIn("nobody@example.org", Self.wrong)
                }
            }
            await #expect(throws: SignInRefusal.tooManyAttempts(retryAfterSeconds: 60)) {
                try await accounts.signIn("nobody@example.org", Self.wrong)
            }
        }
    }

    @Test("fifty times from one address, on whichever accounts; and such a one uses up nobody's own tries")
    func limitsAddresses() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            for number in 0..<50 {
                await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                    try await accounts.signIn("nobody\(number)@example.org", Self.wrong)
                }
            }
            for _ in 0..<20 {
                await #expect(throws: SignInRefusal.tooManyAttempts(retryAfterSeconds: 10)) {
                    try await accounts.signIn("ada@example.org", Self.wrong)
                }
            }
            try await accounts.signIn(from: "198.51.100.1")
        }
    }

    @Test("who signs in has all tries again, and takes none from others behind the same address")
    func givesBack() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            for _ in 0..<60 {
                try await accounts.signIn()
            }
            for _ in 0..<9 {
                await #expect(throws: SignInRefusal.wrongEmailOrPassword) {
                    try await accounts.signIn("ada@example.org", Self.wrong)
                }
            }
            try await accounts.signIn()
        }
    }
}
