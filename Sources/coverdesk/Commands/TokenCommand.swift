import API
import ArgumentParser
import Coverage
import PostgresClient
import Storage

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Let chat servers in, and lock them out.",
        discussion: """
              coverdesk token create --chat-server prosody
              coverdesk token create --chat-server dashboard --scope events:read
              coverdesk token create --library pub01
              coverdesk token list
              coverdesk token revoke 3
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a token for a chat server, or for a library's replica.",
            discussion: """
                The token is printed once, and only its hash is kept: who loses it makes
                another. A chat server may have several, to replace one without a pause.

                Scopes: \(Scope.allCases.map(\.rawValue).joined(separator: ", "))

                Without --scope all but settings:write, which is for the consortium's
                own people.

                With --library the token is for the replica of that library: it reads what
                the library may see, sends what it did, and opens nothing else.
                """)

        @OptionGroup var options: SharedOptions

        @Option(help: "The chat server's id: its sessions' ids are its own.")
        var chatServer: String?

        @Option(help: "The library whose replica the token is for.")
        var library: String?

        @Option(help: "What the token allows; may be given several times. All but settings:write if it is not given.")
        var scope: [String] = []

        @Option(help: "Requests a second, on each node; twice as many in one burst.")
        var rate = 1000

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                let scopes = try checkedScopes()
                try await context.withDatabase { pool in
                    let consortium = try await context.consortium(in: pool)
                    var generator = SystemRandomNumberGenerator()
                    let text = TokenText.make(for: consortium, using: &generator)
                    let number = try await create(text, scopes, for: consortium, in: pool, context)
                    show(text, number, scopes, in: context)
                }
            }
        }

        /// What the token's holder is called: a replica's is no chat server.
        private var holder: String { chatServer ?? "replica" }

        private func checkHolder() throws {
            guard chatServer != nil || library != nil else {
                throw CommandFailure.badInput(
                    "whose is it? give --chat-server ID, or --library ID for a library's replica")
            }
            guard Consortium.ID.isValid(holder) else {
                throw CommandFailure.badInput(
                    "--chat-server: “\(holder)” is no id: write 1 to 64 letters, digits, -, _ or ., like prosody")
            }
            if let library, !Library.ID.isValid(library) {
                throw CommandFailure.badInput(
                    "--library: “\(library)” is no id: write 1 to 64 letters, digits, -, _ or ., like pub01")
            }
        }

        private func checkedScopes() throws -> [String] {
            try checkHolder()
            guard (1...1_000_000).contains(rate) else {
                throw CommandFailure.badInput("--rate must be a whole number from 1 to 1000000")
            }
            let known = Scope.allCases.map(\.rawValue)
            if let unknown = scope.first(where: { !known.contains($0) }) {
                throw CommandFailure.badInput(
                    "--scope: there is no “\(unknown)”: write one of " + known.joined(separator: ", "))
            }
            let fitting = Scope.allCases.filter { $0.isOfLibrary == (library != nil) }.map(\.rawValue)
            if let other = scope.first(where: { !fitting.contains($0) }) {
                throw CommandFailure.badInput(
                    library == nil
                        ? "--scope \(other) is for a library's replica: give --library ID too"
                        : "--scope \(other) does not go with --library: write one of " + fitting.joined(separator: ", ")
                )
            }
            guard !scope.isEmpty else { return fitting.filter { $0 != Scope.settingsWrite.rawValue } }
            return fitting.filter(scope.contains)
        }

        private func create(
            _ text: String, _ scopes: [String], for consortium: Consortium.ID, in pool: PostgresPool,
            _ context: CommandContext
        ) async throws -> Int {
            let token = TokenRepository.NewToken(
                chatServer: holder, library: library.map { Library.ID($0) }, hash: TokenText.hash(text), scopes: scopes,
                requestsPerSecond: rate)
            do {
                return try await pool.withTransaction { transaction in
                    let number = try await TokenRepository(consortium: consortium).insert(
                        token, by: context.settings.actor, at: context.now, in: transaction)
                    try await AuditRepository(consortium: consortium).record(
                        AuditRepository.Entry(
                            at: context.now, actor: context.settings.actor, action: "create token",
                            subject: "token \(number) of \(library ?? holder)"), in: transaction)
                    return number
                }
            } catch let error as PostgresError where error.code == .foreignKeyViolation {
                throw CommandFailure.refused(
                    error.constraint?.contains("library") == true
                        ? "there is no library “\(library ?? "")” in \(consortium)"
                        : "there is no consortium “\(consortium)” yet: run `coverdesk import DIR`")
            }
        }

        private func show(_ text: String, _ number: Int, _ scopes: [String], in context: CommandContext) {
            if context.printsJSON, let json = try? JSONText.encode(Report(number: number, token: text, scopes: scopes))
            {
                return context.terminal.say(json)
            }
            // The token alone on standard output, so that a script can take it.
            context.terminal.complain("token \(number) of \(library ?? holder), told only now:")
            context.terminal.say(text)
        }

        private struct Report: Encodable {
            let number: Int
            let token: String
            let scopes: [String]
        }
    }
}

extension TokenCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The tokens that there are, and were.")

        @OptionGroup var options: SharedOptions

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                let tokens = try await context.withDatabase { pool in
                    let consortium = try await context.consortium(in: pool)
                    return try await pool.withConnection {
                        try await TokenRepository(consortium: consortium).all(in: $0)
                    }
                }
                if context.printsJSON {
                    context.terminal.say(try JSONText.encode(tokens.map(Report.init)))
                } else {
                    show(tokens, in: context.terminal)
                }
            }
        }

        private func show(_ tokens: [TokenRepository.Token], in terminal: Terminal) {
            guard !tokens.isEmpty else { return terminal.say("no tokens yet: run `coverdesk token create`") }
            var table = TextTable([
                ("token", .right), ("chat server or library", .left), ("rate", .right), ("created", .left),
                ("last used", .left),
                ("revoked", .left), ("scopes", .left),
            ])
            for token in tokens {
                table.add([
                    "\(token.number)", token.library?.rawValue ?? token.chatServer, "\(token.requestsPerSecond)/s",
                    "\(token.createdAt.rfc3339) by \(token.createdBy)", token.lastUsedAt?.rfc3339 ?? "never",
                    token.revokedAt?.rfc3339 ?? "", token.scopes.joined(separator: " "),
                ])
            }
            table.lines(terminal).forEach { terminal.say($0) }
        }

        private struct Report: Encodable {
            let number: Int
            let chatServer: String
            let library: String?
            let scopes: [String]
            let requestsPerSecond: Int
            let createdAt: String
            let createdBy: String
            let lastUsedAt: String?
            let revokedAt: String?

            init(_ token: TokenRepository.Token) {
                number = token.number
                chatServer = token.chatServer
                library = token.library?.rawValue
                scopes = token.scopes
                requestsPerSecond = token.requestsPerSecond
                createdAt = token.createdAt.rfc3339
                createdBy = token.createdBy
                lastUsedAt = token.lastUsedAt?.rfc3339
                revokedAt = token.revokedAt?.rfc3339
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Lock a token out for good, within a few seconds.")

        @OptionGroup var options: SharedOptions

        @Argument(help: "The token's number, as `coverdesk token list` tells it.")
        var number: Int

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                let chatServer = try await context.withDatabase { pool in
                    let consortium = try await context.consortium(in: pool)
                    return try await pool.withTransaction { try await revoke(in: consortium, context, $0) }
                }
                context.terminal.say("token \(number) of \(chatServer) is revoked")
            }
        }

        private func revoke(
            in consortium: Consortium.ID, _ context: CommandContext, _ transaction: PostgresTransaction
        ) async throws -> String {
            let repository = TokenRepository(consortium: consortium)
            guard let chatServer = try await repository.revoke(number, at: context.now, in: transaction) else {
                throw CommandFailure.refused(
                    "there is no token \(number), or it is revoked already: see `coverdesk token list`")
            }
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: context.now, actor: context.settings.actor, action: "revoke token",
                    subject: "token \(number) of \(chatServer)"), in: transaction)
            return chatServer
        }
    }
}
