/// What working a unit of minutes costs each person, in place of the limits on their minutes.
///
/// A year's row that keeps its minutes takes seconds to solve, as every sum of them must be told apart; without the
/// limits it takes some milliseconds. Charges stand for them, as prices stand for what cells want, and follow the minutes
/// that shares of rows have (``SharePrices``).
struct MinuteCharges: ~Copyable {
    /// For each person the least and the most that may be worked, in the roster's units of minutes.
    private let fewest: FlatStore<Int>
    private let most: FlatStore<Int>
    /// The charge that the next one is reckoned from.
    private let center: FlatStore<Int>
    /// At most so much, below zero too: what a unit of the cover is worth.
    private let dearest: Int
    /// How much a unit more is dearer for each that there is too much.
    let stiffness: Double

    init(_ tables: RosterTables) {
        let unit = tables.minutesPerUnit
        let people = tables.problem.people
        fewest = FlatStore(people.map { ($0.fewestMinutes + unit - 1) / unit })
        most = FlatStore(people.map { $0.mostMinutes / unit })
        center = FlatStore(count: people.count, repeating: 0)
        let longest = max(1, tables.longest)
        dearest = Int(tables.weightUnder.max() ?? 0) * tables.scale / longest
        // A shift too many moves what one costs by a fiftieth of a person missing: there are dozens too many at first.
        stiffness = Double(tables.usualWeight * tables.scale) / Double(50 * longest * longest)
    }

    /// What a unit more costs a person whose shares have so many: nothing within the limits.
    @inline(__always)
    func charge(_ person: Int, units: Double) -> Int {
        let base = Double(center[person])
        let tooMany = base + stiffness * (units - Double(most[person]))
        if tooMany > 0 { return Int(min(tooMany, Double(dearest))) }
        let tooFew = base + stiffness * (units - Double(fewest[person]))
        return tooFew < 0 ? Int(max(tooFew, -Double(dearest))) : 0
    }

    /// Has charges be reckoned from where they are now.
    func goOn(_ units: borrowing FlatStore<Double>) {
        for person in 0..<center.count { center[person] = charge(person, units: units[person]) }
    }

    /// The charges that the next ones are reckoned from.
    var all: [Int] { center.array }

    /// What a person pays at least, whatever legal row it is, at a charge.
    func least(_ person: Int, charge: Int) -> Int { charge * (charge > 0 ? most[person] : fewest[person]) }
}

extension RosterTables {
    /// The same roster with shifts that take no time, so that no limit on minutes binds.
    var withoutMinutes: RosterTables {
        let shifts = problem.shifts.map { RosterProblem.ShiftType(id: $0.id, minutes: 0, neverBefore: $0.neverBefore) }
        let people = problem.people.map { person in
            var person = person
            person.fewestMinutes = 0
            return person
        }
        return RosterTables(
            RosterProblem(
                days: days, shifts: shifts, people: people, requests: problem.requests, cover: problem.cover))
    }
}
