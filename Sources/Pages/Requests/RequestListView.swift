import Coverage
import Planning
import Scheduling
import Storage

/// All open requests that somebody may see; for coordinators with what granting each would do.
struct RequestListView {
    enum Notice: String {
        case asked, withdrawn, granted, refused, agreed, declined, period, away

        init?(_ text: String) { self.init(rawValue: text) }

        var words: String {
            switch self {
            case .asked: "It is asked, and waits for a decision. Until then no shift changes hands."
            case .withdrawn: "The request is withdrawn."
            case .granted: "It is granted, and the schedule is changed."
            case .refused: "The request is refused."
            case .agreed: "You have agreed. A coordinator decides now."
            case .declined: "You have declined, and nothing changes."
            case .away:
                "It is granted, and the absence is saved. The published schedule stays as it is until it is mended."
            case .period: "The time to ask is set; what is asked for already keeps its own."
            }
        }
    }

    let board: WeekBoard
    let open: ShiftRequests.Open
    let leave: [LeaveRequestRepository.Request]
    /// The latest first.
    let decided: [DecidedRequest]
    let asker: RequestAsker
    let now: Instant
    var notice: Notice?
    var problem: String?
    var effects: [RequestReference: Result<EditEffect, EditRefusal>] = [:]

    /// How many are judged only once others are decided.
    var unjudged = 0
    /// What granting leave would do, by the request's number.
    var impacts: [Int: ScheduleImpact] = [:]

    /// The wishes to be away that whoever looks decides.
    var decidableLeave: [LeaveRequestRepository.Request] {
        leave.filter { asker.decidesLeave(of: $0.absence.operator, board.problem) }
    }

    private var zone: TimeZoneRules { board.problem.zone }

    /// The changes that the requests ask for, in the order in which they are shown.
    var edits: [(RequestReference, ShiftEdit)] {
        open.swaps.filter(\.stands).compactMap { swap in
            ShiftRequests.edit(granting: swap).map { (.swap(swap.id), $0) }
        } + open.claims.filter(stands).map { (.claim($0.number), ShiftRequests.edit(granting: $0, open.giveaways)) }
    }

    private func stands(_ claim: ShiftRequestRepository.Claim) -> Bool {
        guard let id = claim.giveaway else { return true }
        return open.giveaways.contains { $0.id == id && $0.stands }
    }

    var page: Page {
        let swaps = open.swaps.filter { sees($0.shift) || $0.other.map(sees) == true }
        let claims = open.claims.filter { sees($0.shift) }
        let leave = leave.filter { asker.role != .reader && asker.maySee($0.absence.operator, board.problem) }
        return Page(
            template: "requests", title: "Requests", section: .requests,
            values: .present([
                "notice": notice?.words, "problem": problem, "decides": asker.decides, "hours": open.claimHours,
                "waits": open.claimHours > 0,
                "unjudged": unjudged > 0 ? "\(unjudged) more are judged once some of these are decided." : nil,
                "count": Self.count(swaps.count + claims.count + open.giveaways.count + leave.count),
                "mend": notice == .away && asker.decides ? "/planning?way=mend" : nil,
                "decided": decidedValues, "hasDecided": !decidedValues.isEmpty,
                "leave": leave.map(leaveValues), "hasLeave": !leave.isEmpty,
                "swaps": swaps.map(swapValues), "hasSwaps": !swaps.isEmpty,
                "claims": claims.map(claimValues), "hasClaims": !claims.isEmpty,
                "giveaways": open.giveaways.map(giveawayValues), "hasGiveaways": !open.giveaways.isEmpty,
            ]), stylesheets: ["week.css", "edit.css", "library.css", "requests.css"])
    }

    private static func count(_ number: Int) -> String {
        number == 0 ? "Nothing is open" : number == 1 ? "1 is open" : "\(number) are open"
    }

    private func sees(_ shift: Shift) -> Bool { asker.maySee(shift.operator, board.problem) }

    // MARK: Each

    private static let mostDecided = 25

