import Storage
import ArgumentParser
import Coverage
import Scheduling

struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Make a draft the schedule.",
        discussion: """
            Checks the draft against the data of this moment first: a plan that breaks a red rule, or a yellow one
            without a recorded override, is refused and each break named. What was published for the draft's period is
            superseded; a published plan that reaches beyond the period goes on outside it. Either all of this happens
            or nothing.

              coverdesk publish
              coverdesk publish --plan 7 --message "November, with Cecil County back"
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "The draft's number (default: the latest draft).")
    var plan: Int?

    @Option(help: "What the libraries are told.")
    var message = ""

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let outcome = try await context.withDatabase { pool in
                try await PlanPublication(consortium: try await context.consortium(in: pool)).run(
                    plan: plan, in: pool, actor: context.settings.actor, message: message, at: context.now)
            }
            try Self.show(outcome, in: context)
        }
    }

    static func show(_ outcome: PlanPublication.Outcome, in context: CommandContext) throws {
        let plan = outcome.plan
        if context.printsJSON {
            let report = Report(
                plan: plan.number, shifts: plan.shiftCount, replaced: outcome.replaced,
                startsAt: plan.period.lowerBound.text(in: outcome.zone),
                endsAt: plan.period.upperBound.text(in: outcome.zone))
            context.terminal.say(try JSONText.encode(report))
            return
        }
        let replaced =
            outcome.replaced.isEmpty
            ? "" : ", in place of plan " + outcome.replaced.map(String.init).joined(separator: ", ")
        context.terminal.say(
            "published plan \(plan.number): \(plan.shiftCount) shifts, "
                + "\(DayText.days(of: plan.period, in: outcome.zone))\(replaced)")
    }

    private struct Report: Encodable {
        let plan: Int
        let shifts: Int
        let replaced: [Int]
        let startsAt: String
        let endsAt: String
    }
}
