/// Where a search stands among its phases: it makes a whole attempt, then another, as long as its budget lasts.
///
/// An attempt of some hundred steps a row finds a plan near the best; one that takes longer hardly finds a better one,
/// and another finds another (iterated local search: Lourenço, Martin and Stützle 2003). Those after the first begin
/// with prices, at the best plan so far. The steps that are left are shared out evenly, so that the last attempt comes
/// to its end, too; a budget that is too small for one is gone through by its share.
struct SearchAttempts {
    /// Where a round begins.
    struct Place {
        /// Of the phases that an attempt goes through, of 65,536; what ``SearchPhase`` is told.
        let share: Int
        /// Whether another attempt begins.
        let isAnother: Bool
        let noted: SearchRecord.Place

        /// That of rounds which belong to no phase.
        static var beforeAll: Place { Place(share: 0, isAnother: false, noted: .share(0)) }
    }

    /// Steps that an attempt takes for each operator and week.
    private static let stepsOfRow = 400

    private let steps: Int
    /// Whether the first attempt is an eighth of the budget at most, for a search that may stop early.
    private let isHasty: Bool
    private var current: Attempt?

    private struct Attempt {
        let from: Int
        let length: Int
        let firstShare: Int
        /// Of the budget: the last attempt ends with it, however fast the steps are.
        let shareBefore: Int
        let shareLength: Int?

        func place(after steps: Int) -> Int {
            let done = Double(steps - from) / Double(max(1, length))
            return firstShare + Int(min(1, done) * Double(65_536 - firstShare))
        }

        func place(at share: Int) -> Int {
            guard let shareLength else { return 0 }
            return firstShare + min(65_536, (share - shareBefore) * 65_536 / max(1, shareLength))
                * (65_536 - firstShare) / 65_536
        }
    }

    /// - Parameters:
    ///   - rows: Operators times weeks.
    ///   - isHasty: Whether the search may stop before its budget is spent.
    init(rows: Int, isHasty: Bool) {
        steps = max(1, rows) * Self.stepsOfRow
        self.isHasty = isHasty
    }

    /// Where the next round begins.
    ///
    /// - Parameters:
    ///   - share: Of the budget that is spent, of 65,536.
    ///   - taken: Steps taken so far.
    /// - Returns: The place.
    mutating func next(_ share: Int, _ taken: Int) -> Place {
        guard let attempt = current else {
            current = Attempt(
                from: taken, length: steps, firstShare: 0, shareBefore: 0, shareLength: isHasty ? 8_192 : 65_536)
            return Place(share: 0, isAnother: false, noted: .begins(steps: steps))
        }
        let (byShare, bySteps) = (attempt.place(at: share), attempt.place(after: taken))
        let place = max(byShare, bySteps)
        guard place >= 65_536 else {
            return Place(share: place, isAnother: false, noted: byShare > bySteps ? .share(place) : .goesOn)
        }
        return another(share, taken)
    }

    private mutating func another(_ share: Int, _ taken: Int) -> Place {
        let left = Int(Double(taken) * Double(65_536 - share) / Double(max(1, share)))
        let count = (left + steps / 2) / steps
        // Too little for one more: the rows of the last are mended until the end.
        guard count > 0 else { return Place(share: 65_535, isAnother: false, noted: .share(65_535)) }
        let length = max(1, left / count)
        begin(length, taken, share, isLast: count == 1)
        return Place(share: SearchPhase.firstOfPrices, isAnother: true, noted: .begins(steps: length))
    }

    private mutating func begin(_ length: Int, _ taken: Int, _ share: Int, isLast: Bool) {
        current = Attempt(
            from: taken, length: length, firstShare: SearchPhase.firstOfPrices, shareBefore: share,
            shareLength: isLast ? 65_536 - share : nil)
    }

    /// Where a round begins that is made again.
    mutating func next(_ noted: SearchRecord.Place, _ taken: Int) -> Place {
        switch noted {
        case .share(let share): return Place(share: share, isAnother: false, noted: noted)
        case .goesOn:
            return Place(share: current?.place(after: taken) ?? 0, isAnother: false, noted: noted)
        case .begins(let length):
            let isAnother = current != nil
            if isAnother {
                begin(length, taken, 0, isLast: false)
            } else {
                current = Attempt(from: taken, length: length, firstShare: 0, shareBefore: 0, shareLength: nil)
            }
            return Place(share: isAnother ? SearchPhase.firstOfPrices : 0, isAnother: isAnother, noted: noted)
        }
    }
}
