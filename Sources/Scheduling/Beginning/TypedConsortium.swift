package import Coverage

/// A consortium as somebody types it in who begins: names alone; the rest is what is usual, to be changed later.
package struct TypedConsortium: Hashable, Sendable {
    package var name: String
    package var timeZone: String
    /// A Monday, `2026-10-26`.
    package var startsOn: String
    package var weeks: String
    /// One name a line.
    package var libraries: String
    /// `name,email,library`, one person a line; as spreadsheets copy them, with tabs, too.
    package var people: String

    package init(
        name: String, timeZone: String, startsOn: String, weeks: String, libraries: String, people: String
    ) {
        self.name = name
        self.timeZone = timeZone
        self.startsOn = startsOn
        self.weeks = weeks
        self.libraries = libraries
        self.people = people
    }

    /// Everything that is wrong with what was typed, in whole sentences.
    package struct Faults: Error, Hashable, Sendable {
        package var sentences: [String]
    }

    /// What is wanted of everybody together: on working days from nine to five.
    enum Usual {
        static let opens = MinuteOfDay(rawValue: 9 * 60) ?? .startOfDay
        static let closes = MinuteOfDay(rawValue: 17 * 60) ?? .endOfDay
        static let days = [Weekday.monday, .tuesday, .wednesday, .thursday, .friday]
        /// On the chat queue.
        static let chat = (minimum: 1, target: 2)
        /// On the email queue.
        static let email = (minimum: 1, target: 1)

        /// Hours of service that are wanted in a week.
        static var hours: Int { (closes.rawValue - opens.rawValue) / 60 * days.count * (chat.target + email.target) }

        static let chatQueue = Queue.ID("ask")
        static let emailQueue = Queue.ID("email")
        static let skills = [Skill("general"), Skill("email")]
    }

    /// The consortium.
    ///
    /// - Throws: ``Faults``
    package func bundle() throws(Faults) -> ConsortiumBundle {
        var reading = TypedReading()
        let settings = reading.settings(of: self)
        let libraries = reading.libraries(libraries, zone: settings?.zone)
        let people = reading.people(people, of: libraries)
        guard let settings, reading.faults.isEmpty else { throw Faults(sentences: reading.faults) }
        return Self.bundle(settings.consortium, settings.zone, libraries, people)
    }

    private static func bundle(
        _ consortium: Consortium, _ zone: TimeZoneRules, _ libraries: [Library], _ people: [Operator]
    ) -> ConsortiumBundle {
        let queues = [
            Queue(
                id: Usual.chatQueue, name: "Ask a librarian", channel: .chat, skill: Usual.skills[0],
                minShiftMinutes: 60, maxShiftMinutes: 180, priority: 3),
            Queue(
                id: Usual.emailQueue, name: "Questions by email", channel: .email, skill: Usual.skills[1],
                minShiftMinutes: 60, maxShiftMinutes: 240, answerSeconds: 86_400),
        ]
        let hours = queues.flatMap { queue in
            Usual.days.map {
                OpeningHours(queue: queue.id, weekday: $0, opens: Usual.opens, closes: Usual.closes)
            }
        }
        let days = (0..<7 * consortium.weeks).map { consortium.startsOn.advanced(byDays: $0) }
            .filter { Usual.days.contains($0.weekday) }
        let demand = [(Usual.chatQueue, Usual.chat), (Usual.emailQueue, Usual.email)].flatMap { queue, wanted in
            days.map { day in
                let (start, end) = (
                    zone.firstInstant(ofDate: day, time: Usual.opens),
                    zone.firstInstant(ofDate: day, time: Usual.closes)
                )
                return Demand(queue: queue, during: start..<end, minimum: wanted.minimum, target: wanted.target)
            }
        }
        let availability = people.flatMap { person in
            Usual.days.map {
                Availability(operator: person.id, weekday: $0, from: Usual.opens, to: Usual.closes)
            }
        }
        return ConsortiumBundle(
            consortium: consortium, libraries: libraries, operators: people, queues: queues, hours: hours,
            demand: demand, availability: availability)
    }
}
