/// The exponential function and its inverse, without a library of the system's: the same on every machine.
package enum Curve {
    /// Natural logarithm of a positive number, by the series of the inverse hyperbolic tangent.
    package static func logarithm(_ value: Double) -> Double {
        let mantissa = value.significand
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var (term, sum, divisor) = (ratio, 0.0, 1.0)
        while term > 1e-17 {
            sum += term / divisor
            term *= square
            divisor += 2
        }
        return 2 * sum + Double(value.exponent) * 0.693_147_180_559_945_3
    }

    /// By its series after halving the exponent often enough.
    package static func exponential(_ exponent: Double) -> Double {
        let reduced = exponent / 1024
        var (term, sum, count) = (1.0, 1.0, 1.0)
        while abs(term) > 1e-18 {
            term *= reduced / count
            sum += term
            count += 1
        }
        return (0..<10).reduce(sum) { value, _ in value * value }
    }
}
