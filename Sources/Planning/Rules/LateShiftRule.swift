import Coverage

/// Only so many stretches of an operator, from Monday to Sunday, end after an hour of the consortium's clock.
///
/// A stretch belongs to the week in which it starts; one that goes on past midnight ends late whatever the hour. A
/// break is each stretch beyond the limit.
struct LateShiftRule: RowRule {
    let name = Rule.Name.maxLateShiftsPerWeek
    let part = PlanScore.Part.maxLateShiftsPerWeek
    let obstacle = (noun: "late shifts in the week", verb: "hold")
    let request = "for one more late shift in their week"

    private let most: Int
    private let afterHour: Thousandths
    /// For each slot whether it ends after the hour.
    private let endsLate: [Bool]
    private let dayOfSlot: [Int]
    private let weekOfSlot: [Int]

    init(_ rule: Rule, _ calendar: SlotCalendar, _ clock: SlotClock) {
        most = rule[.shifts].rawValue / 1000
        afterHour = rule[.afterHour]
        endsLate = clock.minuteOfSlot.map { ($0 + calendar.slotMinutes) * 1000 > rule[.afterHour].rawValue * 60 }
        dayOfSlot = calendar.dayOfSlot
        weekOfSlot = calendar.weekOfSlot
    }

    private func isLate(_ slots: Range<Int>) -> Bool {
        endsLate[slots.upperBound - 1] || dayOfSlot[slots.lowerBound] != dayOfSlot[slots.upperBound - 1]
    }

    func check(_ row: [Stretch], isExempt: (Stretch) -> Bool, _ report: (RowBreak) -> Void) {
        var index = 0
        while index < row.count {
            let week = weekOfSlot[row[index].slots.lowerBound]
            let first = index
            var late = 0
            while index < row.count, weekOfSlot[row[index].slots.lowerBound] == week {
                if isLate(row[index].slots), !isExempt(row[index]) { late += 1 }
                index += 1
            }
            // The last of them that are planned could go.
            var beyond = late - most
            for stretch in row[first..<index].reversed() where beyond > 0 {
                guard stretch.isPlanned, isLate(stretch.slots), !isExempt(stretch) else { continue }
                report(RowBreak(stretch: stretch, number: late))
                beyond -= 1
            }
        }
    }

    func words(for broken: RowBreak) -> String {
        "one of \(broken.number) shifts of the week that end after \(afterHour) h, where at most \(most) may"
    }
}