    /// What became of what they may see.
    private var decidedValues: [[String: Any]] {
        let seen = decided.filter { asker.role != .reader && asker.maySee($0.operator, board.problem) }
        return seen.prefix(Self.mostDecided).map { one in
            let wish =
                switch one.kind {
                case .swap: "a swap of \(place(one))"
                case .giveaway: "giving away \(place(one))"
                case .claim: place(one)
                case .leave: "being away, \(AbsenceWords.when(one.during, in: zone))"
                }
            return .present([
                "text": "\(name(one.operator)): \(wish)", "isGranted": one.state == .granted,
                "state": one.state == .granted ? "granted" : "not granted", "by": one.by,
                "at": RequestWords.moment(one.at, in: zone), "words": one.words.isEmpty ? nil : one.words,
            ])
        }
    }

    private func place(_ one: DecidedRequest) -> String {
        one.queue.map { place(Shift(queue: $0, operator: one.operator, during: one.during)) }
            ?? DayText.times(one.during, in: zone)
    }

    private func leaveValues(_ request: LeaveRequestRepository.Request) -> [String: Any] {
        let (absence, reference) = (request.absence, RequestReference.leave(request.number))
        var values = common(reference, request.madeAt, absence.reason, absence.operator, true)
        values["text"] = "\(name(absence.operator)) asks to be away: \(AbsenceWords.when(absence.during, in: zone))"
        let isDecider = asker.decidesLeave(of: absence.operator, board.problem)
        if isDecider {
            values["refuse"] = "/requests/\(reference.text)/refuse"
            values["withdraw"] = nil
        }
        guard let impact = impacts[request.number] else { return values }
        values["impact"] = ImpactWords(impact, in: zone).values
        values["grant"] =
            ["address": "/requests/\(reference.text)/grant", "seen": impact.fingerprint] as [String: Any]
        return values
    }

    private func swapValues(_ swap: ShiftRequestRepository.Swap) -> [String: Any] {
        let other = swap.other
        var values = common(.swap(swap.id), swap.madeAt, swap.reason, swap.shift.operator, swap.stands)
        values["text"] =
            other.map { "\(name(swap.shift.operator)): \(place(swap.shift)) for \(place($0)) of \(name($0.operator))" }
            ?? "\(name(swap.shift.operator)) would swap \(place(swap.shift)) for any other"
        if other == nil, asker.decides { values["who"] = whoAddress(swap.shift) }
        guard let other, swap.stands else { return values }
        values["state"] = swapState(swap, other)
        if swap.agreedAt == nil, asker.mayAnswer(for: other.operator, board.problem) {
            values["answer"] = ["address": "/requests/\(RequestReference.swap(swap.id).text)"]
        }
        return values
    }

    /// How far it has come.
    private func swapState(_ swap: ShiftRequestRepository.Swap, _ other: Shift) -> String {
        guard let agreedAt = swap.agreedAt else {
            return "\(name(other.operator)) has not answered yet"
                + (asker.decides ? ": grant it only if you have their word." : ".")
        }
        return "\(name(other.operator)) agreed on \(RequestWords.moment(agreedAt, in: zone))"
            + (asker.decides ? "." : "; a coordinator decides.")
    }

    private func claimValues(_ claim: ShiftRequestRepository.Claim) -> [String: Any] {
        let given = open.giveaways.first { $0.id == claim.giveaway }
        var values = common(.claim(claim.number), claim.madeAt, "", claim.shift.operator, stands(claim))
        values["text"] =
            "\(name(claim.shift.operator)) would take \(place(claim.shift))"
            + (given.map { " from \(name($0.shift.operator))" } ?? "")
        values["fairness"] =
            claim.grantedLately == 0
            ? "nothing granted in the last four weeks" : "\(claim.grantedLately) granted in the last four weeks"
        guard claim.openUntil > now else { return values }
        values["state"] = "Others can ask for the same until \(RequestWords.moment(claim.openUntil, in: zone))."
        if var grant = values["grant"] as? [String: Any] {
            grant["isEarly"] = true
            values["grant"] = grant
        }
        return values
    }

    private func giveawayValues(_ giveaway: ShiftRequestRepository.Giveaway) -> [String: Any] {
        var values = common(
            .giveaway(giveaway.id), giveaway.madeAt, sees(giveaway.shift) ? giveaway.reason : "",
            giveaway.shift.operator, giveaway.stands)
        values["text"] = "\(place(giveaway.shift)), still \(name(giveaway.shift.operator))’s"
        values["claim"] = giveaway.stands ? claimForm(giveaway) : nil
        values["who"] = asker.decides && giveaway.stands ? whoAddress(giveaway.shift) : nil
        return .present(values.mapValues { $0 })
    }

