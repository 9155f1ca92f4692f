import Coverage

/// A stretch that touches the hours of night is followed by a day without work: the day after the one on which it ends.
///
/// A break is each stretch at night whose day of rest is worked on.
struct NightRestRule: RowRule {
    let name = Rule.Name.restAfterNight
    let part = PlanScore.Part.restAfterNight
    let obstacle = (noun: "the day of rest after a night", verb: "holds")
    let request = "to give up the day of rest after a night"

    private let hours: String
    /// For each slot whether it touches the night.
    private let isNight: [Bool]
    private let dayOfSlot: [Int]
    private let days: [CivilDate]

    init(_ rule: Rule, _ calendar: SlotCalendar, _ clock: SlotClock) {
        hours = "\(rule[.fromHour])–\(rule[.toHour]) h"
        let (from, to) = (rule[.fromHour].rawValue * 60, rule[.toHour].rawValue * 60)
        isNight = clock.minuteOfSlot.map { minute in
            let (start, end) = (minute * 1000, (minute + calendar.slotMinutes) * 1000)
            // A night over midnight is the end of one day and the beginning of another.
            return from < to ? start < to && from < end : start < to || from < end
        }
        dayOfSlot = calendar.dayOfSlot
        days = calendar.days
    }

    func check(_ row: [Stretch], isExempt: (Stretch) -> Bool, _ report: (RowBreak) -> Void) {
        for (index, night) in row.enumerated() where night.slots.contains(where: { isNight[$0] }) {
            let restDay = dayOfSlot[night.slots.upperBound - 1] + 1
            for other in row[(index + 1)...] {
                guard dayOfSlot[other.slots.lowerBound] <= restDay else { break }
                guard dayOfSlot[other.slots.upperBound - 1] >= restDay, night.isPlanned || other.isPlanned,
                    !isExempt(night), !isExempt(other)
                else { continue }
                report(RowBreak(stretch: other.isPlanned ? other : night, number: restDay))
                break
            }
        }
    }

    func words(for broken: RowBreak) -> String {
        "work on \(days[broken.number]), the day after one on which a shift at night (\(hours)) ends"
    }
}
