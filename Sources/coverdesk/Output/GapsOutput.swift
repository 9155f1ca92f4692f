import Coverage
import Planning

/// A plan's gaps with what was asked about them.
struct GapsOutput: Sendable {
    /// `plan 7 (draft)`, or a file's name.
    let title: String
    let problem: PlanningProblem
    let gaps: [ExplainedGap]
    /// Nil where they were not asked for; else in the order of the gaps.
    let proofs: GapProofs?
    /// Nil where they were not asked for.
    let suggestions: SuggestionList?
    /// The time there was.
    let seconds: Int

    var zone: TimeZoneRules { problem.zone }

    /// For people.
    func lines(_ terminal: Terminal) -> [String] {
        var lines = [terminal.styled("\(title), times of \(zone.identifier)", .bold)]
        guard !gaps.isEmpty else { return lines + ["  no gaps"] }
        lines += table(terminal)
        lines.append("\(hours(gaps)), in \(gaps.count) stretches")
        if let proofs { lines += proofLines(proofs, terminal) }
        if let suggestions { lines += suggestionLines(suggestions, terminal) }
        return lines
    }

    private func table(_ terminal: Terminal) -> [String] {
        var table = TextTable([
            ("when", .left), ("queue", .left), ("gap", .left), ("missing", .right), ("what stands in the way", .left),
        ])
        for explained in gaps {
            let gap = explained.gap
            table.add([
                DayText.span(gap.during, in: zone), gap.queue.rawValue, gap.severity.rawValue, String(gap.missing),
                explained.reason.text,
            ])
        }
        return table.lines(terminal)
    }

    /// `critical 12 h, thin 3.5 h`.
    private func hours(_ gaps: [ExplainedGap]) -> String {
        let minutes = Dictionary(grouping: gaps, by: \.gap.severity).mapValues {
            $0.reduce(0) { $0 + $1.missingMinutes }
        }
        return "critical \(HoursText.hours(minutes: minutes[.critical] ?? 0)), "
            + "thin \(HoursText.hours(minutes: minutes[.thin] ?? 0))"
    }

    private func heading(_ gap: Gap) -> String {
        "\(DayText.span(gap.during, in: zone))  \(gap.queue)  \(gap.severity.rawValue)"
    }

    // MARK: Proofs

    private func proofLines(_ proofs: GapProofs, _ terminal: Terminal) -> [String] {
        var lines = ["", terminal.styled("What no plan could cover", .bold)]
        for (explained, proof) in zip(gaps, proofs.proofs) where proof.certificate != nil {
            lines.append("  \(heading(explained.gap))")
            lines += CertificateWords(proof, in: zone).lines.map { "    \($0)" }
        }
        for (outcome, words) in [
            (GapProof.Outcome.notProven, "a plan may cover it: people and hours would be enough"),
            (.notTried, "not tried, as \(seconds) s were over"),
        ] {
            let some = zip(gaps, proofs.proofs).filter { $1.outcome == outcome }.map(\.0)
            guard !some.isEmpty else { continue }
            lines.append("  \(some.count) stretches (\(hours(some))): \(words)")
        }
        return lines
    }

    // MARK: Suggestions

    private func suggestionLines(_ list: SuggestionList, _ terminal: Terminal) -> [String] {
        var lines = ["", terminal.styled("What would help, each on top of those before it", .bold)]
        var number = 0
        for advice in list.advice where !advice.steps.isEmpty {
            lines.append("  \(heading(gaps[advice.gap].gap))")
            for (index, step) in advice.steps.enumerated() {
                number += 1
                lines += self.lines(step, "\(number).")
                if index == 0 { advice.alternatives.forEach { lines += self.lines($0, "or") } }
            }
        }
        if number == 0 { lines.append("  nothing was found") }
        lines += leftLines(list)
        if number > 0 {
            lines.append("with all \(number) accepted the plan costs \(list.costAfter) in place of \(list.costBefore)")
        }
        return lines
    }

    private func lines(_ suggestion: Suggestion, _ mark: String) -> [String] {
        let words = SuggestionWords(suggestion, in: problem)
        let condition = suggestion.holdsAlone != false || mark == "or" ? "" : " (only with those before)"
        let indent = "    " + String(repeating: " ", count: mark.count + 1)
        return ["    \(mark) \(words.consequence)\(condition)"] + words.lines.map { indent + $0 }
    }

    private func leftLines(_ list: SuggestionList) -> [String] {
        [
            (SuggestionList.Advice.Outcome.closedBefore, "closed by the suggestions above"),
            (.nothingFound, "no move within the rules, and no exception for one shift, closes them"),
            (.notTried, "not tried: \(seconds) s were over, or there are more gaps than are tried"),
        ].compactMap { outcome, words in
            let some = list.advice.filter { $0.outcome == outcome }.map { gaps[$0.gap] }
            return some.isEmpty ? nil : "  \(some.count) stretches (\(hours(some))): \(words)"
        }
    }
}
