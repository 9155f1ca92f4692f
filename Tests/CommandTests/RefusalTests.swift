import Foundation
import TestSupport
import Testing

@Suite("What is refused, and how")
struct RefusalTests {
    @Test("a bundle with faults is refused with all of them named, and nothing is imported")
    func namesFaults() async throws {
        try await withDesk { desk in
            let bundle = desk.folder.path(of: "broken")
            // File by file: a copy that keeps owners is refused where the checkout is somebody else's.
            for name in try FileManager.default.contentsOfDirectory(atPath: Example.small) {
                let text = try String(contentsOfFile: "\(Example.small)/\(name)", encoding: .utf8)
                try desk.folder.write(text, to: "broken/\(name)")
            }
            try append("zz-99,nowhere,Nobody,,general,10,4,1\n", to: "\(bundle)/operators.csv")
            try append("no-such-queue,0,09:00,10:00\n", to: "\(bundle)/hours.csv")
            let outcome = try await desk.run("import", bundle)
            #expect(outcome.exitCode == 2)
            #expect(outcome.standardError.contains("operators.csv:"))
            #expect(outcome.standardError.contains("nowhere"))
            #expect(outcome.standardError.contains("hours.csv:"))
            #expect(outcome.standardError.contains("no-such-queue"))
            #expect(try await desk.database.execute("SELECT count(*) FROM consortium") == "0")
        }
    }

    @Test("a command with no database to go to says how to name one")
    func needsADatabase() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await TestProgram.coverdesk.run(["status"], in: folder.path)
            #expect(outcome.exitCode == 4)
            #expect(outcome.standardError.contains("COVERDESK_DATABASE_URL"))
        }
    }

    @Test("a database that cannot be reached is named")
    func unreachable() async throws {
        let outcome = try await TestProgram.coverdesk.run(
            ["status", "--database-url", "postgresql:///none?host=/nonexistent-folder"])
        #expect(outcome.exitCode == 4)
        #expect(outcome.standardError.contains("/nonexistent-folder"))
    }

    @Test("a database without the schema says what to run")
    func needsMigration() async throws {
        try await withDesk(on: .empty) { desk in
            let outcome = try await desk.run("status")
            #expect(outcome.exitCode == 4)
            #expect(outcome.standardError.contains("coverdesk migrate"))
        }
    }

    @Test(
        "what cannot be done now is refused with what would help",
        arguments: [
            (["plan"], "coverdesk import"), (["publish"], "coverdesk plan"), (["gaps"], "coverdesk publish"),
            (["publish", "--plan", "7"], "no plan 7"),
        ])
    func refuses(arguments: [String], help: String) async throws {
        try await withDesk { desk in
            let outcome = try await TestProgram.coverdesk.run(
                arguments, environment: desk.settings, in: desk.folder.path)
            #expect(outcome.exitCode == 3, "\(outcome)")
            #expect(outcome.standardError.contains(help))
            #expect(outcome.standardOutput.isEmpty)
        }
    }

    @Test(
        "wrong usage and wrong settings are told apart",
        arguments: [
            (["plan", "--bundle", "somewhere"], 64, "--output"), (["publish", "--plan", "seven"], 64, "seven"),
            (["plan", "--seconds", "0"], 2, "plan.seconds"), (["schedule", "--week", "2026-02-30"], 2, "2026-02-30"),
            (["plan", "--config", "missing.yaml"], 2, "missing.yaml"),
        ] as [([String], Int32, String)])
    func usage(arguments: [String], code: Int32, mention: String) async throws {
        try await withDesk { desk in
            let outcome = try await TestProgram.coverdesk.run(
                arguments, environment: desk.settings, in: desk.folder.path)
            #expect(outcome.exitCode == code, "\(outcome)")
            #expect(outcome.standardError.contains(mention))
        }
    }

    @Test("a flag wins over the environment, which wins over the file")
    func precedence() async throws {
        try await withDesk { desk in
            try desk.folder.write("plan: {seconds: 0}\n", to: "coverdesk.yaml")
            let file = try await desk.run("plan")
            #expect(file.exitCode == 2)
            #expect(file.standardError.contains("plan.seconds"))
            let environment = try await desk.run("plan", environment: ["COVERDESK_PLAN_SECONDS": "5"])
            #expect(environment.exitCode == 3)
            let flag = try await desk.run("plan", "--seconds", "5", environment: ["COVERDESK_PLAN_SECONDS": "0"])
            #expect(flag.exitCode == 3)
        }
    }

    /// Settings of the service with which nobody could be told, sign in or be found, and what is said of each.
    private static let misfits: [([String: String], mention: String)] = [
        (["ACCOUNTS_PASSWORDS": "false"], "nobody could sign in"),
        (["ACCOUNTS_PASSWORDS": "perhaps"], "must be true or false"),
        (["NOTIFY_POST_ORIGINS": "hooks.slack.com"], "like https://hooks.slack.com"),
        (["NOTIFY_SENDMAIL": "/usr/sbin/sendmail -t"], "notify.sendmail and notify.from go together"),
        (["NOTIFY_SENDMAIL": "sendmail", "NOTIFY_FROM": "desk@example.org"], "by its whole path"),
        (["NOTIFY_SENDMAIL": "/usr/sbin/sendmail", "NOTIFY_FROM": "desk"], "must be an address"),
        (["OPENID_CLIENT_ID": "desk"], "openid.issuer (COVERDESK_OPENID_ISSUER) is missing"),
        (["OPENID_ISSUER": "https://id.example.org"], "openid.clientID"),
        (["OPENID_ISSUER": "id.example.org", "OPENID_CLIENT_ID": "desk"], "openid.issuer"),
    ]

    @Test("a service with settings that do not fit does not start, and says which is wrong", arguments: misfits.indices)
    func settings(index: Int) async throws {
        try await withDesk { desk in
            let (settings, mention) = Self.misfits[index]
            let environment = Dictionary(uniqueKeysWithValues: settings.map { ("COVERDESK_\($0.key)", $0.value) })
            let outcome = try await desk.run("serve", "--port", "0", environment: environment)
            #expect(outcome.exitCode == 2, "\(outcome)")
            #expect(outcome.standardError.contains(mention), "\(outcome)")
        }
    }

    private func append(_ line: String, to path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try (text + line).write(toFile: path, atomically: false, encoding: .utf8)
    }
}
