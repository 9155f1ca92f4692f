import Planning

/// Small roster problems drawn by chance, all kinds of limits among them.
enum RandomRoster {
    static let seeds = Array(1...24)

    /// The same problem for the same seed; whether everybody has a legal row is left to chance.
    static func of(_ seed: Int) -> RosterProblem { problem(seed, days: nil, people: nil) }

    /// One so small that all rows can be written down.
    static func tiny(_ seed: Int) -> RosterProblem { problem(seed, days: 4 + seed % 5, people: 1) }

    /// Four weeks for six people with limits that everybody can keep.
    static let easy = simple(weeks: 4)

    /// Half a year for the same six people.
    static let long = simple(weeks: 26)

    private static func simple(weeks: Int) -> RosterProblem {
        let shifts = [
            RosterProblem.ShiftType(id: "E", minutes: 480), .init(id: "L", minutes: 480, neverBefore: [0]),
        ]
        let people = (0..<6).map { index in
            RosterProblem.Person(
                id: "p\(index)", mostOfType: [7 * weeks, 2 * weeks], minutes: (1800 * weeks, 2400 * weeks),
                mostConsecutiveShifts: 5, fewestConsecutiveShifts: 2, fewestConsecutiveDaysOff: 2,
                mostWeekends: weeks * 3 / 4, daysOff: [index * 3])
        }
        let cover = (0..<14 * weeks).map {
            RosterProblem.Cover(day: $0 / 2, shift: $0 % 2, wanted: 2, weightUnder: 100, weightOver: 1)
        }
        return RosterProblem(days: 7 * weeks, shifts: shifts, people: people, requests: [], cover: cover)
    }

    private static func problem(_ seed: Int, days given: Int?, people count: Int?) -> RosterProblem {
        var random = Chance(state: UInt64(seed))
        let days = given ?? [5, 7, 14, 20, 28].randomElement(using: &random) ?? 7
        let types = count == nil ? Int.random(in: 1...4, using: &random) : 2
        let shifts = (0..<types).map { type in
            RosterProblem.ShiftType(
                id: "s\(type)", minutes: [240, 480, 600].randomElement(using: &random) ?? 480,
                neverBefore: Set((0..<types).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }))
        }
        let people = (0..<(count ?? Int.random(in: 1...6, using: &random))).map {
            person("p\($0)", days: days, types: types, &random)
        }
        var requests: [RosterProblem.Request] = []
        var cover: [RosterProblem.Cover] = []
        for day in 0..<days {
            for shift in 0..<types {
                cover.append(
                    .init(
                        day: day, shift: shift, wanted: Int.random(in: 0...2, using: &random),
                        weightUnder: Int.random(in: 0...100, using: &random),
                        weightOver: Int.random(in: 0...5, using: &random)))
            }
            let weight = Int.random(in: 1...9, using: &random)
            requests.append(
                .init(
                    person: Int.random(in: 0..<people.count, using: &random), day: day,
                    shift: Int.random(in: 0..<types, using: &random), weight: weight,
                    isForWork: Bool.random(using: &random)))
        }
        return RosterProblem(days: days, shifts: shifts, people: people, requests: requests, cover: cover)
    }

    private static func person(
        _ id: String, days: Int, types: Int, _ random: inout Chance
    ) -> RosterProblem.Person {
        .init(
            id: id, mostOfType: (0..<types).map { _ in [0, 1, 2, days].randomElement(using: &random) ?? days },
            minutes: (Int.random(in: 0...days / 2, using: &random) * 240, days * 360),
            mostConsecutiveShifts: Int.random(in: 1...5, using: &random),
            fewestConsecutiveShifts: Int.random(in: 0...3, using: &random),
            fewestConsecutiveDaysOff: Int.random(in: 0...3, using: &random),
            mostWeekends: Int.random(in: 0...3, using: &random),
            daysOff: Set((0..<days).filter { _ in Int.random(in: 0..<6, using: &random) == 0 }))
    }

    /// A generator that is the same everywhere; a linear congruence of Knuth's constants is enough for tests.
    private struct Chance: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            var result: UInt64 = 0
            for _ in 0..<2 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                result = result << 32 | state >> 32
            }
            return result
        }
    }
}
