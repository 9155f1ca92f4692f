/// The most that operators could give to some cells together.
///
/// A cell is a queue in a slot, `queue * slots + slot`. Each operator gives at most one of their slots with such a
/// cell at a time, on a day no more than the day's limit and in a week no more than the week's: a bound that no plan
/// within the rules exceeds, and the value of a minimum cut of ``CoverageNetwork``.
struct CoverageBound {
    private let problem: PlanningProblem
    private let reaches: [OperatorReach]
    private let slots: Int

    init(_ reaches: [OperatorReach], in problem: PlanningProblem) {
        self.problem = problem
        self.reaches = reaches
        slots = problem.calendar.count
    }

    /// What one operator could give.
    struct Share: Hashable {
        let person: Int
        /// Slots in which they could be in one of the cells.
        let free: Int
        /// The most of them that limits allow.
        let most: Int
        let limit: CoverageCertificate.Limit
    }

    /// The operators who could give anything.
    ///
    /// - Complexity: O(places of all operators)
    func shares(_ isMember: [Bool]) -> [Share] {
        reaches.compactMap { reach in
            let share = share(reach, isMember)
            return share.most > 0 ? share : nil
        }
    }

    func most(_ isMember: [Bool]) -> Int {
        reaches.reduce(0) { $0 + share($1, isMember).most }
    }

    private func share(_ reach: OperatorReach, _ isMember: [Bool]) -> Share {
        let calendar = problem.calendar
        var (free, exempt, byDays, total) = (0, 0, 0, 0)
        var (onDay, inWeek) = (0, 0)
        var (day, week, last) = (-1, -1, -1)
        func endDay() {
            guard onDay > 0 else { return }
            let most = min(onDay, reach.caps.onDay(day))
            inWeek += most
            byDays += most
            onDay = 0
        }
        func endWeek() {
            endDay()
            guard inWeek > 0 else { return }
            total += min(inWeek, reach.caps.inWeek(week))
            inWeek = 0
        }
        for place in reach.places where place.slot != last && isMember[place.queue * slots + place.slot] {
            last = place.slot
            free += 1
            guard !reach.caps.isExempt(place.slot) else {
                exempt += 1
                continue
            }
            if calendar.weekOfSlot[place.slot] != week {
                endWeek()
                week = calendar.weekOfSlot[place.slot]
            }
            if calendar.dayOfSlot[place.slot] != day {
                endDay()
                day = calendar.dayOfSlot[place.slot]
            }
            onDay += 1
        }
        endWeek()
        let most = total + exempt
        let limit: CoverageCertificate.Limit = most == free ? .slots : total < byDays ? .week : .day
        return Share(person: reach.person, free: free, most: most, limit: limit)
    }
}
