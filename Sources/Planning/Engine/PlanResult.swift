package import Coverage

/// What a search found.
package struct PlanResult: Sendable {
    /// In the order in which plans are written.
    package let shifts: [Shift]
    package let cost: PlanCost
    /// How many steps were taken.
    package let steps: Int
}

/// How far a search has come.
package struct PlanProgress: Sendable {
    /// Of the budget, from 0 to 1.
    package let share: Double
    /// Of the best plan so far.
    package let cost: PlanCost
    package let steps: Int
}
