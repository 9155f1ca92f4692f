import Storage
import ArgumentParser
import Coverage
import Planning
import Scheduling

struct GapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gaps",
        abstract: "What a plan leaves uncovered, and what stands in the way.",
        discussion: """
            A gap is critical below the demand's minimum and thin below its target. For each the reason is computed
            from the plan and the data of this moment: nobody has the skill; those who have it are not available; they
            are placed elsewhere, and where; a limit holds them, and which; or somebody could come, and who.

              coverdesk gaps                        the latest draft, or where there is none the published plan
              coverdesk gaps --plan 7 --critical
              coverdesk gaps --queue spanish --json
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "The plan's number.")
    var plan: Int?

    @Option(help: "Only this queue's gaps.")
    var queue: String?

    @Flag(help: "Only gaps below the minimum.")
    var critical = false

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let (found, report) = try await context.withDatabase { pool in
                let found = try await PlanDrafting(consortium: try await context.consortium(in: pool)).plan(
                    plan, at: context.now, in: pool)
                return (found, GapReport(of: found.shifts, in: try found.inputs.problem()))
            }
            try check(found.inputs.bundle.queues)
            let gaps = report.gaps.filter { explained in
                (queue == nil || explained.gap.queue.rawValue == queue)
                    && (!critical || explained.gap.severity == .critical)
            }
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(gaps.map { GapLine($0, zone: found.inputs.zone) }))
            } else {
                show(gaps, of: found.plan.number, found.plan.state, zone: found.inputs.zone, in: context.terminal)
            }
        }
    }

    private func check(_ queues: [Queue]) throws {
        guard let queue, !queues.contains(where: { $0.id.rawValue == queue }) else { return }
        throw SchedulingRefusal.unknown(kind: "queue", id: queue, known: queues.map(\.id.rawValue).sorted())
    }

    private func show(
        _ gaps: [ExplainedGap], of number: Int, _ state: PlanState, zone: TimeZoneRules, in terminal: Terminal
    ) {
        terminal.say(terminal.styled("plan \(number) (\(state.rawValue)), times of \(zone.identifier)", .bold))
        guard !gaps.isEmpty else {
            terminal.say("  no gaps")
            return
        }
        var table = TextTable([
            ("when", .left), ("queue", .left), ("gap", .left), ("missing", .right), ("what stands in the way", .left),
        ])
        for explained in gaps {
            let gap = explained.gap
            table.add([
                DayText.span(gap.during, in: zone), gap.queue.rawValue, gap.severity.rawValue, String(gap.missing),
                explained.reason.text,
            ])
        }
        table.lines(terminal).forEach { terminal.say($0) }
        let minutes = Dictionary(grouping: gaps, by: \.gap.severity).mapValues {
            $0.reduce(0) { $0 + $1.missingMinutes }
        }
        terminal.say(
            "critical \(HoursText.hours(minutes: minutes[.critical] ?? 0)), "
                + "thin \(HoursText.hours(minutes: minutes[.thin] ?? 0)), in \(gaps.count) stretches")
    }
}

/// A gap as `gaps --json` prints it.
struct GapLine: Encodable {
    let queueID: String
    let startsAt: String
    let endsAt: String
    let severity: String
    let missing: Int
    /// One of a fixed set of words for the kind of reason.
    let reason: String
    let explanation: String

    private enum CodingKeys: String, CodingKey {
        case queueID = "queueId"
        case startsAt, endsAt, severity, missing, reason, explanation
    }

    init(_ explained: ExplainedGap, zone: TimeZoneRules) {
        queueID = explained.gap.queue.rawValue
        startsAt = explained.gap.during.lowerBound.text(in: zone)
        endsAt = explained.gap.during.upperBound.text(in: zone)
        severity = explained.gap.severity.rawValue
        missing = explained.gap.missing
        reason = explained.reason.kind.rawValue
        explanation = explained.reason.text
    }
}
