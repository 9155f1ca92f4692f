import ArgumentParser
import Coverage
import PostgresClient
import Scheduling
import Storage

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What the database holds: schema, consortium, plans, latest acts.",
        discussion: """
              coverdesk status
              coverdesk status --json
            """)

    @OptionGroup var options: SharedOptions

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let status = try await context.withDatabase { pool in
                try await ServiceStatus.read(try await context.consortium(in: pool), in: pool)
            }
            if context.printsJSON {
                context.terminal.say(try JSONText.encode(Report(status)))
            } else {
                show(status, in: context.terminal)
            }
        }
    }

    private func show(_ status: ServiceStatus, in terminal: Terminal) {
        terminal.say("database    PostgreSQL \(status.serverVersion), schema version \(status.schemaVersion)")
        guard let settings = status.settings, let zone = status.zone else {
            terminal.say("consortium  nothing imported yet: run `coverdesk import DIR`")
            return
        }
        let last = settings.dates.upperBound.advanced(byDays: -1)
        terminal.say("consortium  \(status.consortium)  \(settings.name), \(settings.timeZone)")
        terminal.say("period      \(settings.startsOn) to \(last), slots of \(settings.slotMinutes) minutes")
        let counts = status.counts.map { "\(HoursText.grouped($0.count)) \($0.name)" }
        terminal.say("holds       " + counts.joined(separator: ", "))
        terminal.say()
        var plans = TextTable([
            ("plan", .right), ("state", .left), ("days", .left), ("shifts", .right), ("made", .left),
            ("message", .left),
        ])
        for plan in status.plans {
            plans.add([
                String(plan.number), plan.state.rawValue, DayText.days(of: plan.period, in: zone),
                HoursText.grouped(plan.shiftCount), "\(plan.createdAt.text(in: zone)) by \(plan.createdBy)",
                plan.message,
            ])
        }
        if plans.isEmpty {
            terminal.say("no plans yet: run `coverdesk plan`")
        } else {
            plans.lines(terminal).forEach { terminal.say($0) }
        }
        terminal.say()
        for act in status.latestActs {
            terminal.say("  \(act.at.text(in: zone))  \(act.actor)  \(act.action)  \(act.subject)")
        }
    }
}

/// What `status --json` prints.
private struct Report: Encodable {
    let consortium: String
    let name: String?
    let serverVersion: String
    let schemaVersion: Int
    let counts: [String: Int]
    let plans: [Plan]

    struct Plan: Encodable {
        let number: Int
        let state: String
        let startsAt: String
        let endsAt: String
        let shifts: Int
        let createdBy: String
        let message: String
    }

    init(_ status: ServiceStatus) {
        consortium = status.consortium.rawValue
        name = status.settings?.name
        serverVersion = status.serverVersion
        schemaVersion = status.schemaVersion
        counts = Dictionary(uniqueKeysWithValues: status.counts.map { ($0.name, $0.count) })
        plans = status.plans.compactMap { plan in
            guard let zone = status.zone else { return nil }
            return Plan(
                number: plan.number, state: plan.state.rawValue, startsAt: plan.period.lowerBound.text(in: zone),
                endsAt: plan.period.upperBound.text(in: zone), shifts: plan.shiftCount, createdBy: plan.createdBy,
                message: plan.message)
        }
    }
}
