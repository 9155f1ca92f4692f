package import Coverage
package import Routing

extension Instant {
    /// Monday, 2026-11-02 10:00 in New York.
    package static let mondayAtTen = Instant(secondsSince1970: 1_793_631_600)
}

/// A consortium small enough to be seen through: three libraries with two operators each; the queues `ask` and
/// `academic` by chat, `mail` by email, all open from 9 to 17 on weekdays.
package struct SmallConsortium {
    package var ask = QueueRouting(emailQueue: Queue.ID("mail"))
    package var academic = QueueRouting(emailQueue: Queue.ID("mail"))
    package var mail = QueueRouting(acceptSeconds: 600)
    package var shifts: [Shift] = []
    package var closedDates: Set<CivilDate> = []
    package var phones: [Library.ID: OpeningCalendar] = [:]

    package init() {}

    package static let libraries = ["acad", "pub", "spec"]

    package var book: DeskBook {
        DeskBook(
            queues: [
                entry("ask", .chat, "general", ask), entry("academic", .chat, "academic", academic),
                entry("mail", .email, "general", mail, answerSeconds: 4 * 3600),
            ],
            libraries: Self.libraries.map { id in
                Library(
                    id: Library.ID(id), name: "Library \(id)", kind: .public, timeZone: "America/New_York",
                    contributionHoursPerWeek: Thousandths(5), phone: "+1-410-555-\(id)")
            },
            doors: phones,
            operators: Self.libraries.flatMap { library in
                ["1", "2"].map { number in
                    Operator(
                        id: Operator.ID("\(library)-\(number)"), library: Library.ID(library),
                        name: "Operator \(library)-\(number)",
                        skills: library == "acad" ? [Skill("academic"), Skill("general")] : [Skill("general")],
                        maxHoursPerWeek: Thousandths(20), maxHoursPerDay: Thousandths(8), chatCapacity: 2)
                }
            },
            shifts: shifts)
    }

    package func calendar(closedDates: Set<CivilDate>) -> OpeningCalendar {
        OpeningCalendar(
            zone: .newYork,
            hours: [Weekday.monday, .tuesday, .wednesday, .thursday, .friday].map { day in
                OpeningCalendar.Hours(weekday: day, opens: .hour(9), closes: .hour(17))
            }, closedDates: closedDates)
    }

    private func entry(
        _ id: String, _ channel: Queue.Channel, _ skill: String, _ routing: QueueRouting, answerSeconds: Int = 30
    ) -> DeskBook.QueueEntry {
        DeskBook.QueueEntry(
            queue: Queue(
                id: Queue.ID(id), name: id, channel: channel, skill: Skill(skill), minShiftMinutes: 60,
                maxShiftMinutes: 180, answerSeconds: answerSeconds, priority: id == "academic" ? 2 : 1),
            routing: routing, calendar: calendar(closedDates: closedDates))
    }
}

extension MinuteOfDay {
    package static func hour(_ hour: Int) -> MinuteOfDay {
        MinuteOfDay(rawValue: hour * 60) ?? .startOfDay
    }
}

extension TimeZoneRules {
    package static let newYork: TimeZoneRules = {
        do { return try TimeZoneRules(identifier: "America/New_York") } catch { preconditionFailure("\(error)") }
    }()
}
