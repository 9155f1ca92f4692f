import Foundation
import TestSupport
import Testing

@Suite("The command account")
struct AccountCommandTests {
    private static let invite = ["account", "invite", "Ada@example.org", "--name", "Ada King", "--role"]

    private func run(_ desk: Desk, _ arguments: [String], input: String = "") async throws -> ProgramOutcome {
        try await TestProgram.coverdesk.run(
            arguments, environment: desk.settings, input: input, in: desk.folder.path)
    }

    @Test("an account is invited, given a password, changed, disabled, and seen in the list")
    func keeps() async throws {
        try await withDesk { desk in
            _ = try await desk.run("import", Example.small)
            let invited = try await run(desk, Self.invite + ["coordinator", "--service", "https://desk.example.org/"])
            #expect(invited.exitCode == 0, "\(invited)")
            #expect(invited.standardOutput.hasPrefix("https://desk.example.org/invitation/"), "\(invited)")
            #expect(invited.standardOutput.split(separator: "/").last?.count == 44, "the secret, and a line's end")
            #expect(invited.standardError.contains("invitation of ada@example.org"))
            #expect(try await desk.run("account", "list").standardOutput.contains("invited"))

            let set = try await run(
                desk, ["account", "set-password", "ada@example.org"], input: "seven quiet reading rooms\n")
            #expect(set.exitCode == 0, "\(set)")
            #expect(try await desk.run("account", "list").standardOutput.contains("active"))
            let reset = try await desk.json("account", "reset", "ada@example.org")
            #expect(reset["purpose"] as? String == "reset")
            #expect((reset["address"] as? String)?.hasPrefix("/invitation/") == true)

            let last = try await desk.run("account", "disable", "ada@example.org")
            #expect(last.exitCode == 3)
            #expect(last.standardError.contains("the only coordinator"), "\(last)")
            let other = try await desk.json(
                "account", "invite", "bo@example.org", "--name", "Bo", "--role", "reader")
            #expect(other["number"] as? Int == 2)
            #expect(try await desk.run("account", "disable", "bo@example.org").exitCode == 0)
            #expect(try await desk.run("account", "list").standardOutput.contains("disabled"))
            #expect(try await desk.run("account", "enable", "bo@example.org").exitCode == 0)
            let status = try await desk.run("status")
            #expect(status.standardOutput.contains("enable  account bo@example.org"), "\(status)")
        }
    }

    @Test(
        "what is wrong with a role is told",
        arguments: [
            (["boss"], "coordinator, manager, operator, reader"), (["manager"], "give --library ID"),
            (["operator"], "give --operator ID"), (["coordinator", "--library", "pub01"], "leave --library"),
            (["reader", "--operator", "pub01-01"], "leave --operator out"), (["manager", "--library", "?"], "no id"),
        ])
    func tellsRoles(role: [String], words: String) async throws {
        try await withDesk { desk in
            let outcome = try await run(desk, Self.invite + role)
            #expect(outcome.exitCode == 2, "\(outcome)")
            #expect(outcome.standardError.contains(words), "\(outcome)")
        }
    }

    @Test("whom or what there is not is named, and a poor password is refused")
    func tellsMissing() async throws {
        try await withDesk { desk in
            let early = try await run(desk, Self.invite + ["coordinator"])
            #expect(early.exitCode == 3)
            #expect(early.standardError.contains("coverdesk import DIR"), "\(early)")
            _ = try await desk.run("import", Example.small)
            let nowhere = try await run(desk, Self.invite + ["manager", "--library", "nowhere"])
            #expect(nowhere.exitCode == 3)
            #expect(nowhere.standardError.contains("no library “nowhere”"), "\(nowhere)")
            let nobody = try await desk.run("account", "role", "ada@example.org", "--role", "reader")
            #expect(nobody.exitCode == 3)
            #expect(nobody.standardError.contains("no such account"), "\(nobody)")
            let odd = try await desk.run("account", "reset", "ada")
            #expect(odd.exitCode == 2)
            #expect(odd.standardError.contains("no email address"), "\(odd)")
            _ = try await run(desk, Self.invite + ["coordinator"])
            let short = try await run(desk, ["account", "set-password", "ada@example.org"], input: "short\n")
            #expect(short.exitCode == 2)
            #expect(short.standardError.contains("at least 15 characters"), "\(short)")
            let none = try await run(desk, ["account", "set-password", "ada@example.org"])
            #expect(none.exitCode == 2)
            #expect(none.standardError.contains("no password came"), "\(none)")
        }
    }
}
