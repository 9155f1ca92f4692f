import Coverage
import Planning
import Scheduling

/// The page of a shift that a coordinator changes, or adds: what is wanted, what it would mean, and the button.
struct ShiftView {
    let board: WeekBoard
    let wish: ShiftWish
    let now: Instant
    /// What the change would mean; nil while nothing is wanted.
    var effect: EditEffect?
    /// Those who could take it; nil where it is not asked.
    var ranking: ShiftRanking?
    /// Why what was wanted is not done.
    var problem: String?
    /// What was typed as the reason.
    var reason = ""

    private var zone: TimeZoneRules { board.problem.zone }

    var page: Page {
        Page(
            template: "shift", title: title, section: .week, values: values, stylesheets: ["week.css", "edit.css"],
            scripts: ["week-edit.js"])
    }

    private var title: String {
        guard let seen = wish.seen?.shift else { return "A new shift" }
        return "\(name(seen.operator)), \(queueName(seen.queue))"
    }

    private var values: [String: Any] {
        let during = wish.seen?.shift.during ?? wish.during
        let date = during.map { zone.civil(at: $0.lowerBound).date } ?? board.monday
        return .present([
            "heading": title, "day": DayText.long(date),
            "seen": wish.seen.map { seenValues($0.shift) },
            "back": back(date), "problem": problem,
            "form": during.map { formValues($0, date) },
            "effect": effect.map { EffectWords(effect: $0, problem: board.problem).values },
            "act": actValues, "remove": removeAddress, "ranking": ranking.map(rankingValues),
            "whoElse": ranking == nil
                ? wish.with {
                    $0.asksWho = true; $0.isRemoved = false
                }.address : nil,
        ])
    }

    private func back(_ date: CivilDate) -> String {
        "/week?date=\(date)" + (wish.plan.map { "&plan=\($0)" } ?? "") + "#day-\(date)"
    }

    private func seenValues(_ shift: Shift) -> [String: Any] {
        ["times": DayText.times(shift.during, in: zone), "library": library(of: shift.operator) ?? "has left"]
    }

    private var removeAddress: String? {
        guard let seen = wish.seen, !wish.isRemoved else { return nil }
        return ShiftWish.address(of: seen.shift, plan: wish.plan) + "&do=remove"
    }

    // MARK: What is wanted

    private func formValues(_ during: Range<Instant>, _ date: CivilDate) -> [String: Any] {
        let wanted = wish.during ?? during
        let queue = wish.queue ?? wish.seen?.shift.queue
        let person = wish.operator ?? wish.seen?.shift.operator
        let calendar = board.problem.calendar
        let day = calendar.slots(of: (date..<date.advanced(byDays: 1)).instants(in: zone)).clamped(to: calendar.period)
        let ends =
            day.lowerBound + 1..<min(day.upperBound + Self.slotsAfterMidnight(calendar), calendar.period.upperBound) + 1
        return .present([
            "version": wish.plan.map { "\($0)" }, "shift": wish.seen?.text, "person": person?.rawValue,
            "personName": person.map(name),
            "queues": board.problem.queues.map { option($0.id.rawValue, $0.name, $0.id == queue) },
            "starts": day.map { moment(calendar.start(of: $0), wanted.lowerBound) },
            "ends": ends.map { moment(calendar.start(of: $0), wanted.upperBound, isEnd: true) },
            "canSplit": wish.seen.map { wish.operator != nil && $0.shift.operator != wish.operator } ?? false,
            "keepsRest": wish.keepsRest,
            "keeper": wish.seen.map { name($0.shift.operator) },
        ])
    }

    private static func slotsAfterMidnight(_ calendar: SlotCalendar) -> Int { 12 * 60 / calendar.slotMinutes }

    private func option(_ value: String, _ text: String, _ isChosen: Bool) -> [String: Any] {
        ["value": value, "text": text, "isChosen": isChosen]
    }

    private func moment(_ instant: Instant, _ chosen: Instant, isEnd: Bool = false) -> [String: Any] {
        var text = DayText.time(instant, in: zone)
        if isEnd, text == "00:00" { text = "24:00" }
        return option(MinuteText.text(instant), text, instant == chosen)
    }

    // MARK: What is done

    private var actValues: [String: Any]? {
        guard let effect, effect.refusals.isEmpty else { return nil }
        return [
            "fields": wish.fields.map { ["name": $0.name, "value": $0.value] },
            "needsReason": !effect.bends.isEmpty, "reason": reason, "text": action(effect),
            "isDanger": wish.isRemoved,
        ]
    }

    private func action(_ effect: EditEffect) -> String {
        let words =
            if wish.isRemoved {
                "Take the shift out"
            } else if let seen = wish.seen?.shift {
                wish.operator == nil || wish.operator == seen.operator
                    ? "Move the shift" : "Give it to \(name(wish.operator ?? seen.operator))"
            } else {
                "Add the shift"
            }
        return effect.bends.isEmpty ? words : words + ", and bend the rule"
    }

    // MARK: Who could take it

    /// The most who are named of those who could, and of those who are kept from it.
    private static let mostAble = 12
    private static let mostUnable = 6

    private func rankingValues(_ ranking: ShiftRanking) -> [String: Any] {
        let able = ranking.candidates.filter { $0.standing == .able }
        let unable = ranking.candidates.filter { if case .unable = $0.standing { true } else { false } }
        let bendable = unable.filter(isBendable)
        return .present([
            "able": able.prefix(Self.mostAble).map(candidate), "hasAble": !able.isEmpty,
            "moreAble": able.count > Self.mostAble ? "and \(able.count - Self.mostAble) more could" : nil,
            "unable": bendable.prefix(Self.mostUnable).map(candidate), "hasUnable": !bendable.isEmpty,
        ])
    }

    private func isBendable(_ candidate: ShiftRanking.Candidate) -> Bool {
        guard case .unable(let violations) = candidate.standing else { return false }
        return violations.allSatisfy { violation in
            guard case .rule(let name) = violation.cause else { return false }
            return board.problem.rules.book[name].ruleClass == .yellow
        }
    }

    private func candidate(_ candidate: ShiftRanking.Candidate) -> [String: Any] {
        var why = ""
        if case .unable(let violations) = candidate.standing {
            why = violations.map { "\(EffectWords.rule($0.cause)): \($0.detail)" }.joined(separator: "; ")
        }
        let leaves = candidate.leaves.map { "\(queueName($0.queue)) \(DayText.times($0.during, in: zone))" }
        return .present([
            "name": name(candidate.operator), "library": library(of: candidate.operator),
            "points": EffectWords.points(candidate.cost), "why": why.isEmpty ? nil : why,
            "leaves": leaves.isEmpty ? nil : "would leave " + leaves.joined(separator: ", "),
            "address": wish.with {
                $0.operator = candidate.operator; $0.asksWho = false; $0.isRemoved = false
            }.address,
        ])
    }

    // MARK: Names

    private func name(_ id: Operator.ID) -> String {
        board.problem.operatorIndex[id].map { board.problem.operators[$0].name } ?? id.rawValue
    }

    private func library(of id: Operator.ID) -> String? {
        board.problem.operatorIndex[id].map { board.problem.libraries[board.problem.libraryOfOperator[$0]].name }
    }

    private func queueName(_ id: Queue.ID) -> String {
        board.problem.queueIndex[id].map { board.problem.queues[$0].name } ?? id.rawValue
    }
}
