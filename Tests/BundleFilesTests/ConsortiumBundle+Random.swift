import Coverage
import TestSupport

extension ConsortiumBundle {
    /// A bundle in order, with texts that are hard to write, and rows in no order.
    static func random(using random: inout SplitMix64) -> ConsortiumBundle {
        let start = CivilDate(daysSince1970: 20_752 + 7 * Int.random(in: 0..<200, using: &random))
        var consortium = Consortium(
            name: random.text(), timeZone: random.zone(), slotMinutes: random.pick([5, 15, 30, 60]), startsOn: start,
            weeks: Int.random(in: 1...4, using: &random), rules: random.rules())
        consortium.name += "!"
        var bundle = ConsortiumBundle(consortium: consortium)
        bundle.libraries = (0..<5).map { random.library("lib-\($0).x_") }.shuffled(using: &random)
        bundle.operators = (0..<12).map { index in
            random.operatorOf(random.pick(bundle.libraries).id, "Op\(index)")
        }.shuffled(using: &random)
        bundle.queues = (0..<3).map { random.queue("q\($0)", slotMinutes: consortium.slotMinutes) }
        bundle.hours = bundle.queues.flatMap { random.hours(of: $0.id) }.shuffled(using: &random)
        guard let zone = try? TimeZoneRules(identifier: consortium.timeZone) else { return bundle }
        let period = consortium.period(in: zone)
        bundle.demand = bundle.queues.flatMap { queue in
            random.demand(of: queue.id, in: period, slotMinutes: consortium.slotMinutes)
        }.shuffled(using: &random)
        for person in bundle.operators {
            bundle.availability += random.availability(of: person.id)
            bundle.absences.append(random.absence(of: person.id, around: period.lowerBound))
        }
        bundle.closures = (0..<4).map { day in
            Closure(
                library: day == 0 ? nil : random.pick(bundle.libraries).id, date: start.advanced(byDays: day),
                reason: random.text())
        }
        return bundle
    }
}

