import ArgumentParser
import Coverage
import Planning
import Scheduling

/// A plan's outcome: what was wanted, what is covered, what is not and why, who contributes how much.
struct PlanReport: Sendable {
    /// Nil for a plan that is in no database.
    let plan: Int?
    let state: PlanState
    let consortium: Consortium
    let zone: TimeZoneRules
    let period: Range<Instant>
    let shiftCount: Int
    let search: PlanSearching.Outcome
    /// The command line that makes the plan again, where there is one.
    var again: String?
    let score: PlanScore
    let gaps: GapReport
    let fairness: FairnessReport

    init(
        plan: Int?, state: PlanState, consortium: Consortium, zone: TimeZoneRules,
        outcome: PlanSearching.Outcome, in problem: PlanningProblem
    ) {
        self.plan = plan
        self.state = state
        self.consortium = consortium
        self.zone = zone
        period = problem.period
        let shifts = outcome.result.shifts
        shiftCount = shifts.count
        search = outcome
        score = PlanScore(of: shifts, in: problem)
        gaps = GapReport(of: shifts, in: problem)
        fairness = FairnessReport(of: shifts, in: problem)
    }

    /// Ends the command with the code of the signal that cut the search short, if one did: what follows a plan in a
    /// script is not meant for half a search.
    func endIfInterrupted(in context: CommandContext) throws {
        guard let signal = search.signal else { return }
        context.terminal.complain(
            "coverdesk: interrupted; what is told above is the best plan that was found until then")
        throw ExitCode(128 + signal)
    }

    func show(in context: CommandContext) throws {
        if context.printsJSON {
            context.terminal.say(try JSONText.encode(Summary(self)))
        } else {
            lines(context.terminal).forEach { context.terminal.say($0) }
        }
    }

    /// The summary for people.
    func lines(_ terminal: Terminal) -> [String] {
        let coverage = gaps.coverage
        var lines = [
            terminal.styled("\(consortium.name), \(DayText.days(of: period, in: zone))", .bold), "",
        ]
        lines += totals(coverage, terminal)
        lines += ["", terminal.styled("Coverage by queue, in hours", .bold)] + queueLines(coverage, terminal)
        lines += ["", terminal.styled("What stands in the way", .bold)] + reasonLines(terminal)
        lines +=
            ["", terminal.styled("Contribution by library, in hours", .bold)]
            + ContributionText(coverage.libraries).lines(terminal)
        if let changes = search.changes {
            lines += ["", terminal.styled("What changes against \(changes.known.name)", .bold)]
            lines += changes.lines(in: zone, terminal)
        }
        return lines
    }

    private func totals(_ coverage: CoverageSummary, _ terminal: Terminal) -> [String] {
        let total = coverage.total
        let broken =
            score.violations.isEmpty
            ? terminal.styled("none", .green) : terminal.styled("\(score.violations.count)", .red)
        return [
            "  hours wanted     \(HoursText.hours(minutes: total.wantedMinutes))",
            "  hours covered    \(HoursText.hours(minutes: total.coveredMinutes))  "
                + HoursText.share(total.coveredMinutes, of: total.wantedMinutes),
            "  critical gaps    " + emphasised(total.criticalMinutes, .red, terminal),
            "  thin gaps        " + emphasised(total.thinMinutes, .yellow, terminal),
            "  rules broken     \(broken)",
            "  shifts           \(HoursText.grouped(shiftCount)), "
                + "cost \(HoursText.grouped(Int(score.total.doubleValue.rounded())))",
        ] + proven + ["  fairness         \(FairnessText(fairness).line)"]
    }

    /// How good the plan is, as far as that is proven.
    private var proven: [String] {
        let bound = search.result.lowerBound
        guard let gap = ProvenGap(score.total, bound) else { return [] }
        return ["  proven           no plan costs less than \(HoursText.grouped(Int(bound.doubleValue))): \(gap.text)"]
    }

    private func emphasised(_ minutes: Int, _ style: Terminal.Style, _ terminal: Terminal) -> String {
        terminal.styled(HoursText.hours(minutes: minutes), minutes == 0 ? .green : style)
    }

    private func queueLines(_ coverage: CoverageSummary, _ terminal: Terminal) -> [String] {
        var table = TextTable([
            ("queue", .left), ("wanted", .right), ("covered", .right), ("", .right), ("critical", .right),
            ("thin", .right), ("over", .right),
        ])
        for line in coverage.queues {
            table.add([
                line.queue.rawValue, HoursText.number(minutes: line.hours.wantedMinutes),
                HoursText.number(minutes: line.hours.coveredMinutes),
                HoursText.share(line.hours.coveredMinutes, of: line.hours.wantedMinutes),
                dotted(line.hours.criticalMinutes),
                dotted(line.hours.thinMinutes), dotted(line.hours.overMinutes),
            ])
        }
        return table.lines(terminal)
    }

    private func reasonLines(_ terminal: Terminal) -> [String] {
        guard !gaps.groups.isEmpty else { return ["  nothing: all demand is met"] }
        var table = TextTable([
            ("queue", .left), ("gap", .left), ("hours", .right), ("stretches", .right), ("reason", .left),
        ])
        for group in gaps.groups {
            table.add([
                group.queue.rawValue, group.severity.rawValue, HoursText.number(minutes: group.missingMinutes),
                String(group.stretches), group.text,
            ])
        }
        return table.lines(terminal)
    }

    private func dotted(_ minutes: Int) -> String {
        minutes == 0 ? "·" : HoursText.number(minutes: minutes)
    }
}

/// What libraries give against what they promised.
struct ContributionText {
    private let libraries: [CoverageSummary.LibraryLine]

    init(_ libraries: [CoverageSummary.LibraryLine]) {
        self.libraries = libraries
    }

    /// Every library; of a great many only those furthest from their promise.
    func lines(_ terminal: Terminal) -> [String] {
        let most = 80
        let shown =
            libraries.count <= most
            ? libraries : Array(libraries.sorted { abs($0.difference) > abs($1.difference) }.prefix(20))
        var table = TextTable([
            ("library", .left), ("gives", .right), ("promised", .right), ("difference", .right),
        ])
        for line in shown {
            let difference = HoursText.number(minutes: line.difference)
            table.add([
                line.library.rawValue, HoursText.number(minutes: line.minutes),
                HoursText.number(minutes: line.promisedMinutes),
                line.difference > 0 ? "+\(difference)" : line.difference == 0 ? "·" : difference,
            ])
        }
        let hidden = libraries.count - shown.count
        return table.lines(terminal)
            + (hidden > 0 ? ["  and \(HoursText.grouped(hidden)) libraries that are nearer to their promise"] : [])
    }
}

extension CoverageSummary.LibraryLine {
    /// Minutes above the promise; negative below it.
    fileprivate var difference: Int { minutes - promisedMinutes }
}
