/// Draws that are the same on every machine for the same seed.
///
/// The generator is SplitMix64, after Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
/// The standard library's own draws from a generator may change from one of its versions to the next, and so may the
/// last digit of a platform's `exp`: neither is used.
struct Dice {
    /// What is drawn; each topic has a sequence of its own, so that one draw more in one leaves the others as they are.
    enum Topic: UInt64 {
        case members = 1, absences, closures, history
    }

    private var state: UInt64

    init(seed: UInt64, topic: Topic) {
        state = seed
        state = next() ^ (topic.rawValue &* 0xD6E8_FEB8_6659_FD93)
    }

    mutating func number(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + number(below: range.count)
    }

    /// From 0 up to but without 1.
    mutating func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func chance(percent: Int) -> Bool {
        number(below: 100) < percent
    }

    /// One of a list that is not empty.
    mutating func element<Element>(of list: [Element]) -> Element {
        list[number(below: list.count)]
    }

    /// One of several values, each as likely as its percentage says; the percentages add up to 100.
    mutating func pick<Value>(from shares: KeyValuePairs<Value, Int>) -> Value {
        var left = number(below: 100)
        for (value, percent) in shares.dropLast() {
            if left < percent { return value }
            left -= percent
        }
        return shares[shares.index(before: shares.endIndex)].key
    }

    /// After Durstenfeld, "Algorithm 235: Random permutation" (1964).
    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        var mixed = list
        for index in mixed.indices.reversed().dropLast() {
            mixed.swapAt(index, number(below: index + 1))
        }
        return mixed
    }

    /// How many of many independent events happen when `mean` are expected.
    ///
    /// Knuth's multiplication method, in parts of at most 30 so that the product stays a normal number.
    ///
    /// - Complexity: O(mean)
    mutating func poisson(mean: Double) -> Int {
        var (count, left) = (0, mean)
        while left > 0 {
            let part = min(left, 30)
            left -= part
            let limit = exponential(-part)
            var product = fraction()
            while product > limit {
                count += 1
                product *= fraction()
            }
        }
        return count
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// e to the power of a number, by additions and multiplications alone: the same bits everywhere.
func exponential(_ exponent: Double) -> Double {
    var (small, halvings) = (exponent, 0)
    while small.magnitude > 0.5 {
        small /= 2
        halvings += 1
    }
    var (sum, term) = (1.0, 1.0)
    for power in 1...16 {
        term *= small / Double(power)
        sum += term
    }
    for _ in 0..<halvings { sum *= sum }
    return sum
}
