import Accounts
import ArgumentParser
import Coverage
import Foundation

extension AccountCommand {
    struct Role: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role", abstract: "Give an account another role, from the next page on.")

        @OptionGroup var options: SharedOptions

        @Argument(help: "The email address of the account.")
        var email: String

        @OptionGroup var role: RoleOptions

        func run() async throws {
            let role = role
            try await change(email, options, to: "is \(role.role) now") { accounts, account, actor in
                try await accounts.setRole(try role.checked(), of: account.number, by: actor)
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable", abstract: "Lock an account, and sign all its browsers out at once.")

        @OptionGroup var options: SharedOptions

        @Argument(help: "The email address of the account.")
        var email: String

        func run() async throws {
            try await change(email, options, to: "is disabled") { accounts, account, actor in
                try await accounts.disable(account.number, by: actor)
            }
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable", abstract: "Let an account be used again.")

        @OptionGroup var options: SharedOptions

        @Argument(help: "The email address of the account.")
        var email: String

        func run() async throws {
            try await change(email, options, to: "can be used again") { accounts, account, actor in
                try await accounts.enable(account.number, by: actor)
            }
        }
    }

    struct Unlink: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "unlink",
            abstract: "Part an account from whoever signs in to it through the identity provider.",
            discussion: """
                For somebody whom the provider knows anew, or by mistake. All browsers of the
                account are signed out; whoever comes next with its address, confirmed by the
                provider, is linked to it.
                """)

        @OptionGroup var options: SharedOptions

        @Argument(help: "The email address of the account.")
        var email: String

        func run() async throws {
            try await change(email, options, to: "is linked to nobody") { accounts, account, actor in
                try await accounts.unlink(account.number, by: actor)
            }
        }
    }

    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-password",
            abstract: "Give an account a password that is read from standard input, for scripts.",
            discussion: """
                People set theirs better themselves, under the link that `invite` and
                `reset` make. Signs all browsers of the account out.

                  coverdesk account set-password ada@example.org < password.txt
                """)

        @OptionGroup var options: SharedOptions

        @Argument(help: "The email address of the account.")
        var email: String

        func run() async throws {
            try await change(email, options, to: "has another password") { accounts, account, actor in
                guard let password = readLine() else {
                    throw CommandFailure.badInput("no password came: write it to standard input, on one line")
                }
                try await accounts.setPassword(password, of: account, by: actor)
            }
        }
    }
}

extension AsyncParsableCommand {
    /// Does something to an account, and says so.
    fileprivate func change(
        _ email: String, _ options: SharedOptions, to result: String,
        _ body: (AccountKeeper, Account, String) async throws -> Void
    ) async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let email = try checkedEmail(email)
            try await context.withAccounts { accounts in
                try await body(accounts, try await accounts.account(of: email), context.settings.actor)
            }
            context.terminal.say("\(email) \(result)")
        }
    }
}
