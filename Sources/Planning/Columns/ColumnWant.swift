/// What one row of a column program wants, and what it costs to give it less or more.
///
/// A convex, piecewise linear cost that is least, and counted as nothing, at the target.
struct ColumnWant: Sendable {
    /// Some units less or more at the same cost each.
    struct Step: Sendable {
        /// Of each unit.
        let cost: Double
        /// How many there are; infinite for the last step.
        let most: Double
    }

    let target: Int
    /// From the target down, each step dearer than the one before.
    var under: [Step]
    /// From the target up.
    var over: [Step]

    /// The least that the row costs where each unit is worth `value`: what is given, and what is missing or too much.
    func least(value: Double) -> Double {
        var sum = value * Double(target)
        for step in under where step.cost < value { sum += (step.cost - value) * step.most }
        for step in over where step.cost < -value { sum += (step.cost + value) * step.most }
        return sum
    }

    /// A value within what the last steps allow, at which something is proven.
    func within(_ value: Double) -> Double {
        min(under.last?.cost ?? 0, max(-(over.last?.cost ?? 0), value))
    }
}
