/// A roster to be made: who works which shift type on which day.
///
/// The model of Curtois and Qu, "Computational results on new staff scheduling benchmark instances" (2014). Days are
/// counted from 0, which is a Monday; shift types and people are known by their positions.
package struct RosterProblem: Hashable, Sendable {
    /// A kind of shift that may be worked on any day.
    package struct ShiftType: Hashable, Sendable {
        package let id: String
        package let minutes: Int
        /// The types that must not be worked on the day after.
        package let neverBefore: Set<Int>

        package init(id: String, minutes: Int, neverBefore: Set<Int> = []) {
            self.id = id
            self.minutes = minutes
            self.neverBefore = neverBefore
        }
    }

    /// Somebody who works, and the limits to it.
    package struct Person: Hashable, Sendable {
        package let id: String
        /// For each shift type how often it may be worked; 0 is never.
        package var mostOfType: [Int]
        package var mostMinutes: Int
        package var fewestMinutes: Int
        package var mostConsecutiveShifts: Int
        /// Does not bind a run of shifts that touches the first or the last day.
        package var fewestConsecutiveShifts: Int
        /// Does not bind days off that touch the first or the last day.
        package var fewestConsecutiveDaysOff: Int
        /// A weekend is worked if its Saturday or its Sunday is.
        package var mostWeekends: Int
        package var daysOff: Set<Int>

        package init(
            id: String, mostOfType: [Int], minutes: (fewest: Int, most: Int), mostConsecutiveShifts: Int,
            fewestConsecutiveShifts: Int, fewestConsecutiveDaysOff: Int, mostWeekends: Int, daysOff: Set<Int> = []
        ) {
            self.id = id
            self.mostOfType = mostOfType
            mostMinutes = minutes.most
            fewestMinutes = minutes.fewest
            self.mostConsecutiveShifts = mostConsecutiveShifts
            self.fewestConsecutiveShifts = fewestConsecutiveShifts
            self.fewestConsecutiveDaysOff = fewestConsecutiveDaysOff
            self.mostWeekends = mostWeekends
            self.daysOff = daysOff
        }
    }

    /// Somebody's wish for one shift on one day, or against it.
    package struct Request: Hashable, Sendable {
        package let person: Int
        package let day: Int
        package let shift: Int
        /// What it costs not to follow it.
        package let weight: Int
        /// Whether the shift is wished for; otherwise it is wished away.
        package let isForWork: Bool

        package init(person: Int, day: Int, shift: Int, weight: Int, isForWork: Bool) {
            self.person = person
            self.day = day
            self.shift = shift
            self.weight = weight
            self.isForWork = isForWork
        }
    }

    /// How many people are wanted in a shift on a day, and what each one missing or too many costs.
    package struct Cover: Hashable, Sendable {
        package let day: Int
        package let shift: Int
        package let wanted: Int
        package let weightUnder: Int
        package let weightOver: Int

        package init(day: Int, shift: Int, wanted: Int, weightUnder: Int, weightOver: Int) {
            self.day = day
            self.shift = shift
            self.wanted = wanted
            self.weightUnder = weightUnder
            self.weightOver = weightOver
        }
    }

    package let days: Int
    package let shifts: [ShiftType]
    package let people: [Person]
    package let requests: [Request]
    /// At most one for each day and shift type.
    package let cover: [Cover]

    package init(days: Int, shifts: [ShiftType], people: [Person], requests: [Request], cover: [Cover]) {
        self.days = days
        self.shifts = shifts
        self.people = people
        self.requests = requests
        self.cover = cover
    }
}
