import Coverage
import Planning

/// What a mended plan changes, for people and for scripts.
struct PlanChanges: Sendable {
    let known: KnownPlan
    let difference: PlanDifference
    /// For each hour lost or gained.
    let price: Thousandths

    /// The table by library and person.
    func lines(in zone: TimeZoneRules, _ terminal: Terminal) -> [String] {
        let people = difference.operators
        guard people > 0 else { return ["  nothing changes against \(known.name)"] }
        var table = TextTable([
            ("library", .left), ("operator", .left), ("", .left), ("when", .left), ("queue", .left), ("why", .left),
        ])
        for change in difference.changes {
            table.add([
                change.library?.rawValue ?? "–", change.shift.operator.rawValue, change.kind.rawValue,
                DayText.span(change.shift.during, in: zone), change.shift.queue.rawValue, change.why,
            ])
        }
        let price = difference.cost(perHour: price).doubleValue.rounded()
        return table.lines(terminal) + [
            "  \(people) \(people == 1 ? "person" : "people"), "
                + "\(HoursText.hours(minutes: difference.minutes(.lost))) lost and "
                + "\(HoursText.hours(minutes: difference.minutes(.gained))) gained, "
                + "at a price of \(HoursText.grouped(Int(price))) that is not in the plan's cost"
        ]
    }

    /// What `plan --json` prints of it.
    struct Summary: Encodable {
        let against: String
        let people: Int
        let lostMinutes: Int
        let gainedMinutes: Int
        let pricePerHour: Double
        let price: Double
        let changes: [Line]

        struct Line: Encodable {
            let libraryID: String?
            let operatorID: String
            let queueID: String
            let startsAt: String
            let endsAt: String
            let change: String
            let reason: String

            private enum CodingKeys: String, CodingKey {
                case libraryID = "libraryId"
                case operatorID = "operatorId"
                case queueID = "queueId"
                case startsAt, endsAt, change, reason
            }
        }

        init(_ changes: PlanChanges, zone: TimeZoneRules) {
            let difference = changes.difference
            against = changes.known.name
            people = difference.operators
            lostMinutes = difference.minutes(.lost)
            gainedMinutes = difference.minutes(.gained)
            pricePerHour = changes.price.doubleValue
            price = difference.cost(perHour: changes.price).doubleValue
            self.changes = difference.changes.map { change in
                Line(
                    libraryID: change.library?.rawValue, operatorID: change.shift.operator.rawValue,
                    queueID: change.shift.queue.rawValue, startsAt: change.shift.during.lowerBound.text(in: zone),
                    endsAt: change.shift.during.upperBound.text(in: zone), change: change.kind.rawValue,
                    reason: change.why)
            }
        }
    }
}

extension PlanDifference.Change {
    /// The rule's id, or a fixed word.
    fileprivate var why: String {
        switch reason {
        case .forbidden(let cause): cause.name
        case .replanned: "replanned"
        }
    }
}
