import ArgumentParser
import BundleFiles
import Coverage
import Foundation
import Planning
import Scheduling

struct WhatIfCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if",
        abstract: "Who could take one open shift, and what the whole plan would cost then.",
        discussion: """
            Tries every operator on the shift, by all rules and all costs: those who can take it come first, the one
            with whom the plan becomes cheapest first of all; those who cannot follow, each with the rules that would
            be broken. Who is on another queue at that time is tried as moved, with what that leaves open there.
            Nothing is changed.

              coverdesk what-if --queue spanish --at 2026-11-02T10:00 --to 2026-11-02T12:00
              coverdesk what-if --queue ask --at 2026-11-02T22:00 --plan 7 --all
              coverdesk what-if --queue ask --at 2026-11-02T22:00 --bundle DIR --plan plan.csv
            """)

    @OptionGroup var options: SharedOptions

    @Option(help: "The queue of the shift.")
    var queue: String

    @Option(help: "When it begins, like 2026-11-02T10:00, by the consortium's clocks or with an offset from UTC.")
    var at: String

    @Option(help: "When it ends (default: after the shortest shift that the queue allows).")
    var to: String?

    @Option(
        help: """
            The plan: a number (default: the latest draft, or where there is none what is published), or with --bundle \
            a CSV file.
            """, completion: .file(extensions: ["csv"]))
    var plan: String?

    @Option(help: "Take the data from this bundle's folder, with no database; needs --plan.", completion: .directory)
    var bundle: String?

    @Flag(help: "List everybody, not only the first ten who can and the first ten who cannot.")
    var all = false

    func validate() throws {
        guard bundle == nil || plan != nil else {
            throw ValidationError("--bundle DIR needs --plan PLAN.csv, the plan that is asked about")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let judged = try await JudgedPlan.read(plan, bundle: bundle, in: context)
            let problem = try judged.inputs.problem()
            let place = try place(in: judged.inputs)
            guard let ranking = WhatIf(judged.shifts, in: problem).ranking(for: place) else {
                throw CommandFailure.badInput(
                    "--at, --to: \(DayText.span(place.during, in: judged.inputs.zone)) is not inside "
                        + "\(judged.name), \(DayText.days(of: judged.inputs.period, in: judged.inputs.zone))")
            }
            let report = RankingReport(ranking, judged, names: Dictionary(judged.inputs.bundle.operators))
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(report.summary))
            } else {
                report.lines(most: all ? nil : 10, context.terminal).forEach { context.terminal.say($0) }
            }
        }
    }

    private func place(in inputs: PlanningInputs) throws -> Shift.Place {
        let queues = inputs.bundle.queues
        guard let line = queues.first(where: { $0.id.rawValue == queue }) else {
            throw SchedulingRefusal.unknown(kind: "queue", id: queue, known: queues.map(\.id.rawValue).sorted())
        }
        let start = try instant(at, "--at", in: inputs.zone)
        let slot = inputs.bundle.consortium.slotMinutes
        let shortest = max(slot, (line.minShiftMinutes + slot - 1) / slot * slot)
        let end = try to.map { try instant($0, "--to", in: inputs.zone) } ?? start.advanced(byMinutes: shortest)
        guard start < end else { throw CommandFailure.badInput("--to: \(to ?? "") is not after --at \(at)") }
        for (option, text, moment) in [("--at", at, start), ("--to", to ?? at, end)]
        where moment.secondsSince1970.quotientAndRemainder(dividingBy: Int64(slot * 60)).remainder != 0 {
            throw CommandFailure.badInput("\(option): “\(text)” is not at the beginning of a slot of \(slot) minutes")
        }
        return Shift.Place(queue: line.id, during: start..<end)
    }

    private func instant(_ text: String, _ option: String, in zone: TimeZoneRules) throws -> Instant {
        guard let time = OffsetTime(text) else {
            throw CommandFailure.badInput(
                "\(option): “\(text)” is not a time that can be read: write one like 2026-11-02T10:00")
        }
        if let instant = time.instant { return instant }
        let moments = zone.instants(showing: time.moment)
        guard moments.count == 1, let moment = moments.first else {
            let meant =
                moments.isEmpty ? "one that exists" : moments.map { $0.text(in: zone) }.joined(separator: " or ")
            throw CommandFailure.badInput(
                "\(option): the clocks of \(zone.identifier) show “\(text)” \(moments.isEmpty ? "never" : "twice"): "
                    + "write \(meant)")
        }
        return moment
    }
}

extension Dictionary where Key == Operator.ID, Value == String {
    fileprivate init(_ operators: [Operator]) {
        self.init(operators.map { ($0.id, $0.name) }) { first, _ in first }
    }
}
