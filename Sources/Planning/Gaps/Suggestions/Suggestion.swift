package import Coverage

/// What would close a gap, or some of it, tried on the plan: some operators' shifts change, and for one of them a
/// yellow rule may have to be bent, or two.
package struct Suggestion: Hashable, Sendable {
    /// Shifts of one operator that make way for others.
    package struct Change: Hashable, Sendable {
        package let `operator`: Operator.ID
        /// Shifts of the plan that are not in the new one, by start.
        package let removed: [Shift]
        /// Shifts of the new plan that were not in it, by start.
        package let added: [Shift]

        package init(operator: Operator.ID, removed: [Shift], added: [Shift]) {
            self.operator = `operator`
            self.removed = removed
            self.added = added
        }
    }

    /// What a coordinator would have to permit.
    package struct Permission: Hashable, Sendable {
        /// By nobody yet: the coordinator's name is missing.
        package let override: RuleOverride
        /// Minutes beyond a limit on hours, missing to a full rest, or by which a shift is too long or too short; 0
        /// where the rule has no number.
        package let excessMinutes: Int

        package init(override: RuleOverride, excessMinutes: Int) {
            self.override = override
            self.excessMinutes = excessMinutes
        }
    }

    /// The gap that is meant.
    package let gap: Gap
    /// Who comes first, then whose places are taken, one after the other.
    package let changes: [Change]
    /// For the first operator; none where the change keeps all rules.
    package let permissions: [Permission]
    /// By how much the plan's cost changes, both plans scored from scratch.
    package let costChange: PlanCost
    /// Minutes of one operator that the gap lacked before, and lacks after.
    package let missingBefore: Int
    package let missingAfter: Int
    /// Minutes of one operator below targets that open elsewhere.
    package let openedMinutes: Int
    /// Whether it also holds on the plan as it is, without the suggestions before it; nil where the plan is so large
    /// that this was not tried.
    package let holdsAlone: Bool?

    package init(
        gap: Gap, changes: [Change], permissions: [Permission], costChange: PlanCost, missingBefore: Int,
        missingAfter: Int, openedMinutes: Int, holdsAlone: Bool?
    ) {
        self.gap = gap
        self.changes = changes
        self.permissions = permissions
        self.costChange = costChange
        self.missingBefore = missingBefore
        self.missingAfter = missingAfter
        self.openedMinutes = openedMinutes
        self.holdsAlone = holdsAlone
    }

    package var closesGap: Bool { missingAfter == 0 }

    /// The plan with the suggestion; nil where a shift that would change is not in it.
    package func applied(to shifts: [Shift]) -> [Shift]? {
        Self.apply(changes, to: shifts)
    }

    /// A plan with changes, in the order in which plans are written; nil where a shift that makes way is not in it.
    ///
    /// The order matters where a plan breaks rules: of two shifts at a time the later one is the one that breaks them.
    static func apply(_ changes: [Change], to shifts: [Shift]) -> [Shift]? {
        var removed: [Operator.ID: Set<Shift>] = [:]
        for change in changes { removed[change.operator, default: []].formUnion(change.removed) }
        var kept: [Shift] = []
        kept.reserveCapacity(shifts.count)
        for shift in shifts where removed[shift.operator]?.remove(shift) == nil { kept.append(shift) }
        guard removed.values.allSatisfy(\.isEmpty) else { return nil }
        return (kept + changes.flatMap(\.added)).sorted(by: Shift.precedes)
    }
}
