import Coverage
import Planning
import Scheduling

/// A library's people in a week: who sits when, and how many hours that gives.
struct LibraryWeek: Sendable {
    struct Row: Sendable {
        let person: Operator
        /// Of the seven days from Monday: shifts that begin on it, by the library's clock.
        let days: [[Shift]]
        let minutes: Int
    }

    let library: Library
    let days: [CivilDate]
    /// By name.
    let rows: [Row]
    /// Shifts of the library's people, in the order in which plans are written.
    let shifts: [Shift]
    /// What is not covered and some of the library's people could take, with who and when: first what is somebody's
    /// favourite time, then as the week goes.
    let openings: [Opening]

    struct Opening: Sendable {
        let gap: Gap
        /// Those for whom it is a favourite time first, else as the gap's reason proposes them.
        let proposals: [Proposal]

        var isFavourite: Bool { proposals.contains(where: \.isFavourite) }
    }

    struct Proposal: Sendable {
        let shift: Shift
        /// Whether the person likes all of it best.
        let isFavourite: Bool
    }

    /// - Parameters:
    ///   - library: An index of the problem's.
    ///   - board: The week.
    ///   - zone: The library's clock.
    init(_ library: Int, of board: WeekBoard, in zone: TimeZoneRules) {
        let problem = board.problem
        let people = problem.operators.indices.filter { problem.libraryOfOperator[$0] == library }
            .map { problem.operators[$0] }
        let ids = Set(people.map(\.id))
        let shifts = board.shifts.filter { ids.contains($0.operator) }
        let byPerson = Dictionary(grouping: shifts, by: \.operator)
        let (monday, period) = (board.monday, board.period)
        self.library = problem.libraries[library]
        self.shifts = shifts
        days = (0..<7).map { monday.advanced(byDays: $0) }
        rows = people.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { person in
            let own = byPerson[person.id] ?? []
            var days = [[Shift]](repeating: [], count: 7)
            for shift in own {
                let start = zone.civil(at: shift.during.lowerBound).date
                days[min(6, max(0, start.daysSince1970 - monday.daysSince1970))].append(shift)
            }
            return Row(person: person, days: days, minutes: own.reduce(0) { $0 + $1.minutes(in: period) })
        }
        let openings: [Opening] = board.report.gaps.compactMap { explained in
            let own = explained.reason.proposals.filter { ids.contains($0.operator) }.map { shift in
                Proposal(shift: shift, isFavourite: problem.isFavourite(shift.during, of: shift.operator))
            }
            guard !own.isEmpty, explained.gap.during.overlaps(period) else { return nil }
            return Opening(gap: explained.gap, proposals: own.placing(first: \.isFavourite))
        }
        self.openings = openings.placing(first: \.isFavourite)
    }

    /// What the library's people work in the week.
    var minutes: Int { rows.reduce(0) { $0 + $1.minutes } }
}

extension Array {
    /// Those that are something before those that are not, and otherwise as they are.
    func placing(first isFirst: (Element) -> Bool) -> [Element] {
        filter(isFirst) + filter { !isFirst($0) }
    }
}

extension Shift {
    /// How much of it lies in a period.
    fileprivate func minutes(in period: Range<Instant>) -> Int {
        let inside = during.clamped(to: period)
        return Int(inside.upperBound.seconds(since: inside.lowerBound) / 60)
    }
}
