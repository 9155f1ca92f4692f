import ArgumentParser
import BundleFiles
import Coverage
import Planning
import Scheduling

struct GapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gaps",
        abstract: "What a plan leaves uncovered, why, and what would help.",
        discussion: """
            A gap is critical below the demand's minimum and thin below its target. For each the reason is computed
            from the plan and the data of this moment: nobody has the skill; those who have it are not available; they
            are placed elsewhere, and where; a limit holds them, and which; or somebody could come, and who.

            --explain proves of which gaps no plan within the rules could cover them: these demands together want so
            much, and only these people could do any of it. --suggest looks for moves, or rules to be bent for one
            shift, that close them, the most severe first; each was tried on the plan with those before it.

              coverdesk gaps                        the latest draft, or where there is none the published plan
              coverdesk gaps --plan 7 --critical --explain
              coverdesk gaps --queue spanish --suggest --json
              coverdesk gaps --bundle DIR --plan plan.csv --suggest --output better.csv
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "The plan's number; with --bundle its CSV file.")
    var plan: String?

    @Option(help: "Judge a plan for this bundle's folder, with no database.", completion: .directory)
    var bundle: String?

    @Option(help: "Only this queue's gaps.")
    var queue: String?

    @Flag(help: "Only gaps below the minimum.")
    var critical = false

    @Flag(help: "Prove which gaps no plan within the rules could cover.")
    var explain = false

    @Flag(help: "Look for moves and overrides that close gaps.")
    var suggest = false

    @Option(help: "With --explain or --suggest: seconds to spend (default: 5).")
    var seconds = 5

    @Option(help: "With --suggest: where chance begins (default: 1).")
    var seed: UInt64 = 1

    @Option(
        name: .customLong("pin"), help: "With --suggest: a CSV file of shifts that stay; may be given several times.",
        completion: .file(extensions: ["csv"]))
    var pins: [String] = []

    @Option(
        help: "With --suggest: a CSV file for the plan with all suggestions.", completion: .file(extensions: ["csv"]))
    var output: String?

    func validate() throws {
        guard bundle == nil || plan != nil else {
            throw ValidationError("--bundle DIR needs --plan PLAN.csv: the plan to judge")
        }
        guard output == nil && pins.isEmpty || suggest else {
            throw ValidationError("--output and --pin need --suggest: they are about the plan with all suggestions")
        }
        guard (1...86_400).contains(seconds) else {
            throw ValidationError("--seconds must be a whole number from 1 to 86400")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let judged = try await JudgedPlan.read(plan, bundle: bundle, in: context)
            let problem = try judged.inputs.problem()
            try check(problem.queues)
            let pins = try PlanRequest(selection: .whole, pinFiles: pins).pins(of: judged.inputs.bundle)
            let gaps = GapReport(of: judged.shifts, in: problem).gaps.filter { explained in
                (queue == nil || explained.gap.queue.rawValue == queue)
                    && (!critical || explained.gap.severity == .critical)
            }
            let report = report(on: gaps, judged, problem, pins: Set(pins), context.terminal)
            if let output, let suggestions = report.suggestions {
                try PlanFile(path: output).write(suggestions.shifts, in: problem.zone)
            }
            if context.printsJSON {
                context.terminal.say(try report.json())
            } else {
                report.lines(context.terminal).forEach { context.terminal.say($0) }
            }
        }
    }

    private func check(_ queues: [Queue]) throws {
        guard let queue, !queues.contains(where: { $0.id.rawValue == queue }) else { return }
        throw SchedulingRefusal.unknown(kind: "queue", id: queue, known: queues.map(\.id.rawValue).sorted())
    }

    private func report(
        on gaps: [ExplainedGap], _ judged: JudgedPlan, _ problem: PlanningProblem, pins: Set<Shift>,
        _ terminal: Terminal
    ) -> GapsOutput {
        guard explain || suggest else {
            return GapsOutput(
                title: judged.name, problem: problem, gaps: gaps, proofs: nil, suggestions: nil, seconds: seconds)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let allowed = Duration.seconds(seconds)
        defer { terminal.endProgress() }
        let advice = GapAdvice(
            on: gaps, of: judged.shifts, in: problem, aim: suggest ? .suggestions : .proofs,
            settings: SuggestionList.Settings(seed: seed, pins: pins),
            spent: { Task.isCancelled ? 1 : (clock.now - start) / allowed },
            beginning: { terminal.progress($0 == .proving ? "proving …" : "looking for moves …") })
        return GapsOutput(
            title: judged.name, problem: problem, gaps: gaps, proofs: explain ? advice.proofs : nil,
            suggestions: advice.suggestions, seconds: seconds)
    }
}
