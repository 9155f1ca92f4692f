import Coverage

/// Whom a coordinator could place, and when.
struct CandidateWords {
    private let candidates: Candidates
    private let problem: PlanningProblem
    /// The gap's beginning: times on its date are told without their day.
    private let start: Instant

    init(_ candidates: Candidates, in problem: PlanningProblem, from start: Instant) {
        self.candidates = candidates
        self.problem = problem
        self.start = start
    }

    /// `pub01-02 09:00–11:00 (cost +12.00), pub02-01 Tue 00:00–02:00 (cost -3.50), …`.
    var text: String {
        let texts = candidates.chosen.map { candidate in
            let during = problem.calendar.instants(of: candidate.proposal.slots)
            let cost = candidate.proposal.cost
            return "\(problem.operators[candidate.person].id) \(time(during)) "
                + "(cost \(cost < .zero ? "" : "+")\(cost))"
        }
        return texts.joined(separator: ", ") + (candidates.areMore ? ", …" : "")
    }

    private func time(_ during: Range<Instant>) -> String {
        let (from, to) = (problem.zone.civil(at: during.lowerBound), problem.zone.civil(at: during.upperBound))
        let isMidnight = to.secondOfDay == 0 && to.date == from.date.advanced(byDays: 1)
        let end = isMidnight ? "24:00" : day(to.date, unless: from.date) + to.timeText
        let text = "\(day(from.date, unless: problem.zone.civil(at: start).date))\(from.timeText)–\(end)"
        // Where clocks go back a time comes twice: the length tells which is meant.
        let isTwice = [during.lowerBound, during.upperBound].contains { instant in
            problem.zone.instants(showing: problem.zone.civil(at: instant)).count > 1
        }
        let minutes = during.upperBound.seconds(since: during.lowerBound) / 60
        return isTwice ? "\(text), \(minutes) min" : text
    }

    private func day(_ date: CivilDate, unless known: CivilDate) -> String {
        date == known ? "" : "\(date.weekday.abbreviation) "
    }
}
