/// A person at a library who answers patrons' questions.
package struct Operator: Hashable, Sendable {
    package typealias ID = Identifier<Operator>

    package var id: ID
    package var library: Library.ID
    package var name: String
    package var email: String
    /// Sorted, without repeats.
    package var skills: [Skill]
    /// Hours from Monday to Sunday, by the consortium's calendar.
    package var maxHoursPerWeek: Thousandths
    /// Hours on one date of the consortium's calendar.
    package var maxHoursPerDay: Thousandths
    /// Chats that the operator can hold at once.
    package var chatCapacity: Int

    package init(
        id: ID, library: Library.ID, name: String, email: String = "", skills: [Skill],
        maxHoursPerWeek: Thousandths, maxHoursPerDay: Thousandths, chatCapacity: Int = 1
    ) {
        self.id = id
        self.library = library
        self.name = name
        self.email = email
        self.skills = skills
        self.maxHoursPerWeek = maxHoursPerWeek
        self.maxHoursPerDay = maxHoursPerDay
        self.chatCapacity = chatCapacity
    }
}

/// Something an operator is able to answer, and a queue asks for: `general`, `spanish`.
package typealias Skill = Identifier<SkillSubject>

/// What the id of a ``Skill`` names.
package enum SkillSubject {}

/// Hours of every week in which an operator may be placed, in the zone of the operator's library.
package struct Availability: Hashable, Sendable {
    package var `operator`: Operator.ID
    package var weekday: Weekday
    package var from: MinuteOfDay
    package var to: MinuteOfDay
    /// From -2, would rather not, to 2, would like to.
    ///
    /// Where rows overlap they add up and are cut to that range.
    package var preference: Int

    package init(operator: Operator.ID, weekday: Weekday, from: MinuteOfDay, to: MinuteOfDay, preference: Int = 0) {
        self.operator = `operator`
        self.weekday = weekday
        self.from = from
        self.to = to
        self.preference = preference
    }
}

/// A time in which an operator is away.
package struct Absence: Hashable, Sendable {
    package var `operator`: Operator.ID
    package var during: Range<Instant>
    package var reason: String

    package init(operator: Operator.ID, during: Range<Instant>, reason: String = "") {
        self.operator = `operator`
        self.during = during
        self.reason = reason
    }
}
