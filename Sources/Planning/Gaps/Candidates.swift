/// Those who could be placed in a gap: so few that a line holds them, chosen so that as much of it as possible could
/// be met.
struct Candidates {
    private(set) var chosen: [SlotFindings.Candidate] = []
    /// Whether there are others beside the chosen.
    private(set) var areMore = false

    /// - Parameters:
    ///   - findings: Those of the gap's slots, in order.
    ///   - firstSlot: The first of these slots.
    init(_ findings: ArraySlice<SlotFindings>, from firstSlot: Int) {
        for (slot, found) in zip(firstSlot..., findings) where !meets(slot) {
            if let best = found.candidates.first(where: { isNew($0) }) { add(best) }
        }
        for candidate in findings.flatMap(\.candidates).sorted(by: { $0.proposal.cost < $1.proposal.cost })
        where isNew(candidate) {
            add(candidate)
        }
        areMore = areMore || findings.contains { $0.free > chosen.count }
    }

    private func meets(_ slot: Int) -> Bool {
        chosen.contains { $0.proposal.slots.contains(slot) }
    }

    private func isNew(_ candidate: SlotFindings.Candidate) -> Bool {
        !chosen.contains { $0.person == candidate.person }
    }

    private mutating func add(_ candidate: SlotFindings.Candidate) {
        if chosen.count < SlotFindings.mostNames { chosen.append(candidate) } else { areMore = true }
    }
}
