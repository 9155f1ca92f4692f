/// How a search went, round by round: what is needed, beside data, seed and program, to make its plan again.
///
/// How warm a round is and when the last one ends depend on the clock in a search that is given some time. Written
/// down they depend on nothing: a search that goes by a record takes the same steps.
package struct SearchRecord: Hashable, Sendable {
    /// Where a round began.
    enum Place: Hashable, Sendable {
        /// At a share of an attempt, of 65,536, as the clock would have it.
        case share(Int)
        /// With an attempt of so many steps.
        case begins(steps: Int)
        /// Where the steps taken since its attempt began have led.
        case goesOn
    }

    /// One round; the first ones fill the weeks.
    struct Round: Hashable, Sendable {
        var place: Place
        /// What each week of the round did, steps or rows filled; nil where each did all that a round asks for.
        var taken: [Int]?
    }

    /// Rounds one after the other of which the same is to be told: a search of a day has millions of rounds, but not
    /// of these.
    private struct Run: Hashable, Sendable {
        enum Course: Hashable, Sendable {
            /// The share grows by the same from round to round.
            case growing(from: Int, by: Int)
            case begins(steps: Int)
            case goesOn
        }

        let firstNumber: Int
        var count = 1
        let course: Course
        let taken: [Int]?
    }

    private var runs: [Run] = []
    /// Whether the search was cancelled, so that nothing followed its last round.
    var wasCancelled = false
    package private(set) var count = 0
    private var lastShare = 0

    package init() {}

    mutating func append(_ round: Round) {
        switch round.place {
        case .share(let share):
            let growth = share - lastShare
            append(.growing(from: share, by: growth), 1, round.taken)
        case .begins(let steps): append(.begins(steps: steps), 1, round.taken)
        case .goesOn: append(.goesOn, 1, round.taken)
        }
    }

    private mutating func append(_ course: Run.Course, _ count: Int, _ taken: [Int]?) {
        if taken == nil, let last = runs.last, last.taken == nil, goesOn(last.course, with: course) {
            runs[runs.count - 1].count += count
        } else {
            runs.append(Run(firstNumber: self.count, count: count, course: course, taken: taken))
        }
        self.count += count
        if case .growing(let first, let growth) = course { lastShare = first + growth * (count - 1) }
    }

    private func goesOn(_ last: Run.Course, with next: Run.Course) -> Bool {
        switch (last, next) {
        case (.growing(_, let growth), .growing(_, let other)): growth == other
        case (.goesOn, .goesOn): true
        default: false
        }
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
        let place: Place =
            switch run.course {
            case .growing(let first, let growth): .share(first + growth * (number - run.firstNumber))
            case .begins(let steps): .begins(steps: steps)
            case .goesOn: .goesOn
            }
        return Round(place: place, taken: run.taken)
    }
}

extension SearchRecord: LosslessStringConvertible {
    /// `@` and the steps of an attempt where one begins, `+` where one goes on, otherwise by how much the share grew
    /// from round to round; equal ones are counted, and after a colon stands what each week did where a round was cut
    /// short: `0x2,@60800,+x1400,44x17,45:12/9`; a `!` at the end of a search that was cancelled.
    package var description: String {
        runs.map { run in
            let cut = run.taken.map { ":" + $0.map(String.init).joined(separator: "/") } ?? ""
            let course =
                switch run.course {
                case .growing(_, let growth): "\(growth)"
                case .begins(let steps): "@\(steps)"
                case .goesOn: "+"
                }
            return course + (run.count == 1 ? "" : "x\(run.count)") + cut
        }.joined(separator: ",") + (wasCancelled ? "!" : "")
    }

    /// Reads ``description``; nil for what is none.
    package init?(_ text: String) {
        wasCancelled = text.hasSuffix("!")
        for item in (wasCancelled ? text.dropLast() : text[...]).split(separator: ",") {
            guard append(item) else { return nil }
        }
        guard count > 0 else { return nil }
    }

    /// Reads one run; false for what is none.
    private mutating func append(_ item: Substring) -> Bool {
        let halves = item.split(separator: ":", omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: "x", omittingEmptySubsequences: false)
        guard halves.count <= 2, parts.count <= 2, let count = parts.count == 2 ? Int(parts[1]) : 1,
            (1...Int(Int32.max)).contains(count), self.count <= Int(Int32.max),
            let course = course(of: parts[0], count)
        else { return false }
        var taken: [Int]?
        if halves.count == 2 {
            let numbers = halves[1].split(separator: "/").map { Int($0) ?? -1 }
            guard !numbers.isEmpty, numbers.allSatisfy({ $0 >= 0 }) else { return false }
            taken = numbers
        }
        append(course, count, taken)
        return true
    }

    private func course(of text: Substring, _ count: Int) -> Run.Course? {
        if text == "+" { return .goesOn }
        if text.first == "@" {
            guard let steps = Int(text.dropFirst()), (1...1 << 40).contains(steps), count == 1 else {
                return nil
            }
            return .begins(steps: steps)
        }
        guard let growth = Int(text), (-65_536...65_536).contains(growth),
            (0...65_536).contains(lastShare + growth * count)
        else { return nil }
        return .growing(from: lastShare + growth, by: growth)
    }
}
