package import Coverage

/// Whether a gap can be closed at all, as far as that is proven.
package struct GapProof: Hashable, Sendable {
    /// What is known; the raw value is what reports write.
    package enum Outcome: String, Hashable, Sendable {
        /// No plan within the rules covers the gap beside the certificate's other demands.
        case proven
        /// None covers all of it.
        case partlyProven = "partly_proven"
        /// Counting people and their hours leaves room for a plan that covers it.
        case notProven = "not_proven"
        /// The time for proofs was over.
        case notTried = "not_tried"
    }

    package let outcome: Outcome
    /// Nil unless something is proven.
    package let certificate: CoverageCertificate?
    /// How much of what the gap lacks is proven to be out of reach while the certificate's other demands are met, in
    /// minutes of one operator.
    package let provenMinutes: Int

    static let none = GapProof(outcome: .notProven, certificate: nil, provenMinutes: 0)
    static let notTried = GapProof(outcome: .notTried, certificate: nil, provenMinutes: 0)
}

/// For each gap of a plan a certificate that no plan could cover it, where there is one.
package struct GapProofs: Sendable {
    /// In the order of the gaps.
    package let proofs: [GapProof]

    /// Looks for certificates: those of critical gaps first, then of those that lack most.
    ///
    /// - Parameters:
    ///   - gaps: Of a plan.
    ///   - shifts: The plan's.
    ///   - problem: What it is a plan for.
    ///   - isOver: Asked before each gap: whether the time for proofs is over.
    /// - Complexity: for each gap a maximum flow through the operators of its week, and as many sums over them as the
    ///   certificate needs to be made small.
    package init(
        of gaps: [ExplainedGap], in shifts: [Shift], for problem: PlanningProblem, until isOver: () -> Bool = { false }
    ) {
        var search = CertificateSearch(shifts, in: problem)
        var proofs = [GapProof](repeating: .notTried, count: gaps.count)
        let order = gaps.indices.sorted { left, right in
            ExplainedGap.isWorse(gaps[left], gaps[right]) ?? (left < right)
        }
        for index in order {
            if isOver() { break }
            proofs[index] = search.proof(of: gaps[index].gap)
        }
        self.proofs = proofs
    }
}

extension ExplainedGap {
    /// Whether one gap matters more than another: critical before thin, then what lacks most; nil where they are even.
    static func isWorse(_ left: ExplainedGap, _ right: ExplainedGap) -> Bool? {
        if left.gap.severity != right.gap.severity { return left.gap.severity == .critical }
        if left.missingMinutes != right.missingMinutes { return left.missingMinutes > right.missingMinutes }
        return nil
    }
}
