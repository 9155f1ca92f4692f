/// How much worse a move may make a plan and still be kept, as the search goes on.
///
/// Simulated annealing (Kirkpatrick, Gelatt and Vecchi, 1983) at the temperature that ``SearchPhase`` gives. All in
/// integers, so that a run is the same on every machine.
struct Cooling: Sendable {
    /// In units of cost.
    let temperature: Int

    /// How much chance changes what a slot costs while rows are recreated.
    var noise: Int { temperature / 2 }

    /// Whether a move that makes the plan dearer by so much is kept.
    func accepts(_ difference: Int, _ random: inout SeededRandom) -> Bool {
        if difference <= 0 { return true }
        guard temperature > 0 else { return false }
        // -log2 of a uniform number: its leading zeros, and a straight line for the digits after them.
        let bits = random.next()
        let zeros = bits.leadingZeroBitCount
        let digits = zeros < 47 ? Int((bits << UInt64(zeros + 1)) >> 48) : 0
        let exponential = (((zeros << 16) + 65_536 - digits) * 45_426) >> 16
        return difference <= (temperature >> 16) * exponential
    }
}
