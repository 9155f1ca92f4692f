/// How even some numbers are.
package enum FairnessIndex {
    /// Jain's index, (Σx)² / (n Σx²): 1 where all are equal, 1/n where one has everything; k of n who share evenly
    /// and n − k with nothing give k/n.
    ///
    /// From Jain, Chiu and Hawe, "A Quantitative Measure of Fairness and Discrimination for Resource Allocation in
    /// Shared Computer Systems" (DEC Research Report TR-301, 1984).
    ///
    /// - Parameter values: None below zero.
    /// - Returns: Nil where there are none, or all are zero: nothing was spread.
    package static func jain(_ values: [Double]) -> Double? {
        let sum = values.reduce(0, +)
        guard sum > 0 else { return nil }
        return sum * sum / (Double(values.count) * values.reduce(0) { $0 + $1 * $1 })
    }

    /// Gini's index, Σᵢ Σⱼ |xᵢ − xⱼ| / (2 n² mean): 0 where all are equal, (n − 1)/n where one has everything.
    ///
    /// From Gini, "Variabilità e mutabilità" (1912); computed from the sorted values as
    /// Σᵢ (2i − n − 1) xᵢ / (n Σx) with i from 1, in O(n log n).
    ///
    /// - Parameter values: None below zero.
    /// - Returns: Nil where there are none, or all are zero: nothing was spread.
    package static func gini(_ values: [Double]) -> Double? {
        let sum = values.reduce(0, +)
        guard sum > 0 else { return nil }
        let count = values.count
        let weighted = values.sorted().enumerated().reduce(0) {
            $0 + Double(2 * ($1.offset + 1) - count - 1) * $1.element
        }
        return weighted / (Double(count) * sum)
    }
}
