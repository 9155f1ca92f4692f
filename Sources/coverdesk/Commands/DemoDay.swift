import BundleFiles
import ChatSimulation
import Coverage
import Foundation
import PostgresClient
import PrivateCluster
import Scheduling
import Storage

/// What the demo does after publishing: the service is started, a day is played, and the service stays.
struct DemoDay: Sendable {
    let service: DemoService
    let bundle: ConsortiumBundle
    let history: HistoryFile?
    let context: CommandContext
    let speed: Int
    /// Whether only half an hour is played, and the service ended after it.
    let isShort: Bool
    let port: Int?

    /// Where the demo is left.
    struct Result: Sendable {
        var url: String
        var token: String
        /// Somebody who is on shift, and where and when by the service's clock.
        var shift: Shift
        var serviceTime: String
        var signal: Int32?
        var hasDifferences: Bool
    }

    private var zone: TimeZoneRules {
        get throws { try TimeZoneRules(identifier: bundle.consortium.timeZone) }
    }

    /// Does all of it.
    ///
    /// - Parameters:
    ///   - consortium: Whose published plan is played.
    ///   - pool: The demo's database.
    ///   - step: Tells what is begun.
    /// - Returns: Where the demo is left.
    /// - Throws: ``CommandFailure``
    func run(
        for consortium: Consortium.ID, in pool: PostgresPool, step: (String, String) -> Void
    ) async throws -> Result {
        let zone = try zone
        let shifts = try await publishedShifts(of: consortium, in: pool)
        try PlanFile(path: service.planFile).write(shifts, in: zone)
        let last = try await pool.withConnection {
            try await DeskRepository(consortium: consortium).lastDecision(in: $0)
        }
        let files = try await dayToPlay(shifts, after: last)
        let token = try await service.makeToken(for: consortium, in: pool, context)
        let clock = PacedClock(from: files.window.lowerBound, since: PacedClock.world().rounded(.down), speed: speed)
        let wanted = port ?? context.settings.serve.port
        let (url, found) =
            port == nil
            ? try await service.start(preferring: wanted, clock: clock, zone: zone)
            : try await service.start(port: wanted, clock: clock, zone: zone)
        step("Service", "listens at \(url), log in \(service.program.logFile)")
        if found != wanted, wanted != 0 { context.terminal.say("  (port \(wanted) is in use: this one was free)") }
        step("A day", "\(DayText.day(files.day)) at the desk, with the patrons of \(files.pastDay); Ctrl-C ends it")
        context.terminal.say()
        var played = PlayedDay(files: files, service: url, token: token)
        played.speed = speed
        played.since = clock.since
        played.overtime = .seconds(isShort ? 300 : 1800)
        played.form = context.printsJSON ? .jsonLines : context.terminal.isBoard ? .board : .lines
        let watch = DemoWatch(service: service, port: found, clock: clock, zone: zone)
        let (outcome, signal) = try await watch.keepingAlive { try await played.play(in: context) }
        if let told = watch.told { context.terminal.complain(told) }
        let summary = DaySummary(files: files, outcome: outcome)
        if context.printsJSON {
            context.terminal.say(try summary.json())
        } else {
            summary.lines(context.terminal).forEach { context.terminal.say($0) }
        }
        return try await settle(
            Result(
                url: url, token: token, shift: try shiftToTry(shifts, after: clock.now(PacedClock.world())),
                serviceTime: "", signal: signal, hasDifferences: !outcome.comparison.differences.isEmpty), found, zone)
    }

    /// Starts the service again as it stays: at the usual pace, at a time when somebody is on shift.
    private func settle(_ result: Result, _ port: Int, _ zone: TimeZoneRules) async throws -> Result {
        service.program.stop()
        guard !isShort else { return result }
        var result = result
        let clock = PacedClock(
            from: result.shift.during.lowerBound.advanced(byMinutes: 5), since: PacedClock.world().rounded(.down),
            speed: 1)
        let url: String
        (url, _) = try await service.start(preferring: port, clock: clock, zone: zone)
        result.url = url
        let moment = zone.civil(at: clock.from)
        result.serviceTime = "\(DayText.day(moment.date)) \(moment.timeText)"
        return result
    }

    private func publishedShifts(of consortium: Consortium.ID, in pool: PostgresPool) async throws -> [Shift] {
        try await ScheduleReading(consortium: consortium)
            .read(.whole, filter: ScheduleReading.Filter(), in: pool).shifts
    }

    // MARK: Which day

    /// The first day of the plan that is not over by the desk's own time, which never goes back.
    private func dayToPlay(_ shifts: [Shift], after last: Instant?) async throws -> DayFiles {
        let zone = try zone
        var choice = DayFiles.Choice()
        for day in Set(shifts.map { zone.civil(at: $0.during.lowerBound).date }).sorted() {
            let start = zone.firstInstant(ofDate: day, time: Self.opening)
            let enough = shifts.count { $0.during.contains(start) }
            guard last.map({ $0 < start }) ?? true, enough > 0 else { continue }
            choice.day = day
            break
        }
        guard choice.day != nil else {
            throw CommandFailure.refused(
                "the demo has played every day of its plan: begin with an empty database, coverdesk demo --reset")
        }
        (choice.from, choice.until) = (Self.opening, isShort ? Self.shortClosing : Self.closing)
        return try await DayFiles(bundle, history, shifts, choice)
    }

    private static let opening = MinuteOfDay("10:00") ?? .startOfDay
    private static let closing = MinuteOfDay("20:00") ?? .endOfDay
    private static let shortClosing = MinuteOfDay("10:30") ?? .endOfDay

    /// A chat shift of a later day, to try the API with.
    private func shiftToTry(_ shifts: [Shift], after now: Instant) throws -> Shift {
        let zone = try zone
        let chats = Set(bundle.queues.filter { $0.channel == .chat }.map(\.id))
        let later = shifts.filter { chats.contains($0.queue) && $0.during.lowerBound > now }.sorted(by: Shift.precedes)
        let atNoon = later.first { zone.civil(at: $0.during.lowerBound).minuteOfDay >= 11 * 60 }
        guard let shift = atNoon ?? later.first ?? shifts.last else {
            throw CommandFailure.unexpected("the published plan has no shifts")
        }
        return shift
    }
}
