import ArgumentParser
import Replication

struct SwapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swap", abstract: "Ask for another shift in the place of one, online or not.",
        subcommands: [Ask.self])

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "request", abstract: "Ask to swap a shift of one of the library's operators.",
            discussion: """
                Shifts are named by plan and number, as `coverdesk schedule --cache` shows them. Without --with anybody may answer.

                  coverdesk swap request --cache desk.sqlite --shift 3/17 --with 3/40
                """)

        @OptionGroup var options: SharedOptions
        @OptionGroup var cache: CacheOptions

        @Option(help: "The shift to be given, like 3/17.")
        var shift: String

        @Option(help: "The shift wanted for it.")
        var with: String?

        func run() async throws {
            try await reportingFailures {
                try cache.add(try await CommandContext(options)) { view in
                    Intent(
                        .swap(try view.shift(shift, "--shift"), with: try with.map { try view.shift($0, "--with") }),
                        reason: cache.reason)
                }
            }
        }
    }
}
