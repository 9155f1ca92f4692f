import Storage
import ArgumentParser
import BundleFiles
import Coverage
import PostgresClient
import Scheduling

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring a bundle's libraries, people, queues and demand into the database.",
        discussion: """
            Reads the whole folder first. If anything in it is wrong, every fault is listed as
            FILE:LINE: FIELD: what is wrong, what would be right, and nothing is imported. Then what changes is shown,
            and done in one transaction: all of it or, whatever happens meanwhile, nothing. Operators, queues and
            libraries that left the bundle are deleted, except those whom a schedule names: they are kept as having
            left.

              coverdesk import Examples/statewide --dry-run    only show what would change
              coverdesk import Examples/statewide
            """)

    @OptionGroup var options: SharedOptions

    @Argument(help: "The bundle's folder.", completion: .directory)
    var folder: String

    @Flag(help: "Show what would change, and change nothing.")
    var dryRun = false

    @Option(help: "Megabytes that one file may have at most (history.csv is read in passing and may be larger).")
    var maximumMegabytes: Int?

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options, flags: ["import.maximumMegabytes": maximumMegabytes])
            let work = try BundleWork(folder: folder, in: context)
            try await context.withDatabase { pool in
                let consortium = try await context.consortium(in: pool)
                if dryRun {
                    try show(try await work.importing(into: consortium).preview(in: pool), in: context)
                } else {
                    try await work.run(into: consortium, in: pool, context: context)
                }
            }
        }
    }

    private func show(_ difference: BundleDifference, in context: CommandContext) throws {
        if context.printsJSON {
            context.terminal.say(try JSONText.encode(ImportReport(difference, leavers: nil, isDone: false)))
            return
        }
        DifferenceText(difference).lines(context.terminal).forEach { context.terminal.say($0) }
        context.terminal.say("nothing was changed (--dry-run)")
    }
}

/// A bundle that was read and found free of faults, on its way into the database.
struct BundleWork: Sendable {
    let bundle: ConsortiumBundle
    let history: HistoryFile?

    /// Reads the bundle's folder.
    ///
    /// - Throws: ``CommandFailure`` that lists every fault.
    init(folder: String, in context: CommandContext) throws {
        context.terminal.progress("reading \(folder) …")
        defer { context.terminal.endProgress() }
        let limits = BundleLimits(fileBytes: context.settings.importMaximumMegabytes << 20)
        do {
            let reader = BundleReader(folder: folder, limits: limits)
            (bundle, history) = try reader.readWithHistory()
        } catch let faults {
            throw CommandFailure.badInput(faults.description)
        }
    }

    func importing(into consortium: Consortium.ID) throws -> BundleImport {
        try BundleImport(
            bundle,
            history: history.map { file in
                BundleImport.History(span: file.span, count: file.count) { write in try await file.send(to: write) }
            }, into: consortium)
    }

    /// Imports, and tells what changes before and what became of it after.
    func run(into consortium: Consortium.ID, in pool: PostgresPool, context: CommandContext) async throws {
        let terminal = context.terminal
        let outcome = try await importing(into: consortium).run(
            in: pool, actor: context.settings.actor, at: context.now
        ) { difference in
            guard !context.printsJSON else { return }
            DifferenceText(difference).lines(terminal).forEach { terminal.say($0) }
            terminal.progress("importing …")
        }
        terminal.endProgress()
        if context.printsJSON {
            terminal.say(try JSONText.encode(ImportReport(outcome.difference, leavers: outcome.leavers, isDone: true)))
            return
        }
        if let history { terminal.say("history: \(HoursText.grouped(history.count)) past sessions") }
        if outcome.leavers.retired > 0 {
            terminal.say("kept \(outcome.leavers.retired) who left, for schedules of the past name them")
        }
        terminal.say("imported into the consortium “\(consortium)”")
    }
}
