import Coverage
import Planning
import Scheduling

/// The page of a shift whose operator would be rid of it: give it away, a part of it, or swap it.
struct RequestFormView {
    let board: WeekBoard
    let shift: Shift
    let now: Instant
    var problem: String?

    private var zone: TimeZoneRules { board.problem.zone }

    var page: Page {
        let date = zone.civil(at: shift.during.lowerBound).date
        return Page(
            template: "request", title: "\(name(shift.operator)), \(queue(shift.queue))", section: .requests,
            values: .present([
                "heading": "\(queue(shift.queue)), \(DayText.times(shift.during, in: zone))",
                "person": name(shift.operator), "day": DayText.long(date), "problem": problem,
                "shift": ShiftReference(shift).text, "back": back, "parts": parts, "others": others,
                "hasOthers": !others.isEmpty,
            ]), stylesheets: ["week.css", "edit.css", "requests.css"])
    }

    private var back: String {
        board.problem.operatorIndex[shift.operator].map { person in
            "/library/\(board.problem.operators[person].library)?date=\(board.monday)"
        } ?? "/libraries"
    }

    /// Where a part may begin and end: whole slots.
    private var parts: [String: Any]? {
        let calendar = board.problem.calendar
        let slots = calendar.slots(of: shift.during)
        guard slots.count > 1 else { return nil }
        let starts = slots.map { calendar.start(of: $0) }
        let ends = slots.map { calendar.start(of: $0 + 1) }
        return [
            "starts": starts.map { option($0, isChosen: $0 == starts.first) },
            "ends": ends.map { option($0, isChosen: $0 == ends.last) },
        ]
    }

    private func option(_ instant: Instant, isChosen: Bool) -> [String: Any] {
        ["value": MinuteText.text(instant), "text": DayText.time(instant, in: zone), "isChosen": isChosen]
    }

    /// How many shifts are tried for a swap, those nearest in time first.
    private static let mostTried = 120
    private static let mostOffered = 30

    /// Shifts of others of the week that could be swapped for this one within all rules.
    private var others: [[String: Any]] {
        let trial = PlanTrial(board.table, in: board.problem)
        let start = shift.during.lowerBound
        let near = board.shifts.filter { other in
            other.operator != shift.operator && other.during.lowerBound > now
                && !(other.queue == shift.queue && other.during == shift.during)
        }.sorted { abs($0.during.lowerBound.seconds(since: start)) < abs($1.during.lowerBound.seconds(since: start)) }
        let possible = near.prefix(Self.mostTried).filter { other in
            var (first, second) = (shift, other)
            (first.operator, second.operator) = (second.operator, first.operator)
            let effect = trial.effect(of: ShiftEdit(removed: [shift, other], added: [first, second]))
            return effect.refusals.isEmpty && effect.bends.isEmpty
        }
        return possible.prefix(Self.mostOffered).map { other in
            ["value": ShiftReference(other).text, "text": "\(place(other)), \(name(other.operator))"]
        }
    }

    private func place(_ shift: Shift) -> String {
        let date = zone.civil(at: shift.during.lowerBound).date
        return "\(DayText.weekday(date.weekday).prefix(3)) \(DayText.short(date)) "
            + "\(DayText.times(shift.during, in: zone)), \(queue(shift.queue))"
    }

    private func name(_ id: Operator.ID) -> String {
        board.problem.operatorIndex[id].map { board.problem.operators[$0].name } ?? id.rawValue
    }

    private func queue(_ id: Queue.ID) -> String {
        board.problem.queueIndex[id].map { board.problem.queues[$0].name } ?? id.rawValue
    }
}
