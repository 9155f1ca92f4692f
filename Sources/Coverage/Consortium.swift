/// The settings of a consortium: what `consortium.yaml` holds.
package struct Consortium: Hashable, Sendable {
    package typealias ID = Identifier<Consortium>

    package var name: String
    /// The IANA zone of its calendar: days, weeks and opening hours are meant in it.
    package var timeZone: String
    /// Length of the slots into which time is cut, counted in UTC from 1970: 5 to 60, a divisor of 60.
    package var slotMinutes: Int
    /// The Monday on which the planned period begins.
    package var startsOn: CivilDate
    /// Its length in weeks.
    package var weeks: Int
    package var rules: RuleBook

    package init(
        name: String, timeZone: String, slotMinutes: Int, startsOn: CivilDate, weeks: Int, rules: RuleBook = RuleBook()
    ) {
        self.name = name
        self.timeZone = timeZone
        self.slotMinutes = slotMinutes
        self.startsOn = startsOn
        self.weeks = weeks
        self.rules = rules
    }

    /// The days of the planned period, the first day after it excluded.
    package var dates: Range<CivilDate> {
        startsOn..<startsOn.advanced(byDays: 7 * weeks)
    }

    /// From the midnight that begins ``startsOn`` to the midnight that ends the last week.
    package func period(in zone: TimeZoneRules) -> Range<Instant> {
        zone.firstInstant(ofDate: dates.lowerBound)..<zone.firstInstant(ofDate: dates.upperBound)
    }
}

/// Everything needed to plan a period: what a bundle's folder holds, without its history.
package struct ConsortiumBundle: Hashable, Sendable {
    package var consortium: Consortium
    package var libraries: [Library]
    package var operators: [Operator]
    package var queues: [Queue]
    package var hours: [OpeningHours]
    package var demand: [Demand]
    package var availability: [Availability]
    package var absences: [Absence]
    package var closures: [Closure]
    /// How queues are routed that are not as is standard; nil says nothing of that, and what is set stays.
    package var routings: [SetRouting]?
    /// When libraries answer their telephones; nil says nothing of that, and what is set stays.
    package var libraryHours: [LibraryHours]?

    package init(
        consortium: Consortium, libraries: [Library] = [], operators: [Operator] = [], queues: [Queue] = [],
        hours: [OpeningHours] = [], demand: [Demand] = [], availability: [Availability] = [],
        absences: [Absence] = [], closures: [Closure] = [], routings: [SetRouting]? = nil,
        libraryHours: [LibraryHours]? = nil
    ) {
        self.consortium = consortium
        self.libraries = libraries
        self.operators = operators
        self.queues = queues
        self.hours = hours
        self.demand = demand
        self.availability = availability
        self.absences = absences
        self.closures = closures
        self.routings = routings
        self.libraryHours = libraryHours
    }
}
