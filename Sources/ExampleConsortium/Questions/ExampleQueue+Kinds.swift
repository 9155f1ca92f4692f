import Coverage

extension ExampleQueue {
    private static let weekdays: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]
    private static let monToThu: [Weekday] = [.monday, .tuesday, .wednesday, .thursday]

    /// The queues of a valley: a chat for the day and an email desk.
    static var ofAValley: [ExampleQueue] {
        [
            ExampleQueue(
                Queue(
                    id: Queue.ID("ask"), name: "Ask a librarian", channel: .chat, skill: Skill("general"),
                    minShiftMinutes: 60, maxShiftMinutes: 180, answerSeconds: 30, priority: 3),
                open: [(monToThu, 10..<20), ([.friday], 10..<18), ([.saturday], 12..<16), ([.sunday], 13..<16)],
                questions: 130, handleSeconds: 660, rhythm: .everyday),
            email(questions: 36, hours: 10..<14),
        ]
    }

    /// The queues of a state, open around the clock, with so many times a state's questions.
    static func ofAState(questions factor: Double) -> [ExampleQueue] {
        [
            ask(questions: 1180 * factor), afterHours(questions: 135 * factor), research(questions: 430 * factor),
            spanish(questions: 92 * factor), health(questions: 18 * factor),
            email(questions: 470 * factor, hours: 9..<17),
        ]
    }

    /// A queue that begins before anybody is trained for it.
    static var vietnamesePilot: ExampleQueue {
        ExampleQueue(
            Queue(
                id: Queue.ID("vietnamese"), name: "Hỏi thủ thư (pilot)", channel: .chat, skill: Skill("vietnamese"),
                minShiftMinutes: 60, maxShiftMinutes: 120, answerSeconds: 60, priority: 1),
            open: [([.wednesday], 14..<16)], questions: 1.5, handleSeconds: 780, rhythm: .everyday,
            patrons: [.public])
    }

    private static func ask(questions: Double) -> ExampleQueue {
        ExampleQueue(
            Queue(
                id: Queue.ID("ask"), name: "Ask a librarian", channel: .chat, skill: Skill("general"),
                minShiftMinutes: 60, maxShiftMinutes: 180, answerSeconds: 30, priority: 3),
            open: [(monToThu, 9..<21), ([.friday], 9..<18), ([.saturday], 10..<17), ([.sunday], 13..<18)],
            questions: questions, handleSeconds: 690, rhythm: .everyday)
    }

    private static func afterHours(questions: Double) -> ExampleQueue {
        ExampleQueue(
            Queue(
                id: Queue.ID("after-hours"), name: "Ask after hours", channel: .chat, skill: Skill("general"),
                minShiftMinutes: 60, maxShiftMinutes: 240, answerSeconds: 60, priority: 2),
            open: [
                (weekdays, 0..<9), (monToThu, 21..<24), ([.friday], 18..<24), ([.saturday], 0..<10),
                ([.saturday], 17..<24), ([.sunday], 0..<13), ([.sunday], 18..<24),
            ],
            questions: questions, handleSeconds: 600, rhythm: .everyday)
    }

    private static func research(questions: Double) -> ExampleQueue {
        ExampleQueue(
            Queue(
                id: Queue.ID("academic"), name: "Research help", channel: .chat, skill: Skill("academic"),
                minShiftMinutes: 60, maxShiftMinutes: 180, answerSeconds: 30, priority: 2),
            open: [(monToThu, 9..<24), ([.friday], 9..<17), ([.sunday], 13..<23)],
            questions: questions, handleSeconds: 960, rhythm: .study, patrons: [.academic])
    }

    private static func spanish(questions: Double) -> ExampleQueue {
        ExampleQueue(
            Queue(
                id: Queue.ID("spanish"), name: "Pregúntele al bibliotecario", channel: .chat,
                skill: Skill("spanish"), minShiftMinutes: 60, maxShiftMinutes: 180, answerSeconds: 60, priority: 2),
            open: [(weekdays, 10..<19), ([.saturday], 10..<15)],
            questions: questions, handleSeconds: 780, rhythm: .everyday, patrons: [.public, .academic, .regional])
    }

    private static func health(questions: Double) -> ExampleQueue {
        ExampleQueue(
            Queue(
                id: Queue.ID("health"), name: "Health and medicine", channel: .chat, skill: Skill("health"),
                minShiftMinutes: 60, maxShiftMinutes: 180, answerSeconds: 180, priority: 1),
            open: [(weekdays, 10..<16)], questions: questions, handleSeconds: 1200, rhythm: .office,
            patrons: [.public, .academic, .special])
    }

    private static func email(questions: Double, hours: Range<Int>) -> ExampleQueue {
        ExampleQueue(
            Queue(
                id: Queue.ID("email"), name: "Email reference", channel: .email, skill: Skill("email"),
                minShiftMinutes: 60, maxShiftMinutes: 240, answerSeconds: 14_400,
                answerShare: Thousandths(rawValue: 900), priority: 1),
            open: [(weekdays, hours)], questions: questions, handleSeconds: 900, rhythm: .office)
    }
}
