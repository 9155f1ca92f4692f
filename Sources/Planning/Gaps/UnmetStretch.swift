import Coverage

/// Neighbouring cells of one queue that lack as many, of one severity, for one reason.
///
/// One reason means the same kind and, where limits hold people, the same limits. How many are away, where the others
/// are placed and who is named may change from slot to slot: the text then says `2 to 4` and names who is concerned
/// for most of the stretch. A coordinator reads one line for a night on which nobody is available, not one an hour
/// because one person more is absent from midnight on.
struct UnmetStretch {
    let queue: Int
    let severity: Gap.Severity
    let missing: Int
    let kind: GapReason.Kind
    private(set) var cells: Range<Int>

    private let limits: Set<OperatorStanding.Limit>

    /// All stretches: each cell lies in one for each severity that it has.
    static func all(_ unmet: UnmetDemand, _ findings: [SlotFindings]) -> [UnmetStretch] {
        Gap.Severity.allCases.flatMap { severity in
            var stretches: [UnmetStretch] = []
            for number in unmet.cells.indices {
                let cell = unmet.cells[number]
                let missing = severity == .critical ? cell.critical : cell.thin
                guard missing > 0 else { continue }
                let next = UnmetStretch(cell, number, severity, missing: missing, findings[number])
                if let last = stretches.indices.last, stretches[last].continues(into: next, unmet) {
                    stretches[last].cells = stretches[last].cells.lowerBound..<number + 1
                } else {
                    stretches.append(next)
                }
            }
            return stretches
        }
    }

    private init(
        _ cell: UnmetDemand.Cell, _ number: Int, _ severity: Gap.Severity, missing: Int, _ findings: SlotFindings
    ) {
        queue = cell.queue
        self.severity = severity
        self.missing = missing
        kind = findings.kind
        limits = kind == .heldByLimit ? findings.limits : []
        cells = number..<number + 1
    }

    private func continues(into next: UnmetStretch, _ unmet: UnmetDemand) -> Bool {
        queue == next.queue && missing == next.missing && kind == next.kind && limits == next.limits
            && unmet.cells[cells.upperBound - 1].slot + 1 == unmet.cells[next.cells.lowerBound].slot
    }
}

extension UnmetDemand {
    /// The slots of cells that are neighbours in one queue.
    func slots(of range: Range<Int>) -> Range<Int> {
        let first = cells[range.lowerBound].slot
        return first..<first + range.count
    }
}
