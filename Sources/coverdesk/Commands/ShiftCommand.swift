import ArgumentParser
import Replication

struct ShiftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shift", abstract: "Act on a single shift, online or not.", subcommands: [Decline.self])

    struct Decline: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "decline", abstract: "Tell that one of the library's operators cannot take a shift.",
            discussion: """
                  coverdesk shift decline --cache desk.sqlite --shift 3/17 --reason "jury duty"
                """)

        @OptionGroup var options: SharedOptions
        @OptionGroup var cache: CacheOptions

        @Option(help: "The shift, like 3/17, as `coverdesk schedule --cache` shows it.")
        var shift: String

        func run() async throws {
            try await reportingFailures {
                try cache.add(try await CommandContext(options)) { view in
                    Intent(.decline(try view.shift(shift, "--shift")), reason: cache.reason)
                }
            }
        }
    }
}
