/// A rule of the consortium: its name, its class and its numbers.
package struct Rule: Hashable, Sendable {
    /// The rules Coverdesk knows; the raw value is what `consortium.yaml` writes.
    package enum Name: String, Hashable, CaseIterable, Sendable {
        /// The operator has the queue's skill.
        case skill
        /// Each slot lies inside one of the operator's availability rows.
        case availability
        /// No slot touches an absence.
        case absence
        /// The local date is no closure of the operator's library.
        case libraryClosed = "library_closed"
        /// No operator is in two places in one slot.
        case onePlaceAtATime = "one_place_at_a_time"
        /// Each unbroken stretch on one queue is as long as the queue allows.
        case shiftLength = "shift_length"
        /// Between two stretches lies a short break or a full rest.
        case minRestHours = "min_rest_hours"
        /// Hours on one date of the consortium's calendar.
        case maxHoursPerDay = "max_hours_per_day"
        /// Hours from Monday to Sunday by the consortium's calendar.
        case maxHoursPerWeek = "max_hours_per_week"
        /// A library's hours are as many as it promised.
        case libraryContribution = "library_contribution"
        /// Operators work when they like to.
        case preference
        /// An operator comes to the desk once a day.
        case blocksPerDay = "blocks_per_day"
        /// Only so many shifts from Monday to Sunday end late. Off unless a consortium names it.
        case maxLateShiftsPerWeek = "max_late_shifts_per_week"
        /// A shift at night is followed by a day without work. Off unless a consortium names it.
        case restAfterNight = "rest_after_night"
    }

    /// How strictly a rule is kept; the raw value is what bundles write.
    package enum Class: String, Hashable, CaseIterable, Sendable {
        /// Never broken.
        case red
        /// Bent only with a coordinator's recorded approval.
        case yellow
        /// A guideline with a weight.
        case green
    }

    /// A number that a rule needs; the raw value is the key in `consortium.yaml`.
    package enum Parameter: String, Hashable, CaseIterable, Sendable {
        /// Hours of a full rest.
        case hours
        /// Hours of the longest break inside one working day.
        case splitHours = "split_hours"
        /// Late shifts that a week may have.
        case shifts
        /// The hour of the consortium's clock after which a shift ends late.
        case afterHour = "after_hour"
        /// The hour of the consortium's clock at which night begins, and that at which it ends.
        case fromHour = "from_hour"
        case toHour = "to_hour"
        /// What breaking a green rule costs, per hour or per occurrence.
        case weight
    }

    package var name: Name
    package var ruleClass: Class
    package var parameters: [Parameter: Thousandths]

    package init(name: Name, ruleClass: Class, parameters: [Parameter: Thousandths] = [:]) {
        self.name = name
        self.ruleClass = ruleClass
        self.parameters = parameters
    }

    /// The parameter's value, or zero where the rule does not have it.
    package subscript(parameter: Parameter) -> Thousandths {
        parameters[parameter] ?? .zero
    }
}

extension Rule.Name {
    /// Whether the rule is in force only where a consortium names it.
    package var isOptional: Bool {
        switch self {
        case .maxLateShiftsPerWeek, .restAfterNight: true
        default: false
        }
    }

    /// The rule as it stands where a consortium says nothing of it; an optional one is not in force then, and this is
    /// only what it could be.
    package var standard: Rule {
        switch self {
        case .skill, .availability, .absence, .libraryClosed, .onePlaceAtATime, .shiftLength:
            Rule(name: self, ruleClass: .red)
        case .minRestHours:
            Rule(name: self, ruleClass: .yellow, parameters: [.hours: Thousandths(10), .splitHours: Thousandths(4)])
        case .maxHoursPerDay, .maxHoursPerWeek:
            Rule(name: self, ruleClass: .yellow)
        case .libraryContribution:
            Rule(name: self, ruleClass: .green, parameters: [.weight: Thousandths(20)])
        case .preference:
            Rule(name: self, ruleClass: .green, parameters: [.weight: Thousandths(2)])
        case .blocksPerDay:
            Rule(name: self, ruleClass: .green, parameters: [.weight: Thousandths(10)])
        case .maxLateShiftsPerWeek:
            Rule(name: self, ruleClass: .yellow, parameters: [.shifts: Thousandths(2), .afterHour: Thousandths(20)])
        case .restAfterNight:
            Rule(name: self, ruleClass: .yellow, parameters: [.fromHour: .zero, .toHour: Thousandths(5)])
        }
    }

    /// The classes a consortium may put the rule in.
    ///
    /// What makes a placement possible at all cannot be a guideline; what is only a wish cannot be a wall.
    package var allowedClasses: [Rule.Class] {
        switch self {
        case .skill, .availability, .absence, .libraryClosed, .shiftLength: [.red, .yellow]
        case .onePlaceAtATime: [.red]
        case .minRestHours, .maxHoursPerDay, .maxHoursPerWeek, .maxLateShiftsPerWeek, .restAfterNight:
            [.red, .yellow, .green]
        case .libraryContribution, .preference, .blocksPerDay: [.green]
        }
    }

    /// The numbers that the rule needs in a class, in the order in which they are written.
    package func parameters(in ruleClass: Rule.Class) -> [Rule.Parameter] {
        let own: [Rule.Parameter] =
            switch self {
            case .minRestHours: [.hours, .splitHours]
            case .maxLateShiftsPerWeek: [.shifts, .afterHour]
            case .restAfterNight: [.fromHour, .toHour]
            default: []
            }
        return ruleClass == .green ? own + [.weight] : own
    }
}
