import Coverage
import Planning

/// What `gaps --suggest --json` prints.
struct SuggestionReport: Encodable {
    let gaps: [GapLine]
    let costBefore: Double
    let costAfter: Double
    let suggestions: [AdviceLine]

    init(_ gaps: [GapLine], _ list: SuggestionList, in problem: PlanningProblem) {
        self.gaps = gaps
        costBefore = list.costBefore.doubleValue
        costAfter = list.costAfter.doubleValue
        suggestions = list.advice.map { AdviceLine($0, in: problem) }
    }

    /// What came of one gap.
    struct AdviceLine: Encodable {
        /// Its place in `gaps`, from 0.
        let gap: Int
        let outcome: String
        let steps: [SuggestionLine]
        let alternatives: [SuggestionLine]

        init(_ advice: SuggestionList.Advice, in problem: PlanningProblem) {
            gap = advice.gap
            outcome = advice.outcome.rawValue
            steps = advice.steps.map { SuggestionLine($0, in: problem) }
            alternatives = advice.alternatives.map { SuggestionLine($0, in: problem) }
        }
    }

    struct SuggestionLine: Encodable {
        let costChange: Double
        let missingMinutesBefore: Int
        let missingMinutesAfter: Int
        let openedMinutes: Int
        let holdsAlone: Bool?
        let permissions: [PermissionLine]
        let changes: [ChangeLine]
        let text: [String]

        init(_ suggestion: Suggestion, in problem: PlanningProblem) {
            costChange = suggestion.costChange.doubleValue
            missingMinutesBefore = suggestion.missingBefore
            missingMinutesAfter = suggestion.missingAfter
            openedMinutes = suggestion.openedMinutes
            holdsAlone = suggestion.holdsAlone
            permissions = suggestion.permissions.map { PermissionLine($0, zone: problem.zone) }
            changes = suggestion.changes.map { ChangeLine($0, zone: problem.zone) }
            let words = SuggestionWords(suggestion, in: problem)
            text = [words.consequence] + words.lines
        }
    }

    struct PermissionLine: Encodable {
        let rule: String
        let operatorID: String
        let startsAt: String
        let endsAt: String
        let excessMinutes: Int

        private enum CodingKeys: String, CodingKey {
            case operatorID = "operatorId"
            case rule, startsAt, endsAt, excessMinutes
        }

        init(_ permission: Suggestion.Permission, zone: TimeZoneRules) {
            rule = permission.override.rule.rawValue
            operatorID = permission.override.operator.rawValue
            startsAt = permission.override.during.lowerBound.text(in: zone)
            endsAt = permission.override.during.upperBound.text(in: zone)
            excessMinutes = permission.excessMinutes
        }
    }

    struct ChangeLine: Encodable {
        let operatorID: String
        let removed: [ShiftLine]
        let added: [ShiftLine]

        private enum CodingKeys: String, CodingKey {
            case operatorID = "operatorId"
            case removed, added
        }

        init(_ change: Suggestion.Change, zone: TimeZoneRules) {
            operatorID = change.operator.rawValue
            removed = change.removed.map { ShiftLine($0, zone: zone) }
            added = change.added.map { ShiftLine($0, zone: zone) }
        }
    }

    struct ShiftLine: Encodable {
        let queueID: String
        let startsAt: String
        let endsAt: String

        private enum CodingKeys: String, CodingKey {
            case queueID = "queueId"
            case startsAt, endsAt
        }

        init(_ shift: Shift, zone: TimeZoneRules) {
            queueID = shift.queue.rawValue
            startsAt = shift.during.lowerBound.text(in: zone)
            endsAt = shift.during.upperBound.text(in: zone)
        }
    }
}
