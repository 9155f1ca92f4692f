import Coverage
import Planning
import Scheduling

/// Who could take a shift, for people and for scripts.
struct RankingReport {
    private let ranking: ShiftRanking
    private let judged: JudgedPlan
    private let names: [Operator.ID: String]

    init(_ ranking: ShiftRanking, _ judged: JudgedPlan, names: [Operator.ID: String]) {
        self.ranking = ranking
        self.judged = judged
        self.names = names
    }

    // MARK: For people

    /// - Parameters:
    ///   - most: How many of those who can and of those who cannot are listed; nil lists all.
    ///   - terminal: Where the lines go.
    /// - Returns: The lines.
    func lines(most: Int?, _ terminal: Terminal) -> [String] {
        let zone = judged.inputs.zone
        let title = "\(ranking.shift.queue), \(DayText.span(ranking.shift.during, in: zone))"
        var lines = [
            terminal.styled(title, .bold)
                + "  \(judged.name) costs \(ranking.cost), times of \(zone.identifier)"
        ]
        let groups = [
            ("can take it", ranking.candidates.filter { $0.standing == .able }),
            ("are there already", ranking.candidates.filter { $0.standing == .there }),
            ("cannot", ranking.candidates.filter { $0.standing != .able && $0.standing != .there }),
        ]
        for (words, candidates) in groups where !candidates.isEmpty {
            lines += ["", terminal.styled("\(HoursText.grouped(candidates.count)) \(words)", .bold)]
            var table = TextTable([
                ("operator", .left), ("name", .left), ("library", .left), ("cost", .right), ("why", .left),
            ])
            for candidate in candidates.prefix(most ?? candidates.count) {
                table.add([
                    candidate.operator.rawValue, names[candidate.operator] ?? "", candidate.library.rawValue,
                    Self.signed(candidate.cost), why(candidate),
                ])
            }
            lines += table.lines(terminal)
            let hidden = candidates.count - (most ?? candidates.count)
            if hidden > 0 { lines.append("  and \(HoursText.grouped(hidden)) others (--all lists them)") }
        }
        return lines
    }

    private static func signed(_ cost: PlanCost) -> String { cost > .zero ? "+\(cost)" : "\(cost)" }

    /// What the change of cost is made of, or which rules stand in the way.
    private func why(_ candidate: ShiftRanking.Candidate) -> String {
        let zone = judged.inputs.zone
        if case .unable(let violations) = candidate.standing {
            var words: [String] = []
            for violation in violations {
                let text = "\(violation.name)\(ruleClass(violation)): \(violation.detail)"
                if !words.contains(text) { words.append(text) }
            }
            return words.joined(separator: "; ")
        }
        let leaves = candidate.leaves.map { "leaves \($0.queue) \(DayText.span($0.during, in: zone))" }
        let parts = PlanScore.Part.allCases.compactMap { part in
            candidate.parts[part].map { "\(part.rawValue) \(Self.signed($0))" }
        }
        return (leaves + parts).joined(separator: ", ")
    }

    /// ` (yellow)` where an override would lift the rule.
    private func ruleClass(_ violation: RuleViolation) -> String {
        guard case .rule(let name) = violation.cause,
            judged.inputs.bundle.consortium.rules[name].ruleClass == .yellow
        else { return "" }
        return " (yellow)"
    }

    // MARK: For scripts

    var summary: Summary {
        let zone = judged.inputs.zone
        return Summary(
            plan: judged.number, queueID: ranking.shift.queue.rawValue,
            startsAt: ranking.shift.during.lowerBound.text(in: zone),
            endsAt: ranking.shift.during.upperBound.text(in: zone), cost: ranking.cost.doubleValue,
            candidates: ranking.candidates.map { Line($0, zone) })
    }

    /// What `what-if --json` prints.
    struct Summary: Encodable {
        let plan: Int?
        let queueID: String
        let startsAt: String
        let endsAt: String
        let cost: Double
        let candidates: [Line]

        private enum CodingKeys: String, CodingKey {
            case queueID = "queueId"
            case plan, startsAt, endsAt, cost, candidates
        }
    }

    /// One operator.
    struct Line: Encodable {
        let operatorID: String
        let libraryID: String
        /// `able`, `there` or `unable`.
        let standing: String
        let costChange: Double
        let parts: [String: Double]
        let leaves: [Place]
        let broken: [Break]

        private enum CodingKeys: String, CodingKey {
            case operatorID = "operatorId"
            case libraryID = "libraryId"
            case standing, costChange, parts, leaves, broken
        }

        init(_ candidate: ShiftRanking.Candidate, _ zone: TimeZoneRules) {
            operatorID = candidate.operator.rawValue
            libraryID = candidate.library.rawValue
            costChange = candidate.cost.doubleValue
            parts = Dictionary(uniqueKeysWithValues: candidate.parts.map { ($0.key.rawValue, $0.value.doubleValue) })
            leaves = candidate.leaves.map { Place($0, zone) }
            switch candidate.standing {
            case .able: (standing, broken) = ("able", [])
            case .there: (standing, broken) = ("there", [])
            case .unable(let violations): (standing, broken) = ("unable", violations.map { Break($0, zone) })
            }
        }
    }

    /// A place that somebody would leave.
    struct Place: Encodable {
        let queueID: String
        let startsAt: String
        let endsAt: String

        private enum CodingKeys: String, CodingKey {
            case queueID = "queueId"
            case startsAt, endsAt
        }

        init(_ shift: Shift, _ zone: TimeZoneRules) {
            queueID = shift.queue.rawValue
            startsAt = shift.during.lowerBound.text(in: zone)
            endsAt = shift.during.upperBound.text(in: zone)
        }
    }

    /// A rule that stands in the way.
    struct Break: Encodable {
        let rule: String
        let startsAt: String
        let endsAt: String
        let explanation: String

        init(_ violation: RuleViolation, _ zone: TimeZoneRules) {
            rule = violation.name
            startsAt = violation.during.lowerBound.text(in: zone)
            endsAt = violation.during.upperBound.text(in: zone)
            explanation = violation.detail
        }
    }
}
