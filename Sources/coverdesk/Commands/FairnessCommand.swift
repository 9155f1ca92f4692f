import ArgumentParser
import Coverage
import Planning
import Scheduling

struct FairnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairness",
        abstract: "How evenly a plan spreads its hours, and the unpopular ones, over libraries and people.",
        discussion: """
            A library's share of all hours is what it promised; its share of the unpopular hours, nights and weekends
            by the consortium's clocks, is the part of them that its promise is of all promises. An operator's share is
            the part of their library's that their weekly hours are of those of its operators. Libraries and people
            with no shift at all count like all others.

            Jain's index is 1 where everybody has the same part of their share, and k/n where k of n have it and the
            others nothing; Gini's is 0 where all are equal, and near 1 where one has everything.

              coverdesk fairness                            the latest draft, or else the published plan
              coverdesk fairness --plan 7 --operators
              coverdesk fairness --bundle DIR --plan plan.csv --json
            """)

    @OptionGroup var options: SharedOptions

    @Option(
        help: """
            The plan: a number (default: the latest draft, or where there is none what is published), or with --bundle \
            a CSV file.
            """, completion: .file(extensions: ["csv"]))
    var plan: String?

    @Option(help: "Take the data from this bundle's folder, with no database; needs --plan.", completion: .directory)
    var bundle: String?

    @Flag(help: "List the operators as well.")
    var operators = false

    @Option(help: "The night, from a time to a time (default: 22:00-06:00).")
    var night: String?

    func validate() throws {
        guard bundle == nil || plan != nil else {
            throw ValidationError("--bundle DIR needs --plan PLAN.csv, the plan that is asked about")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let unpopular = try unpopularHours()
            let judged = try await JudgedPlan.read(plan, bundle: bundle, in: context)
            let report = FairnessReport(of: judged.shifts, unpopular: unpopular, in: try judged.inputs.problem())
            let text = FairnessText(report)
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(FairnessText.Summary(report, plan: judged.number)))
            } else {
                context.terminal.say(
                    context.terminal.styled(judged.name, .bold)
                        + "  \(DayText.days(of: judged.inputs.period, in: judged.inputs.zone)), in hours")
                text.lines(withOperators: operators, context.terminal).forEach { context.terminal.say($0) }
            }
        }
    }

    private func unpopularHours() throws -> UnpopularHours {
        guard let night else { return .usual }
        let times = night.split(separator: "-", omittingEmptySubsequences: false).map { MinuteOfDay(String($0)) }
        guard times.count == 2, let from = times[0], let to = times[1] else {
            throw CommandFailure.badInput("--night: “\(night)” is no span of time: write one like 22:00-06:00")
        }
        return UnpopularHours(nightFrom: from, nightTo: to)
    }
}
