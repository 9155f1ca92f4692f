import Coverage
import Testing

@Suite("Rules")
struct RuleTests {
    @Test(
        "a rule stands by default in a class that it may have, with the numbers it needs there",
        arguments: Rule.Name.allCases)
    func standard(name: Rule.Name) {
        let rule = name.standard
        #expect(rule.name == name)
        #expect(name.allowedClasses.contains(rule.ruleClass))
        #expect(Set(rule.parameters.keys) == Set(name.parameters(in: rule.ruleClass)))
        // A night may begin at midnight.
        #expect(rule.parameters.allSatisfy { $0.key == .fromHour || $0.value > .zero })
    }

    @Test("what makes a placement possible is no guideline, and a wish is no wall", arguments: Rule.Name.allCases)
    func classes(name: Rule.Name) {
        let expected: [Rule.Class] =
            switch name {
            case .onePlaceAtATime: [.red]
            case .skill, .availability, .absence, .libraryClosed, .shiftLength: [.red, .yellow]
            case .minRestHours, .maxHoursPerDay, .maxHoursPerWeek, .maxLateShiftsPerWeek, .restAfterNight:
                [.red, .yellow, .green]
            case .libraryContribution, .preference, .blocksPerDay: [.green]
            }
        #expect(name.allowedClasses == expected)
    }

    @Test("a rule needs a weight as a guideline and only then", arguments: Rule.Name.allCases, Rule.Class.allCases)
    func weight(name: Rule.Name, ruleClass: Rule.Class) {
        #expect(name.parameters(in: ruleClass).contains(.weight) == (ruleClass == .green))
    }

    @Test("the rest rule says its hours in every class, in the order in which they are written")
    func rest() {
        #expect(Rule.Name.minRestHours.parameters(in: .red) == [.hours, .splitHours])
        #expect(Rule.Name.minRestHours.parameters(in: .yellow) == [.hours, .splitHours])
        #expect(Rule.Name.minRestHours.parameters(in: .green) == [.hours, .splitHours, .weight])
    }

    @Test("rules carry the names that consortium.yaml uses")
    func names() {
        #expect(
            Rule.Name.allCases.map(\.rawValue) == [
                "skill", "availability", "absence", "library_closed", "one_place_at_a_time", "shift_length",
                "min_rest_hours", "max_hours_per_day", "max_hours_per_week", "library_contribution", "preference",
                "blocks_per_day", "max_late_shifts_per_week", "rest_after_night",
            ])
    }

    @Test("a rule's number that is not given is zero")
    func missingParameter() {
        #expect(Rule(name: .preference, ruleClass: .green)[.weight] == .zero)
        #expect(Rule.Name.minRestHours.standard[.splitHours] == Thousandths(4))
    }

    @Test("a book holds each rule once: as given, the later of two, else as it stands by default")
    func book() {
        let given = [
            Rule(name: .maxHoursPerDay, ruleClass: .red),
            Rule(name: .maxHoursPerDay, ruleClass: .green, parameters: [.weight: Thousandths(5)]),
        ]
        let book = RuleBook(given)
        #expect(book[.maxHoursPerDay] == given[1])
        #expect(book[.skill] == Rule.Name.skill.standard)
        #expect(book.all.map(\.name) == Rule.Name.allCases.filter { !$0.isOptional })
        #expect(RuleBook(RuleBook().all) == RuleBook())
    }

    @Test("an optional rule is in a book only where it is given", arguments: Rule.Name.allCases)
    func optional(name: Rule.Name) {
        #expect(RuleBook().isInForce(name) == !name.isOptional)
        let book = RuleBook([name.standard])
        #expect(book.isInForce(name))
        #expect(book.all.contains(name.standard))
    }
}