extension SplitMix64 {
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &self)]
    }

    /// Text with whatever CSV and YAML trip over; never empty, as names are not.
    mutating func text() -> String {
        let pieces = [
            "a", "Straße", " ", "\"", "\"\"", ",", "\n", "\r\n", "\r", "'", ": ", " #", "- ", "{", "}", "[", "&", "\\",
            "é", "e\u{301}", "\t", "日本", "👩🏽‍🏫", "true", "0", "~", "%", "@", "`", "|", ">", "\u{85}", "\u{2028}",
            "\u{FEFF}", "=1+1",
        ]
        return "x".prefix(Int.random(in: 0...1, using: &self))
            + (0..<Int.random(in: 0...8, using: &self)).map { _ in pick(pieces) }.joined() + "z"
    }

    mutating func zone() -> String {
        pick(["America/New_York", "Europe/Berlin", "Asia/Tokyo", "Australia/Sydney", "America/Phoenix", "UTC"])
    }

    mutating func thousandths(upTo limit: Int) -> Thousandths {
        Thousandths(rawValue: Int.random(in: 0...(limit * 1000), using: &self))
    }

    mutating func rules() -> RuleBook {
        RuleBook(
            Rule.Name.allCases.filter { _ in Bool.random(using: &self) || Bool.random(using: &self) }.map { name in
                let ruleClass = pick(name.allowedClasses)
                var rule = Rule(name: name, ruleClass: ruleClass)
                for parameter in name.parameters(in: ruleClass) {
                    rule.parameters[parameter] = number(for: parameter)
                }
                if name == .restAfterNight, rule[.fromHour] == rule[.toHour] {
                    rule.parameters[.toHour] = Thousandths(24)
                }
                if let hours = rule.parameters[.hours], rule[.splitHours] > hours {
                    rule.parameters[.splitHours] = hours
                }
                return rule
            })
    }

    private mutating func number(for parameter: Rule.Parameter) -> Thousandths {
        switch parameter {
        case .shifts: Thousandths(Int.random(in: 0...99, using: &self))
        case .afterHour, .fromHour, .toHour: thousandths(upTo: 23)
        case .hours, .splitHours, .weight: thousandths(upTo: 50)
        }
    }

    mutating func library(_ id: String) -> Library {
        Library(
            id: Library.ID(id), name: text(), kind: pick(Library.Kind.allCases), timeZone: zone(),
            contributionHoursPerWeek: thousandths(upTo: 90), phone: text(), email: pick(["", "a@b.example.org"]),
            url: text())
    }

    mutating func operatorOf(_ library: Library.ID, _ id: String) -> Operator {
        Operator(
            id: Operator.ID(id), library: library, name: text(), email: pick(["", "ö@b.example.org"]),
            skills: ["academic", "general", "spanish"].filter { _ in Bool.random(using: &self) }.map { Skill($0) },
            maxHoursPerWeek: thousandths(upTo: 168), maxHoursPerDay: thousandths(upTo: 24),
            chatCapacity: Int.random(in: 1...9, using: &self))
    }

    mutating func queue(_ id: String, slotMinutes: Int) -> Queue {
        let least = slotMinutes * Int.random(in: 1...6, using: &self)
        return Queue(
            id: Queue.ID(id), name: text(), channel: pick(Queue.Channel.allCases), skill: "general",
            minShiftMinutes: least, maxShiftMinutes: least + slotMinutes * Int.random(in: 0...6, using: &self),
            answerSeconds: Int.random(in: 1...99_999, using: &self),
            answerShare: Thousandths(rawValue: Int.random(in: 1...1000, using: &self)),
            priority: Int.random(in: 1...9, using: &self))
    }

    mutating func hours(of queue: Queue.ID) -> [OpeningHours] {
        Weekday.allCases.flatMap { weekday -> [OpeningHours] in
            let times = Set((0..<4).map { _ in Int.random(in: 0...1440, using: &self) }).sorted()
                .compactMap(MinuteOfDay.init(rawValue:))
            guard times.count == 4 else { return [] }
            return [
                OpeningHours(queue: queue, weekday: weekday, opens: times[0], closes: times[1]),
                OpeningHours(queue: queue, weekday: weekday, opens: times[2], closes: times[3]),
            ]
        }
    }

    mutating func demand(of queue: Queue.ID, in period: Range<Instant>, slotMinutes: Int) -> [Demand] {
        let slots = Int(period.upperBound.seconds(since: period.lowerBound)) / 60 / slotMinutes
        let borders = Set((0..<40).map { _ in Int.random(in: 0...slots, using: &self) }).sorted()
        return zip(borders, borders.dropFirst()).map { first, next in
            let minimum = Int.random(in: 0...5, using: &self)
            let start = period.lowerBound.advanced(byMinutes: first * slotMinutes)
            let end = period.lowerBound.advanced(byMinutes: next * slotMinutes)
            return Demand(
                queue: queue, during: start..<end, minimum: minimum,
                target: minimum + Int.random(in: 0...3, using: &self))
        }
    }

    mutating func availability(of person: Operator.ID) -> [Availability] {
        (0..<5).map { row in
            let from = Int.random(in: 0..<1440, using: &self)
            return Availability(
                operator: person, weekday: pick(Weekday.allCases), from: MinuteOfDay(rawValue: from) ?? .startOfDay,
                to: MinuteOfDay(rawValue: Int.random(in: (from + 1)...1440, using: &self)) ?? .endOfDay,
                preference: row - 2)
        }
    }

    mutating func absence(of person: Operator.ID, around instant: Instant) -> Absence {
        let start = instant.advanced(bySeconds: Int64.random(in: -9_000_000...9_000_000, using: &self))
        let end = start.advanced(bySeconds: Int64.random(in: 1...9_000_000, using: &self))
        return Absence(operator: person, during: start..<end, reason: text())
    }
}

extension Identifier: ExpressibleByStringLiteral {
    /// Ids in tests are written as they are.
    package init(stringLiteral value: String) {
        self.init(value)
    }
}
