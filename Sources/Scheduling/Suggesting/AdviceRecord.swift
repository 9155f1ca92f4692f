package import Coverage
import Foundation
package import Planning

/// Suggestions as they are kept, to be read and accepted later.
package struct AdviceRecord: Codable, Hashable, Sendable {
    /// A time of somebody on a queue.
    package struct ShiftRecord: Codable, Hashable, Sendable {
        package var queue: String
        package var person: String
        /// Seconds since 1970.
        package var starts: Int64
        package var ends: Int64

        init(_ shift: Shift) {
            queue = shift.queue.rawValue
            person = shift.operator.rawValue
            starts = shift.during.lowerBound.secondsSince1970
            ends = shift.during.upperBound.secondsSince1970
        }

        /// Nil where it is none.
        var shift: Shift? {
            guard starts < ends else { return nil }
            return Shift(
                queue: Queue.ID(queue), operator: Operator.ID(person),
                during: Instant(secondsSince1970: starts)..<Instant(secondsSince1970: ends))
        }
    }

    /// A rule that has to be bent for somebody for a time.
    package struct PermissionRecord: Codable, Hashable, Sendable {
        package var rule: String
        package var person: String
        package var starts: Int64
        package var ends: Int64
    }

    /// Something to be accepted.
    package struct Step: Codable, Hashable, Sendable {
        /// Counted from 1 in the record.
        package var number: Int
        package var removed: [ShiftRecord]
        package var added: [ShiftRecord]
        package var permissions: [PermissionRecord]
        /// What to do, one operator a line, with names.
        package var lines: [String]
        /// By how much the plan's cost changes; below zero it is better.
        package var costChange: Double
        /// Minutes of one operator that the gap lacks before and after.
        package var missingBefore: Int
        package var missingAfter: Int
        /// Minutes of one operator below targets that open elsewhere.
        package var openedMinutes: Int
        /// Whether it holds without the steps before it; nil where that was not tried.
        package var holdsAlone: Bool?
    }

    /// A gap with what came of it.
    package struct GapRecord: Codable, Hashable, Sendable {
        package var queue: String
        package var starts: Int64
        package var ends: Int64
        package var severity: String
        package var missing: Int
        /// What stands in the way.
        package var reason: String
        package var outcome: String
        /// Whether it is proven that no plan within the rules covers it.
        package var isProven: Bool
        /// One after the other, each on top of those before it.
        package var steps: [Step]
        /// In place of the first step.
        package var alternatives: [Step]

        package var during: Range<Instant> {
            Instant(secondsSince1970: starts)..<Instant(secondsSince1970: max(starts, ends))
        }
    }

    /// The worst first.
    package var gaps: [GapRecord]
    package var costBefore: Double
    /// With all steps accepted.
    package var costAfter: Double

    package init(_ advice: GapAdvice, on gaps: [ExplainedGap], in problem: PlanningProblem) {
        let list = advice.suggestions
        costBefore = list?.costBefore.doubleValue ?? 0
        costAfter = list?.costAfter.doubleValue ?? 0
        self.gaps = []
        var count = 0
        for entry in list?.advice ?? [] where gaps.indices.contains(entry.gap) {
            let proof = advice.proofs.proofs.indices.contains(entry.gap) ? advice.proofs.proofs[entry.gap] : nil
            self.gaps.append(
                GapRecord(
                    gaps[entry.gap], outcome: entry.outcome, isProven: proof?.outcome == .proven,
                    steps: entry.steps.map { Step($0, numbered: &count, in: problem) },
                    alternatives: entry.alternatives.map { Step($0, numbered: &count, in: problem) }))
        }
    }

    /// Reads what ``json()`` wrote; nil for what is none.
    package init?(json: String) {
        guard let record = try? JSONDecoder().decode(AdviceRecord.self, from: Data(json.utf8)) else { return nil }
        self = record
    }

    /// A JSON object.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    package func step(_ number: Int) -> Step? {
        gaps.lazy.flatMap { $0.steps + $0.alternatives }.first { $0.number == number }
    }
}

extension AdviceRecord.GapRecord {
    fileprivate init(
        _ explained: ExplainedGap, outcome: SuggestionList.Advice.Outcome, isProven: Bool, steps: [AdviceRecord.Step],
        alternatives: [AdviceRecord.Step]
    ) {
        queue = explained.gap.queue.rawValue
        starts = explained.gap.during.lowerBound.secondsSince1970
        ends = explained.gap.during.upperBound.secondsSince1970
        severity = explained.gap.severity.rawValue
        missing = explained.gap.missing
        reason = explained.reason.text
        self.outcome = outcome.rawValue
        self.isProven = isProven
        self.steps = steps
        self.alternatives = alternatives
    }
}

extension AdviceRecord.Step {
    fileprivate init(_ suggestion: Suggestion, numbered count: inout Int, in problem: PlanningProblem) {
        count += 1
        number = count
        removed = suggestion.changes.flatMap(\.removed).map(AdviceRecord.ShiftRecord.init)
        added = suggestion.changes.flatMap(\.added).map(AdviceRecord.ShiftRecord.init)
        permissions = suggestion.permissions.map { permission in
            AdviceRecord.PermissionRecord(
                rule: permission.override.rule.rawValue, person: permission.override.operator.rawValue,
                starts: permission.override.during.lowerBound.secondsSince1970,
                ends: permission.override.during.upperBound.secondsSince1970)
        }
        lines = SuggestionWords(suggestion, in: problem, for: .page).lines
        costChange = suggestion.costChange.doubleValue
        (missingBefore, missingAfter) = (suggestion.missingBefore, suggestion.missingAfter)
        openedMinutes = suggestion.openedMinutes
        holdsAlone = suggestion.holdsAlone
    }

    /// A plan with the step, in the order in which plans are written; nil where a shift that makes way is not in it.
    package func applied(to shifts: [Shift]) -> [Shift]? {
        var going = Set(removed.compactMap(\.shift))
        guard going.count == removed.count else { return nil }
        var kept: [Shift] = []
        kept.reserveCapacity(shifts.count + added.count)
        for shift in shifts where going.remove(shift) == nil { kept.append(shift) }
        guard going.isEmpty else { return nil }
        return (kept + added.compactMap(\.shift)).sorted(by: Shift.precedes)
    }

    /// The permissions that it needs.
    ///
    /// - Parameters:
    ///   - reason: Why they are given.
    ///   - author: Who gives them.
    /// - Returns: None where no rule is bent.
    package func overrides(because reason: String, by author: String) -> [RuleOverride] {
        permissions.compactMap { permission in
            guard let rule = Rule.Name(rawValue: permission.rule), permission.starts < permission.ends else {
                return nil
            }
            return RuleOverride(
                rule: rule, operator: Operator.ID(permission.person),
                during: Instant(secondsSince1970: permission.starts)..<Instant(secondsSince1970: permission.ends),
                reason: reason, approvedBy: author)
        }
    }
}
