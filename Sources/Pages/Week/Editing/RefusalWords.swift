import Coverage
import HTTPTypes
import Planning
import Scheduling
import Storage

/// Why a change of a shift is not made, for whoever wanted it.
struct RefusalWords {
    private let refusal: EditRefusal
    private let zone: TimeZoneRules
    /// What knows the names; ids stand for them where it is not known.
    private let problem: PlanningProblem?

    init(_ refusal: EditRefusal, zone: TimeZoneRules, problem: PlanningProblem?) {
        self.refusal = refusal
        self.zone = zone
        self.problem = problem
    }

    /// The words, and the status that goes with them.
    var text: (String, HTTPResponse.Status) {
        switch refusal {
        case .nothing: ("Nothing would be changed. Choose another time, queue or person.", .unprocessableContent)
        case .badTime(_, let minutes):
            ("Shifts begin and end at whole steps of \(minutes) minutes.", .unprocessableContent)
        case .outsideThePlan(let during):
            ("No plan of this schedule covers \(times(during)) on that day.", .unprocessableContent)
        case .superseded(let plan):
            ("Plan \(plan) was replaced by another and stays as it was. Change what is published now.", .conflict)
        case .isOver: ("This is over: what was worked stays as it was.", .conflict)
        case .changedMeanwhile(let shift, let now, let edit): (changed(shift, now, edit?.madeBy), .preconditionFailed)
        case .refused(let effect): (refused(effect), .unprocessableContent)
        case .needsReason: ("This bends a rule: write why, and it is recorded with your name.", .unprocessableContent)
        case .noEdit(let number): ("There is no change \(number).", .notFound)
        case .undoneBefore(let edit):
            ("Change \(edit.number) was taken back before.", .conflict)
        case .tooBusy:
            ("Others are changing the schedule at the same time, again and again. Try once more.", .serviceUnavailable)
        }
    }

    private func refused(_ effect: EditEffect) -> String {
        let rules = Set(effect.refusals.map { EffectWords.rule($0.cause) }).sorted().joined(separator: ", ")
        return "Rules that are never broken stand against it: \(rules). Nothing was changed."
    }

    private func changed(_ shift: Shift, _ now: [Shift], _ author: String?) -> String {
        let who = author.map { "\($0) changed it" } ?? "It was changed"
        let date = zone.civil(at: shift.during.lowerBound).date
        let same = now.filter { zone.civil(at: $0.during.lowerBound).date == date }
        let stands =
            same.isEmpty
            ? "\(name(shift.operator)) has no shift on that day now"
            : "\(name(shift.operator)) has now "
                + same.map { "\(queue($0.queue)) \(times($0.during))" }.joined(separator: ", ")
        return "\(who) since you looked: \(stands). Nothing was overwritten."
    }

    private func times(_ during: Range<Instant>) -> String { DayText.times(during, in: zone) }

    private func name(_ id: Operator.ID) -> String {
        problem.flatMap { problem in problem.operatorIndex[id].map { problem.operators[$0].name } } ?? id.rawValue
    }

    private func queue(_ id: Queue.ID) -> String {
        problem.flatMap { problem in problem.queueIndex[id].map { problem.queues[$0].name } } ?? id.rawValue
    }
}
