import Coverage
import Planning
import Scheduling

/// The page of a shift whose operator would be rid of it: give it away, a part of it, or swap it.
struct RequestFormView {
    let board: WeekBoard
    let shift: Shift
    let now: Instant
    var problem: String?
    /// What was chosen and typed before.
    var start: Instant?
    var end: Instant?
    var reason = ""

    private var zone: TimeZoneRules { board.problem.zone }

    var page: Page {
        let date = zone.civil(at: shift.during.lowerBound).date
        return Page(
            template: "request", title: "\(name(shift.operator)), \(queue(shift.queue))", section: .requests,
            values: .present([
                "heading": "\(queue(shift.queue)), \(DayText.times(shift.during, in: zone))",
                "person": name(shift.operator), "day": DayText.long(date), "problem": problem,
                "shift": ShiftReference(shift).text, "back": back, "typedReason": reason, "parts": parts,
                "others": others,
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
            "starts": starts.map { option($0, isChosen: $0 == start ?? starts.first) },
            "ends": ends.map { option($0, isChosen: $0 == end ?? ends.last) },
        ]
    }

    private func option(_ instant: Instant, isChosen: Bool) -> [String: Any] {
        ["value": MinuteText.text(instant), "text": DayText.time(instant, in: zone), "isChosen": isChosen]
    }

    /// How many shifts of a day are tried for a swap, those nearest in their time of the day first.
    private static let mostTriedADay = 30
    private static let mostOfferedADay = 8

    /// Shifts of others of the week, day by day, that could be swapped for this one within all rules.
    private var others: [[String: Any]] {
        let trial = PlanTrial(board.table, in: board.problem)
        let days = Dictionary(grouping: board.shifts.filter(isWorthTrying)) {
            zone.civil(at: $0.during.lowerBound).date
        }
        let found = days.values.flatMap { shifts in
            shifts.sorted { distance($0) < distance($1) }.prefix(Self.mostTriedADay).filter { other in
                var (first, second) = (shift, other)
                (first.operator, second.operator) = (second.operator, first.operator)
                let effect = trial.effect(of: ShiftEdit(removed: [shift, other], added: [first, second]))
                return effect.refusals.isEmpty && effect.bends.isEmpty
            }.prefix(Self.mostOfferedADay)
        }
        return found.sorted(by: Shift.precedes).map { other in
            ["value": ShiftReference(other).text, "text": "\(place(other)), \(name(other.operator))"]
        }
    }

    /// Whether both could sit at the other's queue then, which is soon asked.
    private func isWorthTrying(_ other: Shift) -> Bool {
        guard other.operator != shift.operator, other.during.lowerBound > now,
            !(other.queue == shift.queue && other.during == shift.during)
        else { return false }
        return board.problem.isPossible(shift, for: other.operator)
            && board.problem.isPossible(other, for: shift.operator)
    }

    /// In seconds between the times of the day at which they begin.
    private func distance(_ other: Shift) -> Int {
        abs(
            zone.civil(at: other.during.lowerBound).secondOfDay - zone.civil(at: shift.during.lowerBound).secondOfDay)
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
