import Answering
import ArgumentParser
import Coverage
import PostgresClient
import Routing

struct RoutingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routing",
        abstract: "How queues are routed: their ladders, times and what was learned of them.",
        discussion: """
              coverdesk routing
              coverdesk routing --queue ask
              coverdesk routing --json

            Set it by routing.csv and library_hours.csv of a bundle, or over HTTP by
            PUT /v1/queues/QUEUE/routing and PUT /v1/libraries/LIBRARY/hours.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "Only this queue, without the libraries' telephones.")
    var queue: String?

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let overview = try await read(context)
            if let queue, !overview.queues.contains(where: { $0.queue.id.rawValue == queue }) {
                let known = overview.queues.map(\.queue.id.rawValue).joined(separator: ", ")
                throw CommandFailure.badInput("--queue: there is no queue “\(queue)”: there are \(known)")
            }
            let output = RoutingOutput(overview, only: queue)
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(output.report))
            } else {
                output.lines(context.terminal).forEach { context.terminal.say($0) }
            }
        }
    }

    private func read(_ context: CommandContext) async throws -> RoutingOverview {
        try await context.withDatabase { pool in
            do {
                return try await RoutingOverview.read(try await context.consortium(in: pool), in: pool)
            } catch let error as UnknownConsortium {
                throw CommandFailure.refused("\(error): run `coverdesk import DIR`")
            }
        }
    }
}
