import ArgumentParser
import BundleFiles
import Coverage
import Replication
import Scheduling
import Storage

struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Who sits when, from the published plans.",
        discussion: """
            Times are those of the consortium's zone. Without a filter every shift of the period is listed.

              coverdesk schedule --library pub01
              coverdesk schedule --operator pub01-03 --week 2026-11-02
              coverdesk schedule --queue spanish --from 2026-11-02 --to 2026-11-03 --json
              coverdesk schedule --output plan.csv

            From a library's cache, without the database and without a network:

              coverdesk schedule --cache desk.sqlite --week 2026-11-02
            """)

    @OptionGroup var options: SharedOptions
    @OptionGroup var period: PeriodOptions

    @Option(help: "Shifts of this library's operators.")
    var library: String?

    @Option(name: .customLong("operator"), help: "Shifts of this operator.")
    var operatorID: String?

    @Option(help: "Shifts on this queue.")
    var queue: String?

    @Option(help: "Write the shifts as a plan's CSV file instead, in the bundle's form.", completion: .file())
    var output: String?

    @Option(help: "The file that `coverdesk sync` keeps: read it instead of the database.", completion: .file())
    var cache: String?

    func validate() throws {
        guard cache == nil || output == nil else {
            throw ValidationError("--cache and --output exclude each other: a plan is written from the database")
        }
    }

    func run() async throws {
        try await reportingFailures {
            if let cache { return try await show(cache) }
            let context = try await CommandContext(options)
            let filter = ScheduleReading.Filter(
                library: library.map { Library.ID($0) }, operator: operatorID.map { Operator.ID($0) },
                queue: queue.map { Queue.ID($0) })
            let selection = try period.selection()
            let schedule = try await context.withDatabase { pool in
                try await ScheduleReading(consortium: try await context.consortium(in: pool))
                    .read(selection, filter: filter, in: pool)
            }
            if let output { try PlanFile(path: output).write(schedule.shifts, in: schedule.zone) }
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(Report(schedule)))
            } else if let output {
                context.terminal.say("wrote \(schedule.shifts.count) shifts to \(output)")
            } else {
                show(schedule, in: context.terminal)
            }
        }
    }

    private func show(_ cache: String) async throws {
        let context = try await CommandContext(options)
        let selection = try period.selection()
        let schedule = try CacheReader(path: cache).read { view in
            let days = try selection.dates(from: view.consortium).instants(in: view.consortiumZone)
            return CachedSchedule(
                days, in: view,
                shifts: try view.shifts(
                    touching: days, library: library.map { Library.ID($0) },
                    operator: operatorID.map { Operator.ID($0) },
                    queue: queue.map { Queue.ID($0) }),
                plans: try view.plans(touching: days), pending: try view.intents(pendingOnly: true))
        }
        if context.printsJSON {
            context.terminal.say(try JSONText.encode(schedule.report))
        } else {
            schedule.show(at: context.now, in: context.terminal)
        }
    }

    private func show(_ schedule: ScheduleReading.Schedule, in terminal: Terminal) {
        let days = DayText.days(of: schedule.period, in: schedule.zone)
        guard !schedule.plans.isEmpty else {
            terminal.say("nothing is published for \(days): run `coverdesk publish`")
            return
        }
        let numbers = schedule.plans.map { String($0.number) }.joined(separator: ", ")
        terminal.say(
            terminal.styled("\(schedule.consortium.name), \(days)", .bold)
                + "  plan \(numbers), times of \(schedule.zone.identifier)")
        var table = TextTable([("when", .left), ("queue", .left), ("operator", .left), ("library", .left)])
        for shift in schedule.shifts {
            let person = schedule.operators[shift.operator]
            table.add([
                DayText.span(shift.during, in: schedule.zone), shift.queue.rawValue,
                "\(shift.operator)  \(person?.name ?? "")", person?.library.rawValue ?? "",
            ])
        }
        if table.isEmpty {
            terminal.say("  no shifts")
        } else {
            table.lines(terminal).forEach { terminal.say($0) }
        }
        let minutes = schedule.shifts.reduce(0) { $0 + $1.during.upperBound.seconds(since: $1.during.lowerBound) / 60 }
        terminal.say("\(schedule.shifts.count) shifts, \(HoursText.hours(minutes: Int(minutes)))")
    }
}

/// What `schedule --json` prints.
private struct Report: Encodable {
    let consortium: String
    let timezone: String
    let startsAt: String
    let endsAt: String
    let plans: [Int]
    let shifts: [Line]

    struct Line: Encodable {
        let queueID: String
        let operatorID: String
        let operatorName: String
        let libraryID: String
        let startsAt: String
        let endsAt: String

        private enum CodingKeys: String, CodingKey {
            case queueID = "queueId"
            case operatorID = "operatorId"
            case libraryID = "libraryId"
            case operatorName, startsAt, endsAt
        }
    }

    init(_ schedule: ScheduleReading.Schedule) {
        consortium = schedule.consortium.name
        timezone = schedule.zone.identifier
        startsAt = schedule.period.lowerBound.text(in: schedule.zone)
        endsAt = schedule.period.upperBound.text(in: schedule.zone)
        plans = schedule.plans.map(\.number)
        shifts = schedule.shifts.map { shift in
            let person = schedule.operators[shift.operator]
            return Line(
                queueID: shift.queue.rawValue, operatorID: shift.operator.rawValue, operatorName: person?.name ?? "",
                libraryID: person?.library.rawValue ?? "",
                startsAt: shift.during.lowerBound.text(in: schedule.zone),
                endsAt: shift.during.upperBound.text(in: schedule.zone))
        }
    }
}
