import Coverage

/// A change of some operators' rows in one week that may close a gap.
struct RevisionDraft {
    /// The new stretches of those whose rows change.
    var rows: [(person: Int, stretches: [RowStretch])]
    /// The yellow rules that have to be bent, for the first operator.
    var bent: [BentRule]
    /// Operators missing in the gap, times slots, after the change.
    var missing: Int
    /// By how much the plan's cost changes, as the week's sums have it.
    var units: Int
}

/// A yellow rule to be bent for one operator and one shift.
struct BentRule: Hashable {
    let rule: Rule.Name
    let person: Int
    /// What the permission has to hold, in slots of the calendar.
    let slots: Range<Int>
    /// Slots beyond a limit on hours, or by which a rest or a shift is too short or too long; 0 for other rules.
    let excessSlots: Int
}
