package import Coverage

/// What stands in the way of meeting demand.
package struct GapReason: Hashable, Sendable {
    /// The nearest obstacle to a remedy, from the strongest to the weakest; the raw value is what reports write.
    package enum Kind: String, Hashable, CaseIterable, Sendable {
        /// No operator of the consortium has the queue's skill.
        case nobodyHasSkill = "nobody_has_skill"
        /// All who have the skill are on the queue already.
        case allPlacedHere = "all_placed_here"
        /// All who have the skill and are not on the queue already are absent, at a closed library, or not available
        /// by their week.
        case nobodyAvailable = "nobody_available"
        /// All who are available are on other queues.
        case placedElsewhere = "placed_elsewhere"
        /// Those who are available and free are so for less than the queue's shortest shift.
        case stretchTooShort = "stretch_too_short"
        /// A rule about lengths, breaks or hours keeps those who are free from every stretch with the slot.
        case heldByLimit = "held_by_limit"
        /// Somebody could be placed within all rules, but no such stretch makes the plan cheaper.
        case leftForCost = "left_for_cost"
        /// Somebody could be placed within all rules, and the plan would be better for it.
        case couldBePlaced = "could_be_placed"
    }

    package let kind: Kind
    /// For a coordinator: the obstacle, then in short how all others who have the skill stand to the gap.
    package let text: String
    /// Shifts of which each alone could be added within all rules, the cheapest for the gap's first slots first; three
    /// at most, and none unless the kind says that somebody could be placed.
    package let proposals: [Shift]

    package init(kind: Kind, text: String, proposals: [Shift] = []) {
        self.kind = kind
        self.text = text
        self.proposals = proposals
    }
}
