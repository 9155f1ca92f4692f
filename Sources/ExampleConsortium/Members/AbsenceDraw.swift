import Coverage

/// Draws who is away when: leave, half days of training, and a conference that takes many at once.
struct AbsenceDraw {
    private let seed: UInt64
    private let consortium: Consortium

    init(seed: UInt64, consortium: Consortium) {
        self.seed = seed
        self.consortium = consortium
    }

    /// One absence at most for each operator, on whole hours by the clocks of the operator's library.
    func absences(of members: Members) throws(UnknownTimeZone) -> [Absence] {
        var dice = Dice(seed: seed, topic: .absences)
        var zones: [String: TimeZoneRules] = [:]
        for name in Set(members.libraries.map(\.timeZone)) { zones[name] = try TimeZoneRules(identifier: name) }
        let zoneOfLibrary = Dictionary(members.libraries.map { ($0.id, zones[$0.timeZone]) }) { first, _ in first }
        return members.operators.compactMap { person in
            guard let zone = zoneOfLibrary[person.library] ?? nil, let time = time(&dice) else { return nil }
            let from = zone.firstInstant(ofDate: time.dates.lowerBound, time: .hour(time.fromHour))
            let to = zone.firstInstant(ofDate: time.dates.upperBound, time: .hour(time.toHour))
            return Absence(operator: person.id, during: from..<to, reason: time.reason)
        }
    }

    private struct Time {
        let dates: ClosedRange<CivilDate>
        var fromHour = 0
        var toHour = 24
        let reason: String
    }

    private func time(_ dice: inout Dice) -> Time? {
        let last = consortium.dates.upperBound.advanced(byDays: -1)
        let first = consortium.startsOn.advanced(byDays: dice.number(below: 7 * consortium.weeks))
        let days = dice.number(in: 1...5)
        switch dice.number(below: 100) {
        case ..<20:
            return Time(dates: first...min(last, first.advanced(byDays: days - 1)), reason: "leave")
        case ..<26:
            return Time(dates: first...first, fromHour: 13, toHour: 17, reason: "staff training")
        case ..<38 where consortium.weeks > 1:
            let wednesday = consortium.startsOn.advanced(byDays: 9)
            return Time(dates: wednesday...wednesday.advanced(byDays: 2), reason: "library conference")
        default:
            return nil
        }
    }
}
