/// When the search stops, and how warm it is until then.
struct SearchBudget: Sendable {
    /// Cheap moves that count as one step.
    static let movesOfStep = 100

    private let budget: PlanningEngine.Budget

    init(_ budget: PlanningEngine.Budget) {
        self.budget = budget
    }

    /// The share that is spent after so many steps, of 65,536.
    func share(_ steps: Int) -> Int {
        switch budget {
        case .steps(let most):
            return most <= 0 ? 65_536 : steps * 65_536 / most
        case .untilSpent(let share):
            let spent = share()
            // No time at all, or an unknown share of it, is spent at once.
            return spent >= 0 && spent < 1 ? Int(spent * 65_536) : 65_536
        case .replaying:
            return 0
        }
    }

    /// Where a round begins; nil where there is to be no such round.
    ///
    /// - Parameters:
    ///   - number: The round's, those that fill the weeks counted.
    ///   - steps: Those taken before.
    ///   - attempts: The search's, which follow.
    /// - Returns: The place.
    func place(ofRound number: Int, steps: Int, _ attempts: inout SearchAttempts) -> SearchAttempts.Place? {
        if case .replaying(let record) = budget {
            return record[number].map { attempts.next($0.place, steps) }
        }
        let share = share(steps)
        return share < 65_536 ? attempts.next(share, steps) : nil
    }

    /// Whether it is time that runs out, so that no two searches are the same anyway.
    var isTimed: Bool {
        if case .untilSpent = budget { return true }
        return false
    }

    var isReplay: Bool {
        if case .replaying = budget { return true }
        return false
    }

    /// Whether a search that is made again was cancelled.
    var replaysCancelled: Bool {
        guard case .replaying(let record) = budget else { return false }
        return record.wasCancelled
    }

    /// What each week did in a round that is made again; nil where it is not, or where each did all.
    func replayed(_ number: Int) -> [Int]? {
        guard case .replaying(let record) = budget else { return nil }
        return record[number]?.taken
    }

    /// Whether time is over in the middle of a round; a budget of steps is shared out before.
    var isOver: Bool {
        switch budget {
        case .steps, .replaying: false
        case .untilSpent: share(0) >= 65_536
        }
    }

    /// How many steps each of some weeks takes in a round, of those that are left.
    ///
    /// - Parameters:
    ///   - number: The round's.
    ///   - weeks: Searched in it.
    ///   - most: What the phase asks of each.
    ///   - taken: The steps before.
    /// - Returns: For each week its steps.
    func stepsOfRound(_ number: Int, weeks: Int, most: Int, taken: Int) -> [Int] {
        if let replayed = replayed(number) { return (0..<weeks).map { $0 < replayed.count ? replayed[$0] : 0 } }
        guard case .steps(let total) = budget else { return [Int](repeating: most, count: weeks) }
        // A small budget goes through all phases, too.
        let share = min(most, max(1, total / (32 * max(1, weeks))))
        var left = total - taken
        return (0..<weeks).map { _ in
            let steps = min(share, max(0, left))
            left -= steps
            return steps
        }
    }
}
