import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("Keeping accounts")
struct AdministrationTests {
    @Test("the list tells who is there, invited, disabled, or has left")
    func lists() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            let other = try await accounts.account("bo@example.org", .manager("pub01"))
            _ = try await accounts.keeper.invite(
                .init(email: "cy@example.org".asAddress, name: "Cy", role: .reader("acad01")), by: "ada")
            try await accounts.keeper.disable(other.number, by: "ada")
            try await accounts.signIn()
            let entries = try await accounts.keeper.all()
            #expect(entries.map(\.account.email.text) == ["ada@example.org", "bo@example.org", "cy@example.org"])
            #expect(entries.map(\.account.standing) == [.active, .disabled, .active])
            #expect(entries.map(\.hasPassword) == [true, true, false])
            #expect(entries.map { $0.lastSeenAt != nil } == [true, false, false])
            #expect(entries.map { $0.linkExpiresAt != nil } == [false, false, true])
        }
    }

    @Test("somebody who can let people in always stays")
    func keepsACoordinator() async throws {
        try await withAccounts { accounts in
            let (ada, keeper) = (try await accounts.account(), accounts.keeper)
            let refusal = AccountRefusal.lastCoordinator(ada.email)
            _ = try await keeper.invite(
                .init(email: "cy@example.org".asAddress, name: "Cy", role: .coordinator), by: "ada")
            await #expect(throws: refusal, "who never came does not count") {
                try await keeper.disable(ada.number, by: "ada")
            }
            await #expect(throws: refusal) { try await keeper.setRole(.reader(nil), of: ada.number, by: "ada") }
            let bo = try await accounts.account("bo@example.org")
            try await keeper.disable(ada.number, by: "bo")
            await #expect(throws: AccountRefusal.lastCoordinator(bo.email)) {
                try await keeper.disable(bo.number, by: "bo")
            }
        }
    }

    @Test("two coordinators who disable each other at once do not both succeed")
    func keepsOneOfTwo() async throws {
        try await withAccounts { accounts in
            let numbers = [try await accounts.account().number, try await accounts.account("bo@example.org").number]
            let done = await withTaskGroup(of: Bool.self) { group in
                for number in numbers {
                    group.addTask { (try? await accounts.keeper.disable(number, by: "test")) != nil }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(done.count { $0 } == 1)
        }
    }

    @Test("a change of role is in the audit log with what was before")
    func audits() async throws {
        try await withAccounts { accounts in
            let account = try await accounts.account("bo@example.org", .manager("pub01"))
            try await accounts.keeper.setRole(.operator("pub01-01"), of: account.number, by: "ada")
            let (before, after) = try await accounts.pool.withConnection { connection in
                try await connection.query(
                    "SELECT before::text, after::text FROM audit_log WHERE action = 'set role'"
                ).single().decode((String, String).self)
            }
            #expect(before == #"{"role": "manager", "library_id": "pub01"}"#)
            #expect(after == #"{"role": "operator", "operator_id": "pub01-01"}"#)
        }
    }

    /// The consortium without the library `pub01` and its people.
    private var smaller: ConsortiumBundle {
        var bundle = ConsortiumBundle.valid()
        bundle.libraries.removeAll { $0.id == "pub01" }
        bundle.operators.removeAll { $0.library == "pub01" }
        bundle.availability.removeAll { $0.operator.rawValue.hasPrefix("pub01") }
        bundle.absences = []
        return bundle
    }

    @Test("an import that removes a library and its people removes their accounts, and nobody else's")
    func goesWithThem() async throws {
        try await withAccounts { accounts in
            try await accounts.account()
            try await accounts.account("bo@example.org", .manager("pub01"))
            try await accounts.account("cy@example.org", .operator("pub01-01"))
            try await accounts.account("di@example.org", .reader("acad01"))
            let signedIn = try await accounts.signIn("cy@example.org")
            _ = try await accounts.keeper.issueLink(to: signedIn.account.number, by: "ada")
            let leavers = try await accounts.pool.importing(smaller)
            #expect(leavers == ConsortiumRepository.Leavers(deleted: 3, retired: 0))
            #expect(
                try await accounts.keeper.all().map(\.account.email.text) == ["ada@example.org", "di@example.org"])
            #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) == nil)
        }
    }

    @Test("who has left but is named by a schedule is out, and in again when they come back")
    func staysOut() async throws {
        try await withAccounts { accounts in
            _ = try await accounts.pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)])
            let account = try await accounts.account("cy@example.org", .operator("pub01-01"))
            let signedIn = try await accounts.signIn("cy@example.org")
            try await accounts.pool.importing(smaller)
            #expect(try await accounts.keeper.signedIn(by: signedIn.secret.text) == nil)
            await #expect(throws: SignInRefusal.departed) { try await accounts.signIn("cy@example.org") }
            await #expect(throws: AccountRefusal.notUsable(account.email)) {
                try await accounts.keeper.issueLink(to: account.number, by: "ada")
            }
            await #expect(throws: AccountRefusal.noOperator("pub01-01")) {
                _ = try await accounts.keeper.invite(
                    .init(email: "eve@example.org".asAddress, name: "Eve", role: .operator("pub01-01")), by: "ada")
            }
            try await accounts.pool.importing(.valid())
            try await accounts.signIn("cy@example.org")
        }
    }
}
