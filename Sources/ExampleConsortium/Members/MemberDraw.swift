import Coverage

/// Draws an example's libraries, their operators and when these can work.
struct MemberDraw {
    private let scale: ExampleScale
    private var dice: Dice
    private var takenIDs: Set<Library.ID> = []
    private var towns: [String]
    /// How many people the next libraries lend: dealt out like cards, so that no consortium is short of large ones.
    private var sizes: [Int] = []
    /// The libraries of one town share its zone.
    private var timeZoneOfTown: [String: String] = [:]

    init(scale: ExampleScale, seed: UInt64) {
        self.scale = scale
        dice = Dice(seed: seed, topic: .members)
        towns = dice.shuffled(Names.towns)
    }

    func members() -> Members {
        var draw = self
        var members = Members()
        for (kind, count) in scale.libraries {
            for number in 0..<count {
                let library = draw.library(kind, number: number)
                members.libraries.append(library)
                for position in 1...draw.size() {
                    let pattern = draw.dice.pick(from: scale.workingPatterns)
                    let person = draw.person(number: position, of: library, pattern: pattern)
                    members.operators.append(person)
                    members.availability += draw.availability(of: person, kind: kind, pattern: pattern)
                }
            }
        }
        return members
    }

    /// A library, in a town of its own if it is a public one; of the other kinds the forms take turns.
    private mutating func library(_ kind: Library.Kind, number: Int) -> Library {
        let forms = Names.institutions.first { $0.kind == kind }?.forms ?? []
        let form = kind == .public ? dice.element(of: forms) : forms[number % forms.count]
        var town = towns[number % towns.count]
        var id = Library.ID(town.lowercased() + form.suffix)
        while !takenIDs.insert(id).inserted {
            town = dice.element(of: towns)
            id = Library.ID(town.lowercased() + form.suffix)
        }
        return Library(
            id: id, name: form.name.split(separator: "#", omittingEmptySubsequences: false).joined(separator: town),
            kind: kind, timeZone: timeZone(of: town), contributionHoursPerWeek: .zero,
            phone: "+1-29\(dice.number(below: 10))-555-01\(dice.number(below: 100).padded(to: 2))",
            email: "ask@\(id).example.org", url: "https://\(id).example.org/ask")
    }

    private mutating func size() -> Int {
        if sizes.isEmpty { sizes = dice.shuffled(scale.operatorsPerLibrary) }
        return sizes.removeLast()
    }

    private mutating func timeZone(of town: String) -> String {
        if let known = timeZoneOfTown[town] { return known }
        let name = dice.pick(from: scale.timeZones)
        timeZoneOfTown[town] = name
        return name
    }

    private mutating func person(number: Int, of library: Library, pattern: WorkingPattern) -> Operator {
        let id = Operator.ID("\(library.id)-\(number.padded(to: 2))")
        let isNight = pattern == .nights
        return Operator(
            id: id, library: library.id, name: "\(dice.element(of: Names.given)) \(dice.element(of: Names.family))",
            email: "\(id)@\(library.id).example.org", skills: skills(at: library),
            maxHoursPerWeek: Thousandths(dice.element(of: isNight ? [4, 4, 5, 6] : [2, 2, 3, 3, 3, 4, 5])),
            maxHoursPerDay: Thousandths(dice.element(of: isNight ? [3, 4] : [2, 3, 3])),
            chatCapacity: dice.element(of: [1, 2, 2, 3]))
    }

    private mutating func skills(at library: Library) -> [Skill] {
        let isScholarly = library.kind == .academic || library.kind == .special
        let isMedical = library.id.rawValue.hasSuffix("-medical")
        let shares: [(skill: String, percent: Int)] = [
            ("academic", isScholarly ? 100 : 25), ("email", 70), ("general", 100),
            ("health", isMedical ? 80 : 2), ("spanish", 10),
        ]
        return shares.filter { dice.chance(percent: $0.percent) }.map { Skill($0.skill) }
    }

    private mutating func availability(
        of person: Operator, kind: Library.Kind, pattern: WorkingPattern
    ) -> [Availability] {
        // Night hours are somebody's own; the others' differ from day to day.
        let nights = dice.element(of: [0..<4, 0..<8, 4..<10, 18..<24])
        return Weekday.allCases.flatMap { weekday -> [Availability] in
            guard dice.chance(percent: percentAtWork(on: weekday, kind: kind, pattern: pattern)) else { return [] }
            let hours = pattern == .nights ? nights : workingHours(isEvening: pattern == .evenings)
            // Before dawn on a Sunday nobody has offered to work.
            guard weekday != .sunday || hours.lowerBound > 0 else { return [] }
            var rows = [availability(person, weekday, hours, preference: 0)]
            if dice.chance(percent: 30) {
                let wish = dice.number(in: hours.lowerBound...hours.upperBound - 1)
                let length = dice.number(in: 1...min(3, hours.upperBound - wish))
                let preference = dice.element(of: [-2, -1, 1, 2])
                rows.append(availability(person, weekday, wish..<wish + length, preference: preference))
            }
            return rows
        }
    }

    private func percentAtWork(on weekday: Weekday, kind: Library.Kind, pattern: WorkingPattern) -> Int {
        switch (weekday, pattern, kind) {
        case (.saturday, .nights, _), (.sunday, .nights, _): 30
        case (.saturday, _, .public), (.sunday, _, .public): 35
        case (.saturday, _, .academic), (.sunday, _, .academic): 20
        case (.saturday, _, _), (.sunday, _, _): 8
        default: 88
        }
    }

    /// Hours of the day by the library's clock.
    private mutating func workingHours(isEvening: Bool) -> Range<Int> {
        isEvening
            ? dice.element(of: [12, 13, 14])..<dice.element(of: [20, 21, 22])
            : dice.element(of: [8, 9, 9, 10])..<dice.element(of: [16, 17, 17, 18])
    }

    private func availability(
        _ person: Operator, _ weekday: Weekday, _ hours: Range<Int>, preference: Int
    ) -> Availability {
        Availability(
            operator: person.id, weekday: weekday, from: .hour(hours.lowerBound), to: .hour(hours.upperBound),
            preference: preference)
    }
}

extension MinuteOfDay {
    /// A full hour, 0…24.
    static func hour(_ hour: Int) -> MinuteOfDay {
        MinuteOfDay(rawValue: hour * 60) ?? .endOfDay
    }
}
