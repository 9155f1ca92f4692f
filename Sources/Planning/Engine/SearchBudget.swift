/// When the search stops, and how warm it is until then.
struct SearchBudget: Sendable {
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
        }
    }

    func isSpent(_ steps: Int) -> Bool { share(steps) >= 65_536 }

    func cooling(_ steps: Int) -> Cooling { Cooling(spent: share(steps)) }

    /// Whether time is over in the middle of a round; a budget of steps is shared out before.
    var isOver: Bool {
        switch budget {
        case .steps: false
        case .untilSpent: isSpent(0)
        }
    }

    /// How many steps each of some weeks takes in a round, of those that are left.
    ///
    /// A round is long enough to be worth its sums, and short enough that weeks see each other's contributions soon.
    func stepsOfRound(_ weeks: Int, operators: Int, taken: Int) -> [Int] {
        let most = max(100, min(1500, operators / 8))
        guard case .steps(let total) = budget else { return [Int](repeating: most, count: weeks) }
        var left = total - taken
        return (0..<weeks).map { _ in
            let share = min(most, max(0, left))
            left -= share
            return share
        }
    }
}
