/// How a search went, round by round: what is needed, beside data, seed and program, to make its plan again.
///
/// How warm a round is and when the last one ends depend on the clock in a search that is given some time. Written
/// down they depend on nothing: a search that goes by a record takes the same steps.
package struct SearchRecord: Hashable, Sendable {
    /// One round; the first ones fill the weeks.
    struct Round: Hashable, Sendable {
        /// Of the budget, when the round began: of 65,536.
        var share: Int
        /// What each week of the round did, steps or rows filled; nil where each did all that a round asks for.
        var taken: [Int]?
    }

    /// Rounds one after the other between which the share grows by the same: a search of a day has millions of
    /// rounds, but not of these.
    private struct Run: Hashable, Sendable {
        let firstNumber: Int
        var count = 1
        let firstShare: Int
        let growth: Int
        let taken: [Int]?
    }

    private var runs: [Run] = []
    /// Whether the search was cancelled, so that nothing followed its last round.
    var wasCancelled = false
    package private(set) var count = 0
    private var lastShare = 0

    package init() {}

    mutating func append(_ round: Round) { append(growth: round.share - lastShare, count: 1, taken: round.taken) }

    private mutating func append(growth: Int, count: Int, taken: [Int]?) {
        if taken == nil, let last = runs.last, last.taken == nil, last.growth == growth {
            runs[runs.count - 1].count += count
        } else {
            runs.append(
                Run(firstNumber: self.count, count: count, firstShare: lastShare + growth, growth: growth, taken: taken)
            )
        }
        self.count += count
        lastShare += growth * count
    }

    /// A round by its number from 0; nil beyond the last.
    ///
    /// - Complexity: O(log runs)
    subscript(number: Int) -> Round? {
        guard number >= 0, number < count else { return nil }
        var (low, high) = (0, runs.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].firstNumber <= number { low = middle } else { high = middle }
        }
        let run = runs[low]
        return Round(share: run.firstShare + run.growth * (number - run.firstNumber), taken: run.taken)
    }
}

extension SearchRecord: LosslessStringConvertible {
    /// By how much the share grew from round to round, equal ones counted, and after a colon what each week did where
    /// a round was cut short: `0x2,44x17,45:12/9`; a `!` at the end of a search that was cancelled.
    package var description: String {
        runs.map { run in
            let cut = run.taken.map { ":" + $0.map(String.init).joined(separator: "/") } ?? ""
            return "\(run.growth)" + (run.count == 1 ? "" : "x\(run.count)") + cut
        }.joined(separator: ",") + (wasCancelled ? "!" : "")
    }

    /// Reads ``description``; nil for what is none.
    package init?(_ text: String) {
        wasCancelled = text.hasSuffix("!")
        for item in (wasCancelled ? text.dropLast() : text[...]).split(separator: ",") {
            let halves = item.split(separator: ":", omittingEmptySubsequences: false)
            let numbers = halves[0].split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard halves.count <= 2, numbers.count <= 2, let growth = numbers[0],
                let count = numbers.count == 2 ? numbers[1] : 1, (1...Int(Int32.max)).contains(count),
                (-65_536...65_536).contains(growth), (0...65_536).contains(lastShare + growth * count),
                self.count <= Int(Int32.max)
            else { return nil }
            var taken: [Int]?
            if halves.count == 2 {
                let parts = halves[1].split(separator: "/").map { Int($0) ?? -1 }
                guard !parts.isEmpty, parts.allSatisfy({ $0 >= 0 }) else { return nil }
                taken = parts
            }
            append(growth: growth, count: count, taken: taken)
        }
        guard count > 0 else { return nil }
    }
}
