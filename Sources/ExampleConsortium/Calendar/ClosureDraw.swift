import Coverage

/// Draws when libraries lend nobody: holidays, and a staff day here and there.
struct ClosureDraw {
    private let seed: UInt64
    private let dates: Range<CivilDate>

    init(seed: UInt64, dates: Range<CivilDate>) {
        self.seed = seed
        self.dates = dates
    }

    func closures(of members: Members, on holidays: [Holiday]) -> [Closure] {
        var dice = Dice(seed: seed, topic: .closures)
        let days = (0..<dates.upperBound.daysSince1970 - dates.lowerBound.daysSince1970)
            .map(dates.lowerBound.advanced(byDays:))
        let free = days.filter { day in
            day.weekday.rawValue < 5 && !holidays.contains { $0.date == day }
        }
        let staffDays = members.libraries.compactMap { library -> Closure? in
            guard dice.chance(percent: 10), !free.isEmpty else { return nil }
            return Closure(library: library.id, date: dice.element(of: free), reason: "staff day")
        }
        return staffDays
            + holidays.flatMap { holiday -> [Closure] in
                guard !holiday.closesConsortium else {
                    return [Closure(library: nil, date: holiday.date, reason: holiday.name)]
                }
                return members.libraries.filter { holiday.kinds.contains($0.kind) }
                    .map { Closure(library: $0.id, date: holiday.date, reason: holiday.name) }
            }
    }
}
