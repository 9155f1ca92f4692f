import ArgumentParser
import BundleFiles
import Coverage
import Scheduling

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what the database holds as a bundle.",
        discussion: """
            The bundle holds the consortium's current period. Its files are sorted: the same contents always give the
            same bytes, so two exports can be compared with diff. The folder is made; one that holds a bundle already
            is replaced as a whole, one that holds anything else is left alone.

              coverdesk export backup/november
            """)

    @OptionGroup var options: SharedOptions

    @Argument(help: "The folder to write.", completion: .directory)
    var folder: String

    @Flag(help: "Leave out history.csv, the past sessions.")
    var withoutHistory = false

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let report = try await context.withDatabase { pool in
                let export = BundleExport(consortium: try await context.consortium(in: pool))
                let sessions = try await export.run(
                    to: BundleWriter(folder: folder), withHistory: !withoutHistory, in: pool)
                return Report(folder: folder, pastSessions: sessions)
            }
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(report))
            } else {
                let history =
                    report.pastSessions > 0 ? " with \(HoursText.grouped(report.pastSessions)) past sessions" : ""
                context.terminal.say("wrote the bundle to \(folder)\(history)")
            }
        }
    }

    private struct Report: Encodable {
        let folder: String
        let pastSessions: Int
    }
}
