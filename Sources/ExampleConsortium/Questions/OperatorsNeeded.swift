/// The fewest operators who answer a share of the questions in time, when each answers one at a time.
///
/// Erlang's waiting probability for arrivals at random and answers of random length (A. K. Erlang, 1917), by way of his
/// loss formula's recursion, which neither overflows nor loses digits.
///
/// - Parameters:
///   - load: Questions per hour times hours per answer: the operators who would be busy without a pause.
///   - patience: The time in which the share is to be answered, as a multiple of the time that an answer takes.
///   - share: From 0 to 1.
/// - Returns: 1 or more, and always more than the load.
/// - Complexity: O(load)
package func operatorsNeeded(load: Double, patience: Double, share: Double) -> Int {
    var operators = 0
    var lossProbability = 1.0
    while true {
        operators += 1
        lossProbability = load * lossProbability / (Double(operators) + load * lossProbability)
        let spare = Double(operators) - load
        guard spare > 0 else { continue }
        let waitProbability = Double(operators) * lossProbability / (spare + load * lossProbability)
        if 1 - waitProbability * exponential(-spare * patience) >= share { return operators }
    }
}
