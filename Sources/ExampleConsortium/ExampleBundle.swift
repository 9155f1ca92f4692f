package import Coverage

/// A made-up consortium: believable, and nobody in it exists.
///
/// The same scale, seed, start and lengths give the same values in every run and on every machine: all draws come
/// from ``Dice``, and no function of the platform's mathematics library has a say.
package struct ExampleBundle: Hashable, Sendable {
    /// In the order in which bundles are written.
    package let bundle: ConsortiumBundle
    /// The questions of the weeks before the period, by their start.
    package let history: [PastSession]

    /// - Parameters:
    ///   - scale: How large.
    ///   - seed: Another seed is another consortium of the same character.
    ///   - startsOn: The first day of the period; the Monday of its week is taken.
    ///   - weeks: The period's length; nil for the scale's own.
    ///   - historyWeeks: Weeks before the period that have past sessions; nil for the scale's own.
    /// - Throws: ``UnknownTimeZone`` on a machine whose tz database lacks the zones of the United States.
    package init(
        scale: ExampleScale, seed: UInt64 = 1, startsOn: CivilDate, weeks: Int? = nil, historyWeeks: Int? = nil
    ) throws(UnknownTimeZone) {
        let consortium = Consortium(
            name: scale.consortiumName, timeZone: scale.timeZone, slotMinutes: 60, startsOn: startsOn.startOfWeek,
            weeks: weeks ?? scale.weeks)
        let zone = try TimeZoneRules(identifier: consortium.timeZone)
        let holidays = Holiday.all(in: consortium.dates)

        var members = MemberDraw(scale: scale, seed: seed).members()
        let queues = scale.queues
        let demand = queues.flatMap { $0.demand(of: consortium, zone: zone, holidays: holidays) }
        members.promise(
            hoursWanted: demand.reduce(0) { $0 + $1.wantedHours }, weeks: consortium.weeks, on: queues)

        let absences = try AbsenceDraw(seed: seed, consortium: consortium).absences(of: members)
        bundle = ConsortiumBundle(
            consortium: consortium, libraries: members.libraries, operators: members.operators,
            queues: queues.map(\.queue), hours: queues.flatMap(\.hours), demand: demand,
            availability: members.availability, absences: absences,
            closures: ClosureDraw(seed: seed, dates: consortium.dates).closures(of: members, on: holidays)
        ).inWrittenOrder()
        history = HistoryDraw(seed: seed, queues: queues, members: members)
            .sessions(weeks: historyWeeks ?? scale.historyWeeks, before: consortium.startsOn, zone: zone)
    }
}

extension Demand {
    /// Operator-hours up to the target.
    fileprivate var wantedHours: Int {
        target * Int(during.upperBound.seconds(since: during.lowerBound) / 3600)
    }
}

extension ConsortiumBundle {
    fileprivate func inWrittenOrder() -> ConsortiumBundle {
        var sorted = self
        sorted.libraries.sort { $0.id < $1.id }
        sorted.operators.sort { $0.id < $1.id }
        sorted.queues.sort { $0.id < $1.id }
        sorted.hours.sort {
            $0.queue == $1.queue
                ? ($0.weekday.rawValue, $0.opens) < ($1.weekday.rawValue, $1.opens) : $0.queue < $1.queue
        }
        sorted.demand.sort {
            $0.queue == $1.queue ? $0.during.lowerBound < $1.during.lowerBound : $0.queue < $1.queue
        }
        sorted.availability.sort {
            guard $0.operator == $1.operator else { return $0.operator < $1.operator }
            return ($0.weekday.rawValue, $0.from, $0.to, $0.preference)
                < ($1.weekday.rawValue, $1.from, $1.to, $1.preference)
        }
        sorted.absences.sort {
            $0.operator == $1.operator
                ? $0.during.lowerBound < $1.during.lowerBound : $0.operator < $1.operator
        }
        sorted.closures.sort {
            // All libraries first.
            let (left, right) = ($0.library ?? Library.ID(""), $1.library ?? Library.ID(""))
            return left == right ? $0.date < $1.date : left < right
        }
        return sorted
    }
}
