package import Coverage

/// A change of single shifts in a plan: what goes, and what comes.
///
/// A move is one shift that goes and one that comes; so is a shift that is given to somebody else. A swap is two of each,
/// a pickup one that comes alone, and a shift that is split goes for the two parts that come.
package struct ShiftEdit: Hashable, Sendable {
    /// As whoever wants the change has seen them.
    package var removed: [Shift]
    /// Those at the place of a removed one follow it: they keep its number.
    package var added: [Shift]

    package init(removed: [Shift] = [], added: [Shift] = []) {
        self.removed = removed
        self.added = added
    }

    /// The change that takes this one back.
    package var reversed: ShiftEdit { ShiftEdit(removed: added, added: removed) }

    package var isEmpty: Bool { removed == added }

    /// From the start of the first to the end of the last of all that it touches; nil where it touches nothing.
    package var during: Range<Instant>? {
        let all = removed + added
        guard let start = all.map(\.during.lowerBound).min(), let end = all.map(\.during.upperBound).max() else {
            return nil
        }
        return start..<end
    }
}
