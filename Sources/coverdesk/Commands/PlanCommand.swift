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
            plan with the lowest cost until the time is up, or one is proven to be the cheapest. The draft is kept in the
            database; `coverdesk gaps` tells what it leaves uncovered and `coverdesk publish` makes it the schedule.

              coverdesk plan                                    the whole period, 8 seconds
              coverdesk plan --week 2026-11-02 --seconds 60
              coverdesk plan --from 2026-11-02 --to 2026-11-04
              coverdesk plan --bundle Examples/statewide --output plan.csv    no database at all

            Shifts that must stay as they are are pinned, in a CSV file like a plan's. After an absence, a closure or
            other demand a plan is mended rather than made anew: what the data forbid is dropped, and only what is
            worth more than the price of a change, --change-price for each hour that somebody loses or gains, is
            changed beyond that. Who loses and gains what is listed.

              coverdesk plan --pin agreed.csv
              coverdesk plan --replan --from 2026-11-05         the published plan, from that day on
              coverdesk plan --bundle DIR --from-plan old.csv --output new.csv

            What every plan is measured by is a bound that is proven on the way: no plan costs less. So it is known by how
            much a longer search could be better at most, and where that is enough:

              coverdesk plan --seconds 600 --stop-at-gap 1%

            Ctrl-C ends the search and keeps the best plan so far; a second one ends the program at once.

            The same data, seed, threads and steps give the same plan. A search of some seconds takes as many steps as
            the machine can; how it went is kept with the draft, printed by --json and written by --record, and
            --replay makes the same plan from it again:

              coverdesk plan --bundle DIR --output plan.csv --record search.json
              coverdesk plan --bundle DIR --output same.csv --replay search.json
              coverdesk plan --replay 7                     as draft 7 was found
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

    @Option(
        name: .customLong("stop-at-gap"),
        help: "Stop once the plan is proven to cost at most so much more than the cheapest, like 1%.")
    var gap: GapArgument?

    @Option(help: "Plan this bundle's folder, with no database; needs --output.", completion: .directory)
    var bundle: String?

    @Option(help: "With --bundle: the CSV file for the plan.", completion: .file(extensions: ["csv"]))
    var output: String?

    @Option(
        name: .customLong("pin"), help: "A CSV file of shifts that stay as they are; may be given several times.",
        completion: .file(extensions: ["csv"]))
    var pins: [String] = []

    @Flag(help: "Mend what is published for the period, so that little changes.")
    var replan = false

    @Option(help: "With --bundle: mend the plan of this CSV file.", completion: .file(extensions: ["csv"]))
    var fromPlan: String?

    @Option(help: "What an hour that somebody loses or gains costs where a plan is mended (default: 20).")
    var changePrice: Int?

    @Option(
        help: "Write the best cost and the bound over time to this CSV file.", completion: .file(extensions: ["csv"]))
    var curve: String?

    @Option(help: "Write how the search went to this file.", completion: .file(extensions: ["json"]))
    var record: String?

    @Option(
        help: "Make a search again: a file of --record or --json, or the number of a plan in the database.",
        completion: .file(extensions: ["json"]))
    var replay: String?

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
        guard replay == nil || seconds == nil && steps == nil && seed == nil && threads == nil else {
            throw ValidationError("--replay says it all: it excludes --seconds, --steps, --seed and --threads")
        }
        guard !replan || bundle == nil, fromPlan == nil || bundle != nil else {
            throw ValidationError(
                "--replan mends what the database has published; --from-plan OLD.csv goes together with --bundle DIR")
        }
        guard !isMending || steps == nil && record == nil && replay == nil && gap == nil else {
            throw ValidationError(
                "--steps, --stop-at-gap, --record and --replay are for a search from nothing: a plan is mended the same way each time"
            )
        }
        guard gap == nil || replay == nil else {
            throw ValidationError("--replay says it all: it excludes --stop-at-gap")
        }
        guard changePrice == nil || isMending else {
            throw ValidationError("--change-price is for --replan and --from-plan: a new plan has no changes")
        }
    }

    private var isMending: Bool { replan || fromPlan != nil }

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(
                options,
                flags: [
                    "plan.seconds": seconds, "plan.threads": threads, "plan.seed": seed,
                    "plan.changePrice": changePrice,
                ])
            let request = PlanRequest(selection: try period.selection(), mendsPublished: replan, pinFiles: pins)
            if let bundle, let output {
                try await plan(bundle: bundle, request, output: output, context)
            } else {
                try await planDraft(request, context)
            }
        }
    }

    private func planDraft(_ request: PlanRequest, _ context: CommandContext) async throws {
        var report = try await context.withDatabase { pool in
            let consortium = try await context.consortium(in: pool)
            let searching = try await searching(context) { number in
                try await PlanDrafting(consortium: consortium).making(of: number, in: pool)
            }
            return try await searching.makeDraft(request, of: consortium, in: pool, at: context.now)
        }
        let number = report.plan ?? 0
        try finish(
            &report, in: context,
            "saved as draft \(number): `coverdesk gaps` lists each gap, "
                + "`coverdesk publish` publishes")
    }

    private func plan(
        bundle folder: String, _ request: PlanRequest, output: String, _ context: CommandContext
    ) async throws {
        let inputs = try PlanningInputs(
            bundle: try BundleWork(folder: folder, in: context).bundle, selection: request.selection)
        let (outcome, problem) = try await searching(context, making: nil).run(
            inputs, pins: try request.pins(of: inputs.bundle),
            known: try fromPlan.map { try KnownPlan(file: $0, of: inputs) })
        try PlanFile(path: output).write(outcome.result.shifts, in: inputs.zone)
        var report = PlanReport(
            plan: nil, state: .draft, consortium: inputs.bundle.consortium, zone: inputs.zone, outcome: outcome,
            in: problem)
        try finish(&report, in: context, "wrote \(HoursText.grouped(outcome.result.shifts.count)) shifts to \(output)")
    }

    /// The search that is asked for; `making` knows how plans of the database were made.
    private func searching(
        _ context: CommandContext, making: ((Int) async throws -> PlanMaking)?
    ) async throws -> PlanSearching {
        var searching = PlanSearching(
            settings: context.settings, steps: steps, stopsAtGap: gap?.share,
            curve: curve.map(CurveFile.init), terminal: context.terminal)
        if let replay {
            if let making, let number = Int(replay) {
                searching.replay = try await making(number)
            } else {
                searching.replay = try ReplayFile(path: replay).read()
            }
        }
        return searching
    }

    /// Tells what came of it and where it was kept.
    private func finish(_ report: inout PlanReport, in context: CommandContext, _ kept: String) throws {
        if let record { try ReplayFile(path: record).write(report.search.making) }
        // The plan is kept by now: no file beside it can cost it.
        try report.search.curve?.write()
        report.again = again(report)
        try report.show(in: context)
        if !context.printsJSON {
            context.terminal.say()
            context.terminal.say(kept)
            if let again = report.again {
                context.terminal.say("to make it again: \(again)")
            } else if !isMending {
                context.terminal.say("--record FILE keeps how a search went, to make its plan again")
            }
        }
        if let difference = report.search.differenceFromReplayed {
            context.terminal.complain("coverdesk: \(difference)")
        }
        try report.endIfInterrupted(in: context)
    }

    /// The command line that makes the same plan of the same data; nil where nothing holds how the search went.
    private func again(_ report: PlanReport) -> String? {
        var words = ["coverdesk", "plan"]
        if let bundle, let output { words += ["--bundle", bundle, "--output", output] }
        for (name, value) in [("--week", period.week), ("--from", period.from), ("--to", period.to)] {
            if let value { words += [name, value] }
        }
        for file in pins { words += ["--pin", file] }
        let making = report.search.making
        if isMending {
            // What is published may be another plan by the time that it is mended again.
            guard let fromPlan, report.search.ending == .replanned else { return nil }
            words += ["--from-plan", fromPlan] + (changePrice.map { ["--change-price", "\($0)"] } ?? [])
        } else if report.search.ending == .steps {
            words += ["--seed", "\(making.seed)", "--threads", "\(making.threads)", "--steps", "\(making.steps)"]
            if let gap { words += ["--stop-at-gap", gap.text] }
        } else if let file = record ?? report.plan.map(String.init) ?? replay {
            words += ["--replay", file]
        } else {
            return nil
        }
        return words.map(\.shellQuoted).joined(separator: " ")
    }
}

/// A share that people write in percent: `1%`.
struct GapArgument: ExpressibleByArgument, Sendable {
    let text: String
    /// 0.01 for one percent.
    let share: Double

    init?(argument: String) {
        guard argument.hasSuffix("%"), let percent = Double(argument.dropLast().trimmingCharacters(in: .whitespaces)),
            percent >= 0, percent <= 1000
        else { return nil }
        (text, share) = (argument, percent / 100)
    }
}