    private func common(
        _ reference: RequestReference, _ madeAt: Instant, _ reason: String, _ person: Operator.ID, _ stands: Bool
    ) -> [String: Any] {
        let address = "/requests/\(reference.text)"
        let date = zone.civil(at: madeAt).date
        var values: [String: Any] = .present([
            "at": "\(DayText.short(date)), \(DayText.time(madeAt, in: zone))", "reason": reason.isEmpty ? nil : reason,
            "isGone": !stands,
            "withdraw": asker.mayAsk(for: person, board.problem) && !asker.decides ? "\(address)/withdraw" : nil,
            "refuse": asker.decides ? "\(address)/refuse" : nil,
        ])
        guard stands, let effect = effects[reference] else { return values }
        switch effect {
        case .success(let effect):
            values["effect"] = EffectWords(effect: effect, problem: board.problem).values
            if effect.refusals.isEmpty {
                values["grant"] =
                    ["address": "\(address)/grant", "needsReason": !effect.bends.isEmpty] as [String: Any]
            }
        case .failure(let refusal):
            values["cannot"] = RefusalWords(refusal, zone: zone, problem: board.problem).text.0
        }
        return values
    }

    private func whoAddress(_ shift: Shift) -> String { ShiftWish.address(of: shift, plan: nil) + "&who=1" }

    // MARK: Taking

    /// Those of whom the asker may say that they would take it.
    private func claimForm(_ giveaway: ShiftRequestRepository.Giveaway) -> [String: Any]? {
        let problem = board.problem
        guard !asker.decides, let queue = problem.queueIndex[giveaway.shift.queue],
            giveaway.shift.during.lowerBound > now
        else { return nil }
        let people = problem.operatorsOfQueue[queue].map { problem.operators[$0] }.filter { person in
            person.id != giveaway.shift.operator && asker.mayAsk(for: person.id, problem)
                && !asks(person.id, for: giveaway) && isPossible(giveaway.shift, for: person.id)
        }
        guard !people.isEmpty else { return nil }
        let sorted = people.sorted { $0.name < $1.name }.map { person in
            (person: person, isFavourite: isFavourite(giveaway.shift.during, of: person.id))
        }.placing(first: \.isFavourite)
        return [
            "shift": ShiftReference(giveaway.shift).text, "giveaway": giveaway.id,
            "people": sorted.map { entry in
                [
                    "id": entry.person.id.rawValue,
                    "name": entry.person.name + (entry.isFavourite ? " – a favourite time" : ""),
                ]
            },
        ]
    }

    private func asks(_ person: Operator.ID, for giveaway: ShiftRequestRepository.Giveaway) -> Bool {
        open.claims.contains { $0.giveaway == giveaway.id && $0.shift.operator == person }
    }

    /// Whether somebody is available then; of another week than the one that was read nobody is left out.
    private func isPossible(_ shift: Shift, for person: Operator.ID) -> Bool {
        let slots = board.problem.calendar.slots(touching: shift.during)
        guard slots.clamped(to: board.problem.calendar.period) == slots else { return true }
        return board.problem.isPossible(shift, for: person)
    }

    /// Whether it is a favourite time of somebody, as weeks are: it is looked up in the week that was read, at the same
    /// weekday and time.
    private func isFavourite(_ during: Range<Instant>, of person: Operator.ID) -> Bool {
        let start = zone.civil(at: during.lowerBound)
        let sameDay = board.monday.advanced(byDays: start.date.weekday.rawValue)
        guard let moved = zone.instants(showing: CivilMoment(date: sameDay, secondOfDay: start.secondOfDay)).first
        else {
            return false
        }
        let length = during.upperBound.seconds(since: during.lowerBound)
        return board.problem.isFavourite(moved..<moved.advanced(bySeconds: length), of: person)
    }

    // MARK: Names

    private func name(_ id: Operator.ID) -> String {
        board.problem.operatorIndex[id].map { board.problem.operators[$0].name } ?? id.rawValue
    }

    private func place(_ shift: Shift) -> String {
        let queue = board.problem.queueIndex[shift.queue].map { board.problem.queues[$0].name } ?? shift.queue.rawValue
        let date = zone.civil(at: shift.during.lowerBound).date
        return "\(queue), \(DayText.weekday(date.weekday).prefix(3)) \(DayText.short(date)) "
            + DayText.times(shift.during, in: zone)
    }
}
