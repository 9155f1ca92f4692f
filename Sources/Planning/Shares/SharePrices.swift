/// What one unit more of each want costs, following what shares of rows give it.
///
/// The shares minimise what rows and wants cost, plus a square of what each want has too much or too little at its price
/// (block coordinate descent with pairwise steps: Lacoste-Julien and Jaggi, "On the global linear convergence of
/// Frank-Wolfe optimization variants", 2015). Prices then go on from where they are (the method of multipliers:
/// Hestenes, "Multiplier and gradient methods", 1969). Whatever the prices are, they prove a bound.
struct SharePrices: ~Copyable {
    /// For each want what one unit more costs; below zero where it is worth something.
    let now: FlatStore<Int>
    /// The prices that those of now are reckoned from.
    private let center: FlatStore<Int>
    private let target: FlatStore<Int32>
    /// What each of the first units missing costs, and how many these are; each further one costs as much as in
    /// ``farUnder``.
    private let nearUnder: FlatStore<Int>
    private let nearMost: FlatStore<Int32>
    private let farUnder: FlatStore<Int>
    /// What each unit too many costs.
    private let over: FlatStore<Int>

    /// - Parameters:
    ///   - wants: With one or two steps under the target, and one over it.
    ///   - scale: Units of prices to one of the wants' costs.
    init(_ wants: [ColumnWant], scale: Int) {
        func units(_ step: ColumnWant.Step?) -> Int { step.map { Int(($0.cost * Double(scale)).rounded()) } ?? 0 }
        target = FlatStore(wants.map { Int32($0.target) })
        nearUnder = FlatStore(wants.map { units($0.under.first) })
        nearMost = FlatStore(wants.map { $0.under.count > 1 ? Int32($0.under[0].most) : .max })
        farUnder = FlatStore(wants.map { units($0.under.last) })
        over = FlatStore(wants.map { units($0.over.last) })
        now = FlatStore(count: wants.count, repeating: 0)
        center = FlatStore(count: wants.count, repeating: 0)
    }

    /// Has prices be reckoned from others, as far as these prove anything.
    func begin(with prices: [Int]) {
        for (want, price) in prices.enumerated() { now[want] = max(-farUnder[want], min(over[want], price)) }
        goOnFromHere()
    }

    /// The price of a want that is given so much: the slope of what it costs, at the number for which that is least
    /// together with the square of what it is off.
    @inline(__always)
    func price(_ want: Int, given: Double, stiffness: Double) -> Int {
        let base = Double(center[want])
        let missing = Double(target[want]) - given
        let atTarget = base - stiffness * missing
        let near = -Double(nearUnder[want])
        if atTarget > near { return Int(min(atTarget, Double(over[want]))) }
        guard nearMost[want] < .max else { return Int(near) }
        let atMost = base - stiffness * (missing - Double(nearMost[want]))
        return Int(max(min(near, atMost), -Double(farUnder[want])))
    }

    /// Sets all prices by what is given.
    func follow(_ given: borrowing FlatStore<Double>, stiffness: Double) {
        for want in 0..<now.count { now[want] = price(want, given: given[want], stiffness: stiffness) }
    }

    /// Has prices be reckoned from where they are now.
    func goOnFromHere() { for want in 0..<now.count { center[want] = now[want] } }

    /// What the wants cost at least, each taking as many units as it likes at its price.
    var least: Int {
        var sum = 0
        for want in 0..<now.count {
            let (price, target) = (now[want], Int(target[want]))
            guard target >= 0 else {
                sum -= over[want] * target
                continue
            }
            // Within the limits of prices no want likes more than its target, and none likes the dearest units missing.
            sum -= price * target
            if nearMost[want] < .max, nearUnder[want] + price < 0 {
                sum += (nearUnder[want] + price) * min(Int(nearMost[want]), target)
            }
        }
        return sum
    }

    /// What a number of units given costs a want, without its price.
    func cost(_ want: Int, given: Double) -> Double {
        let missing = Double(target[want]) - given
        guard missing > 0 else { return -missing * Double(over[want]) }
        let near = min(missing, Double(nearMost[want]))
        return near * Double(nearUnder[want]) + (missing - near) * Double(farUnder[want])
    }
}
