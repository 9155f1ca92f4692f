import API
import ArgumentParser
import Calendars
import Coverage
import PostgresClient
import Scheduling
import Storage

struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Give people's own calendars the schedule, and take it back.",
        discussion: """
              coverdesk calendar create --operator pub01-03
              coverdesk calendar create --library pub01 --service https://desk.example.org
              coverdesk calendar create --queue chat
              coverdesk calendar list
              coverdesk calendar revoke 3
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a secret address for a calendar.",
            discussion: """
                Whoever knows the address reads the calendar, so it is told once, and only
                its hash is kept. Calendar programs follow it: what is published appears
                there, what is no longer in the schedule is cancelled.
                """)

        @OptionGroup var options: SharedOptions

        @Option(name: .customLong("operator"), help: "The operator whose shifts it shows.")
        var person: String?

        @Option(help: "The library whose operators' shifts it shows.")
        var library: String?

        @Option(help: "The queue whose shifts it shows; of operators only the ids.")
        var queue: String?

        @Option(help: "Where the service is reached, to print a whole address, like https://desk.example.org.")
        var service: String?

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                let subject = try subject()
                try await context.withDatabase { pool in
                    let consortium = try await context.consortium(in: pool)
                    var generator = SystemRandomNumberGenerator()
                    let secret = CalendarSecret.make(using: &generator)
                    let number = try await create(secret, subject, for: consortium, in: pool, context)
                    show(secret, number, subject, in: context)
                }
            }
        }

        private func subject() throws -> CalendarSubject {
            let given = [person, library, queue].compactMap { $0 }
            guard given.count == 1, let id = given.first else {
                throw CommandFailure.badInput("whose calendar? give one of --operator ID, --library ID or --queue ID")
            }
            let option = person != nil ? "operator" : library != nil ? "library" : "queue"
            guard Library.ID.isValid(id) else {
                throw CommandFailure.badInput(
                    "--\(option): “\(id)” is no id: write 1 to 64 letters, digits, -, _ or ., like pub01")
            }
            if let service, !service.hasPrefix("https://"), !service.hasPrefix("http://") {
                throw CommandFailure.badInput(
                    "--service: “\(service)” is no address: write it like https://desk.example.org")
            }
            if person != nil { return .person(Operator.ID(id)) }
            return library != nil ? .library(Library.ID(id)) : .queue(Queue.ID(id))
        }

        private func create(
            _ secret: String, _ subject: CalendarSubject, for consortium: Consortium.ID, in pool: PostgresPool,
            _ context: CommandContext
        ) async throws -> Int {
            do {
                return try await CalendarAddresses(consortium: consortium).make(
                    subject, secret: secret, by: context.settings.actor, at: context.now, in: pool)
            } catch CalendarRefusal.noSubject {
                throw CommandFailure.refused("there is no \(subject.kind) “\(subject.id)” in \(consortium)")
            }
        }

        private func show(_ secret: String, _ number: Int, _ subject: CalendarSubject, in context: CommandContext) {
            let base = service.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? ""
            let address = base + CalendarSecret.path(secret)
            if context.printsJSON, let json = try? JSONText.encode(Report(number: number, address: address)) {
                return context.terminal.say(json)
            }
            // The address alone on standard output, so that a script can take it.
            context.terminal.complain("calendar \(number) of \(subject.kind) \(subject.id), told only now:")
            context.terminal.say(address)
        }

        private struct Report: Encodable {
            let number: Int
            let address: String
        }
    }
}

extension CalendarCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The calendars that there are, and were.")

        @OptionGroup var options: SharedOptions

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                let feeds = try await context.withDatabase { pool in
                    let consortium = try await context.consortium(in: pool)
                    return try await pool.withConnection {
                        try await CalendarRepository(consortium: consortium).all(in: $0)
                    }
                }
                if context.printsJSON {
                    context.terminal.say(try JSONText.encode(feeds.map(Report.init)))
                } else {
                    show(feeds, in: context.terminal)
                }
            }
        }

        private func show(_ feeds: [CalendarRepository.Feed], in terminal: Terminal) {
            guard !feeds.isEmpty else { return terminal.say("no calendars yet: run `coverdesk calendar create`") }
            var table = TextTable([
                ("calendar", .right), ("of", .left), ("name", .left), ("created", .left), ("revoked", .left),
            ])
            for feed in feeds {
                table.add([
                    "\(feed.number)", "\(feed.subject.kind) \(feed.subject.id)", feed.name,
                    "\(feed.createdAt.rfc3339) by \(feed.createdBy)", feed.revokedAt?.rfc3339 ?? "",
                ])
            }
            table.lines(terminal).forEach { terminal.say($0) }
        }

        private struct Report: Encodable {
            let number: Int
            let kind: String
            let id: String
            let name: String
            let createdAt: String
            let createdBy: String
            let revokedAt: String?

            init(_ feed: CalendarRepository.Feed) {
                number = feed.number
                kind = feed.subject.kind
                id = feed.subject.id
                name = feed.name
                createdAt = feed.createdAt.rfc3339
                createdBy = feed.createdBy
                revokedAt = feed.revokedAt?.rfc3339
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Let nobody read a calendar under its address any more.")

        @OptionGroup var options: SharedOptions

        @Argument(help: "The calendar's number, as `coverdesk calendar list` tells it.")
        var number: Int

        func run() async throws {
            try await reportingFailures {
                let context = try await CommandContext(options)
                try await context.withDatabase { pool in
                    let consortium = try await context.consortium(in: pool)
                    try await revoke(in: consortium, context, pool)
                }
                context.terminal.say("calendar \(number) is revoked")
            }
        }

        private func revoke(
            in consortium: Consortium.ID, _ context: CommandContext, _ pool: PostgresPool
        ) async throws {
            do {
                try await CalendarAddresses(consortium: consortium).revoke(
                    number, by: context.settings.actor, at: context.now, in: pool)
            } catch CalendarRefusal.noCalendar {
                throw CommandFailure.refused(
                    "there is no calendar \(number), or it is revoked already: see `coverdesk calendar list`")
            }
        }
    }
}
