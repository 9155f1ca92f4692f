import ArgumentParser
import Coverage
import Replication

struct AbsenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "absence", abstract: "Tell that an operator will be away, online or not.",
        subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add an absence of one of the library's operators.",
            discussion: """
                Times are by the library's clock. A day alone is the whole day.

                  coverdesk absence add --cache desk.sqlite --operator pub01-03 \\
                    --from 2026-11-02 --to 2026-11-04 --reason flu
                  coverdesk absence add --cache desk.sqlite --operator pub01-03 \\
                    --from 2026-11-02T13:00 --to 2026-11-02T15:00
                """)

        @OptionGroup var options: SharedOptions
        @OptionGroup var cache: CacheOptions

        @Option(name: .customLong("operator"), help: "Who will be away.")
        var operatorID: String

        @Option(help: "From this day or time on.")
        var from: String

        @Option(help: "Until this time, or the end of this day.")
        var to: String

        func run() async throws {
            try await reportingFailures {
                try cache.add(try await CommandContext(options)) { view in
                    let start = try view.moment(from, "--from")
                    let end = try view.moment(to, "--to", isEnd: true)
                    guard start < end else { throw OfflineRefusal.endsBeforeItBegins }
                    return Intent(
                        .absence(Operator.ID(operatorID), during: start..<end), reason: cache.reason)
                }
            }
        }
    }
}
