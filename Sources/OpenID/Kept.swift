import Coverage

/// Something that was fetched, and when.
struct Kept<Value: Sendable>: Sendable {
    let value: Value
    let at: Instant

    /// Until then it is taken as it is.
    static var freshSeconds: Int64 { 3600 }
    /// Until then it is taken where no newer one can be had.
    static var usableSeconds: Int64 { 86_400 }

    func isFresh(at now: Instant) -> Bool { (0..<Self.freshSeconds).contains(now.seconds(since: at)) }
    func isUsable(at now: Instant) -> Bool { (0..<Self.usableSeconds).contains(now.seconds(since: at)) }
}
