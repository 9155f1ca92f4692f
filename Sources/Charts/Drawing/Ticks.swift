/// The lines of a scale from nought, at round numbers.
struct Ticks: Hashable, Sendable {
    /// From nought on; the last is at least the largest value.
    let values: [Int]

    /// The end of the scale: at least 1.
    var top: Int { values.last ?? 1 }

    /// Steps of 1, 2 or 5 times a power of ten, as few as make `most` steps at the most.
    init(upTo largest: Int, most: Int = 4) {
        let wanted = max(1, largest)
        var step = 1
        let factors = [2, 5, 10]
        var power = 1
        var next = 0
        while (wanted - 1) / step + 1 > most {
            step = factors[next] * power
            next += 1
            if next == factors.count {
                next = 0
                power *= 10
            }
        }
        values = (0...((wanted - 1) / step + 1)).map { $0 * step }
    }
}
