import ArgumentParser
import BundleFiles
import Coverage
import Foundation
import Planning
import Scheduling

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Make a draft of the schedule: who sits on which queue when.",
        discussion: """
            Keeps every red rule, and every yellow one that no recorded override lifts; under these it looks for the
            plan with the lowest cost until the time is up. The draft is kept in the database; `coverdesk gaps` tells
            what it leaves uncovered and `coverdesk publish` makes it the schedule.

              coverdesk plan                                    the whole period, 8 seconds
              coverdesk plan --week 2026-11-02 --seconds 60
              coverdesk plan --from 2026-11-02 --to 2026-11-04
              coverdesk plan --bundle Examples/statewide --output plan.csv    no database at all

            The same data, seed, threads and steps give the same plan; how many steps a search of some seconds makes
            depends on the machine, so a plan to be made again is asked for with --steps.
            """)

    @OptionGroup var options: SharedOptions
    @OptionGroup var period: PeriodOptions

    @Option(help: "Seconds to search (default: 8).")
    var seconds: Int?

    @Option(help: "Search steps in place of seconds, for a run that can be repeated exactly.")
    var steps: Int?

    @Option(help: "Threads to search with (default: the machine's cores).")
    var threads: Int?

    @Option(help: "Where the search's chance begins (default: 1).")
    var seed: Int?

    @Option(help: "Plan this bundle's folder, with no database; needs --output.", completion: .directory)
    var bundle: String?

    @Option(help: "With --bundle: the CSV file for the plan.", completion: .file(extensions: ["csv"]))
    var output: String?

    func validate() throws {
        guard (bundle == nil) == (output == nil) else {
            throw ValidationError("--bundle DIR and --output PLAN.csv belong together: give both or neither")
        }
        guard seconds == nil || steps == nil else {
            throw ValidationError("--seconds and --steps exclude each other: give one")
        }
        guard steps.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("--steps must be a whole number from 0 up")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(
                options, flags: ["plan.seconds": seconds, "plan.threads": threads, "plan.seed": seed])
            let selection = try period.selection()
            if let bundle, let output {
                try await plan(bundle: bundle, selection, output: output, context)
            } else {
                try await planDraft(selection, context)
            }
        }
    }

    private func planDraft(_ selection: PeriodSelection, _ context: CommandContext) async throws {
        let report = try await context.withDatabase { pool in
            try await PlanSearching(settings: context.settings, steps: steps, terminal: context.terminal)
                .makeDraft(selection, of: try await context.consortium(in: pool), in: pool, at: context.now)
        }
        try report.show(in: context)
        guard !context.printsJSON, let number = report.plan else { return }
        context.terminal.say()
        context.terminal.say("saved as draft \(number): `coverdesk gaps` lists each gap, `coverdesk publish` publishes")
    }

    private func plan(
        bundle folder: String, _ selection: PeriodSelection, output: String, _ context: CommandContext
    ) async throws {
        let bundle = try BundleWork(folder: folder, in: context).bundle
        let zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
        let period = try selection.dates(of: bundle.consortium).instants(in: zone)
        let problem: PlanningProblem
        do {
            problem = try PlanningProblem(bundle, period: period, fixed: [], overrides: [])
        } catch {
            throw SchedulingRefusal.notPlannable(error)
        }
        let search = PlanSearching(settings: context.settings, steps: steps, terminal: context.terminal)
        let result = await search.run(problem)
        try PlanFile(path: output).write(result.shifts, in: zone)
        try PlanReport(
            plan: nil, state: .draft, consortium: bundle.consortium, zone: zone, result: result, in: problem
        ).show(in: context)
        guard !context.printsJSON else { return }
        context.terminal.say()
        context.terminal.say("wrote \(HoursText.grouped(result.shifts.count)) shifts to \(output)")
    }
}
