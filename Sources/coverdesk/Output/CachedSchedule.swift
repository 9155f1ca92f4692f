import Coverage
import Replication

/// The schedule as a library's cache has it.
struct CachedSchedule {
    private let consortium: Consortium
    private let zone: TimeZoneRules
    private let period: Range<Instant>
    private let state: CacheState
    private let shifts: [CachedShift]
    private let plans: [Int]
    private let pending: [MadeIntent]

    init(
        _ period: Range<Instant>, in view: CacheView, shifts: [CachedShift], plans: [Int], pending: [MadeIntent]
    ) {
        consortium = view.consortium
        zone = view.consortiumZone
        state = view.state
        self.period = period
        self.shifts = shifts
        self.plans = plans
        self.pending = pending
    }

    func show(at now: Instant, in terminal: Terminal) {
        let days = DayText.days(of: period, in: zone)
        terminal.say(standing(at: now))
        guard !plans.isEmpty else {
            terminal.say("nothing is published for \(days)")
            return
        }
        terminal.say(
            terminal.styled("\(consortium.name), \(days)", .bold)
                + "  plan \(plans.map(String.init).joined(separator: ", ")), times of \(zone.identifier)")
        var table = TextTable([
            ("when", .left), ("queue", .left), ("operator", .left), ("library", .left), ("shift", .left), ("", .left),
        ])
        for shift in shifts {
            table.add([
                DayText.span(shift.during, in: zone), shift.queue.rawValue,
                "\(shift.operator)  \(shift.operatorName ?? "")", shift.library.rawValue,
                "\(shift.plan)/\(shift.number)", pendingText(shift),
            ])
        }
        if table.isEmpty {
            terminal.say("  no shifts")
        } else {
            table.lines(terminal).forEach { terminal.say($0) }
        }
        let minutes = shifts.reduce(0) { $0 + $1.during.upperBound.seconds(since: $1.during.lowerBound) / 60 }
        terminal.say("\(shifts.count) shifts, \(HoursText.hours(minutes: Int(minutes)))")
    }

    /// How old what is shown is.
    private func standing(at now: Instant) -> String {
        let asOf = Instant(secondsSince1970: (state.asOf ?? 0) / 1_000_000).text(in: zone)
        let silence = now.secondsSince1970 - (state.contactAt ?? 0)
        let isHeard = state.isInStep && silence <= 60
        var text = "as of \(asOf), " + (isHeard ? "in step with the service" : "not in step: the service is not heard")
        if let difference = state.clockDifference, abs(difference) > 120 {
            text +=
                "\nthe service's clock was \(abs(difference)) s \(difference < 0 ? "behind" : "ahead of") this machine's"
        }
        return text
    }

    private func pendingText(_ shift: CachedShift) -> String {
        let kinds = pending.filter { intent in
            intent.operator == shift.operator
                && (intent.kind == .absence
                    ? intent.during.overlaps(shift.during) : intent.plan == shift.plan && intent.shift == shift.number)
        }.map { $0.kind.word }
        return kinds.isEmpty ? "" : kinds.joined(separator: ", ") + " pending"
    }

    /// What `schedule --cache --json` prints.
    var report: Report {
        Report(
            consortium: consortium.name, timezone: zone.identifier, startsAt: period.lowerBound.text(in: zone),
            endsAt: period.upperBound.text(in: zone),
            asOf: Instant(secondsSince1970: (state.asOf ?? 0) / 1_000_000).text(in: zone), inStep: state.isInStep,
            plans: plans,
            shifts: shifts.map { shift in
                Report.Line(
                    queueId: shift.queue.rawValue, operatorId: shift.operator.rawValue,
                    operatorName: shift.operatorName ?? "", libraryId: shift.library.rawValue,
                    startsAt: shift.during.lowerBound.text(in: zone), endsAt: shift.during.upperBound.text(in: zone),
                    shift: "\(shift.plan)/\(shift.number)", pending: pendingText(shift))
            })
    }

    struct Report: Encodable {
        let consortium: String
        let timezone: String
        let startsAt: String
        let endsAt: String
        let asOf: String
        let inStep: Bool
        let plans: [Int]
        let shifts: [Line]

        struct Line: Encodable {
            let queueId: String
            let operatorId: String
            let operatorName: String
            let libraryId: String
            let startsAt: String
            let endsAt: String
            let shift: String
            let pending: String
        }
    }
}

extension Intent.Kind {
    /// In a word, for tables.
    var word: String {
        switch self {
        case .absence: "absence"
        case .swap: "swap"
        case .decline: "decline"
        }
    }
}
