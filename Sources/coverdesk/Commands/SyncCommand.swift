import ArgumentParser
import Foundation
import Logging
import Replication
import ServiceLifecycle
import UnixSignals

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Keep a library's cache of the schedule in step with the service.",
        discussion: """
            Follows the service until told to stop, sends what the library did offline, and
            checks from time to time that the cache equals the service. The cache is an
            SQLite file that anything may read meanwhile; docs/replication-agent.md tells
            its tables.

              coverdesk sync --service https://desk.example.org --cache desk.sqlite \\
                --token-file token
              coverdesk sync … --once            fetch what there is and end
              coverdesk sync … --once --verify   and prove it, and mend what differs

            The token is one that `coverdesk token create --library ID` made.
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "The service's address, like https://desk.example.org.")
    var service: String

    @Option(help: "The cache: an SQLite file, made if it is not there.", completion: .file())
    var cache: String

    @Option(help: "File that holds the token.", completion: .file())
    var tokenFile: String

    @Option(help: "File for the agent's health, as JSON (default: the cache's name with .health).", completion: .file())
    var health: String?

    @Flag(help: "Compare all tables with the service's and put right what differs: with --once at the end, else first.")
    var verify = false

    @Flag(help: "Fetch what there is and end.")
    var once = false

    @Option(help: "Hours between two checks of all tables, 1 to 720.")
    var verifyHours = 6

    @Option(help: "For tests: seconds without progress after which an answer is given up, 1 to 3600.")
    var silenceSeconds = 60

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let agent = try agent()
            if once {
                let report = try await agent.once()
                if context.printsJSON {
                    context.terminal.say(try JSONText.encode(SyncSummary(report)))
                } else {
                    SyncSummary(report).lines.forEach { context.terminal.say($0) }
                }
            } else {
                try await follow(agent)
            }
        }
    }

    private func agent() throws -> SyncAgent {
        guard (1...720).contains(verifyHours) else {
            throw CommandFailure.badInput("--verify-hours must be a whole number from 1 to 720")
        }
        guard (1...3600).contains(silenceSeconds) else {
            throw CommandFailure.badInput("--silence-seconds must be a whole number from 1 to 3600")
        }
        guard FileManager.default.isReadableFile(atPath: tokenFile) else {
            throw CommandFailure.badInput(
                "--token-file: \(tokenFile) cannot be read: write into it what `coverdesk token create` printed")
        }
        var settings = SyncAgent.Settings(
            service: service, cachePath: cache, tokenFile: tokenFile, healthPath: health ?? "\(cache).health")
        settings.verifies = verify
        settings.limits.proofInterval = .seconds(verifyHours * 3600)
        settings.limits.silence = .seconds(silenceSeconds)
        do {
            return try SyncAgent(
                settings, now: { Int64(Date().timeIntervalSince1970 * 1_000_000) },
                log: Logger(label: "coverdesk.sync") { JSONLogHandler(label: $0) })
        } catch let trouble as SyncTrouble {
            throw CommandFailure.badInput("--service: \(trouble.description)")
        }
    }

    private func follow(_ agent: SyncAgent) async throws {
        let log = Logger(label: "coverdesk.sync") { JSONLogHandler(label: $0) }
        log.info("following", metadata: ["sync.service": "\(service)", "sync.cache": "\(cache)"])
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: agent, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }))
        try await group.run()
        log.info("stopped")
    }
}
