import Planning

/// A roster's outcome, as `solve` tells it.
struct RosterReport: Encodable {
    let instance: String
    let penalty: Int
    let requestsForWork: Int
    let requestsAgainstWork: Int
    let under: Int
    let over: Int
    let missing: Int
    let surplus: Int
    let limitsBroken: Int
    /// No roster has a lower penalty; absent where that was not proven.
    let lowerBound: Int?
    let steps: Int
    let seconds: Double
    let seed: Int
    let threads: Int

    init(
        _ result: RosterResult, of problem: RosterProblem, instance: String, settings: RosterEngine.Settings,
        seconds: Double
    ) {
        let score = RosterScore(of: result.roster, in: problem)
        self.instance = instance
        penalty = score.total
        requestsForWork = score.requestsForWork
        requestsAgainstWork = score.requestsAgainstWork
        under = score.under
        over = score.over
        missing = score.missing
        surplus = score.surplus
        limitsBroken = score.violations.count
        lowerBound = result.lowerBound
        steps = result.steps
        self.seconds = (seconds * 10).rounded() / 10
        seed = Int(clamping: settings.seed)
        threads = settings.threads
    }

    private var proven: String {
        guard let lowerBound else { return "  nothing proven of how low it can be" }
        if lowerBound >= penalty { return "  proven: no roster has a lower one" }
        let percent = penalty > 0 ? (Double(penalty - lowerBound) * 1000 / Double(penalty)).rounded(.up) / 10 : 0
        return "  proven: none is below \(HoursText.grouped(lowerBound)), at most \(percent) % better is possible"
    }

    /// The summary for people.
    func lines(output: String) -> [String] {
        [
            "penalty \(HoursText.grouped(penalty)), \(limitsBroken == 0 ? "no limit" : "\(limitsBroken) limits") broken",
            "  shifts wished for and not given   \(HoursText.grouped(requestsForWork))",
            "  shifts given though wished away   \(HoursText.grouped(requestsAgainstWork))",
            "  too few people                    \(HoursText.grouped(under)) (\(HoursText.grouped(missing)) people)",
            "  too many people                   \(HoursText.grouped(over)) (\(HoursText.grouped(surplus)) people)",
            proven,
            "wrote \(output) after \(HoursText.grouped(steps)) steps in \(seconds) s",
        ]
    }
}

extension RosterRefusal {
    /// For a person: what cannot be, and what would help.
    func text(in problem: RosterProblem) -> String {
        switch self {
        case .noLegalRow(let person):
            let names = RosterObstacle.all(of: person, in: problem).map(\.name)
            let remedy =
                names.isEmpty
                ? "no single limit stands in the way: several of them contradict each other"
                : "it would be there without any one of these limits: \(names.joined(separator: ", "))"
            return "there is no legal row for \(problem.people[person].id); \(remedy)"
        }
    }
}

extension RosterObstacle {
    /// As the instance's comments name it.
    fileprivate var name: String {
        switch self {
        case .shiftsOfType: "MaxShifts"
        case .mostMinutes: "MaxTotalMinutes"
        case .fewestMinutes: "MinTotalMinutes"
        case .mostConsecutiveShifts: "MaxConsecutiveShifts"
        case .fewestConsecutiveShifts: "MinConsecutiveShifts"
        case .fewestConsecutiveDaysOff: "MinConsecutiveDaysOff"
        case .weekends: "MaxWeekends"
        case .daysOff: "days off"
        }
    }
}
