/// The only source of chance in a simulated day: the same for the same seed, on every machine.
///
/// SplitMix64 of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014).
struct DayRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to but without 1.
    mutating func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Whether something happens that does with this probability.
    mutating func happens(_ probability: Double) -> Bool {
        fraction() < probability
    }

    mutating func seconds(_ range: ClosedRange<Double>) -> Duration {
        .seconds(range.lowerBound + fraction() * (range.upperBound - range.lowerBound))
    }

    /// From half of the mean to two and a half times of it, mostly less than the mean.
    ///
    /// The mean times 0.5 + 2 f³, whose mean is one: no logarithm, so the same on every machine.
    mutating func around(_ mean: Duration) -> Duration {
        let fraction = fraction()
        return mean * (0.5 + fraction * fraction * fraction * 2)
    }
}
