import API
import Accounts
import ArgumentParser
import Coverage
import PostgresClient
import Storage

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Let people use the pages, and lock them out.",
        discussion: """
              coverdesk account invite ada@example.org --name "Ada King" --role coordinator
              coverdesk account invite bo@example.org --name Bo --role manager --library pub01
              coverdesk account invite cy@example.org --name Cy --role operator --operator pub01-03
              coverdesk account list
              coverdesk account reset ada@example.org
              coverdesk account role bo@example.org --role reader
              coverdesk account disable bo@example.org
            """,
        subcommands: [
            Invite.self, List.self, Role.self, Disable.self, Enable.self, Reset.self, SetPassword.self, Unlink.self,
        ])

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "invite",
            abstract: "Make an account, and the link under which its owner sets a password.",
            discussion: """
                Whoever opens the link first sets the password, so send it to its owner
                alone. It works once, within seven days, and is told once.
                """)

        @OptionGroup var options: SharedOptions

        @Argument(help: "The email address to sign in by.")
        var email: String

        @Option(help: "What the person is called.")
        var name: String

        @OptionGroup var role: RoleOptions

        @OptionGroup var service: ServiceAddress

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                let wanted = AccountRepository.NewAccount(
                    email: try checkedEmail(email), name: name, role: try role.checked())
                try service.check()
                let link = try await context.withAccounts { try await $0.invite(wanted, by: context.settings.actor) }
                show(link, service, in: context)
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset",
            abstract: "Make another link, for somebody who lost the password, or the invitation.",
            discussion: """
                It works once, within a day; for who has no password yet, within seven.
                The link before it works no more. The password so far goes on working
                until another one is set: to stop that, disable the account.
                """)

        @OptionGroup var options: SharedOptions

        @Argument(help: "The email address of the account.")
        var email: String

        @OptionGroup var service: ServiceAddress

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                let email = try checkedEmail(email)
                try service.check()
                let link = try await context.withAccounts { accounts in
                    try await accounts.issueLink(
                        to: try await accounts.account(of: email).number, by: context.settings.actor)
                }
                show(link, service, in: context)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The accounts that there are.")

        @OptionGroup var options: SharedOptions

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                let entries = try await context.withAccounts { try await $0.all() }
                if context.printsJSON {
                    context.terminal.say(try JSONText.encode(entries.map(AccountReport.init)))
                } else {
                    show(entries, in: context.terminal)
                }
            }
        }

        private func show(_ entries: [AccountRepository.Entry], in terminal: Terminal) {
            guard !entries.isEmpty else { return terminal.say("no accounts yet: run `coverdesk account invite`") }
            var table = TextTable([
                ("email", .left), ("name", .left), ("role", .left), ("of", .left), ("state", .left),
                ("last seen", .left), ("created", .left),
            ])
            for entry in entries {
                let (account, role) = (entry.account, entry.account.role)
                table.add([
                    account.email.text, account.name, role.kind.rawValue,
                    role.operator?.rawValue ?? role.library?.rawValue ?? "", AccountReport.state(entry),
                    entry.lastSeenAt?.rfc3339 ?? "", "\(entry.createdAt.rfc3339) by \(entry.createdBy)",
                ])
            }
            table.lines(terminal).forEach { terminal.say($0) }
        }
    }
}

extension CommandContext {
    /// Lends what keeps the consortium's accounts.
    func withAccounts<Result: Sendable>(_ body: (AccountKeeper) async throws -> Result) async throws -> Result {
        try await withDatabase { pool in
            try await body(accounts(of: try await consortium(in: pool), in: pool))
        }
    }

    func accounts(of consortium: Consortium.ID, in pool: PostgresPool) -> AccountKeeper {
        let context = self
        return AccountKeeper(
            consortium: consortium, pool: pool, passwords: PasswordWork(), now: { context.now })
    }
}

/// The email address that was given.
func checkedEmail(_ text: String) throws -> EmailAddress {
    guard let email = EmailAddress(text) else {
        throw CommandFailure.badInput("“\(text)” is no email address: write one like ada@example.org")
    }
    return email
}

/// Shows a link, alone on standard output, so that a script can take it.
private func show(_ link: IssuedLink, _ service: ServiceAddress, in context: CommandContext) {
    let address = service.prefix + link.path
    if context.printsJSON, let json = try? JSONText.encode(LinkReport(link, address)) {
        return context.terminal.say(json)
    }
    let what = link.purpose == .invitation ? "invitation of" : "link for another password of"
    context.terminal.complain("\(what) \(link.account.email), until \(link.expiresAt.rfc3339), told only now:")
    context.terminal.say(address)
}
