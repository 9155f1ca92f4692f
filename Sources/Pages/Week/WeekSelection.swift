import Coverage
import HTTPTypes
import Hummingbird
import Scheduling

/// What a visitor wants to see of a week, as the address says it.
struct WeekSelection: Hashable, Sendable {
    /// The day whose hours are shown; nil is today.
    var date: CivilDate?
    var queue: Queue.ID?
    var library: Library.ID?
    var skill: Skill?
    /// A version; nil is what is published.
    var plan: Int?
    /// Which part of a day with more shifts than a page holds, from 1.
    var part = 1

    init() {}

    /// - Throws: ``PageProblem`` with the status 400 that names what is not as it must be.
    init(_ request: Request) throws(PageProblem) {
        for (name, value) in request.uri.queryParameters where !value.isEmpty {
            let text = String(value)
            switch name {
            case "date":
                guard let date = CivilDate(text) else { throw Self.unreadable("date", text, "a day like 2026-10-26") }
                self.date = date
            case "queue": queue = try Self.identifier("queue", text)
            case "library": library = try Self.identifier("library", text)
            case "skill": skill = try Self.identifier("skill", text)
            case "plan":
                guard let number = Int(text), number >= 1 else {
                    throw Self.unreadable("plan", text, "a number from 1")
                }
                plan = number
            case "part":
                guard let number = Int(text), number >= 1 else {
                    throw Self.unreadable("part", text, "a number from 1")
                }
                part = number
            default: continue
            }
        }
    }

    var source: WeekBoard.Source { plan.map { .plan($0) } ?? .published }

    private static func identifier<Subject>(
        _ name: String, _ text: String
    ) throws(PageProblem) -> Identifier<Subject> {
        guard Identifier<Subject>.isValid(text) else {
            throw unreadable(name, text, "letters, digits, dots, dashes and underscores, 64 at most")
        }
        return Identifier(text)
    }

    private static func unreadable(_ name: String, _ text: String, _ right: String) -> PageProblem {
        PageProblem(
            .badRequest, "This address cannot be read",
            "Its \(name), “\(text.prefix(40))”, should be \(right).", way: ("/week", "Go to this week"))
    }

    /// The address of a selection.
    var address: String {
        let parts = [
            date.map { "date=\($0)" }, queue.map { "queue=\($0.rawValue)" }, library.map { "library=\($0.rawValue)" },
            skill.map { "skill=\($0.rawValue)" }, plan.map { "plan=\($0)" },
            part > 1 ? "part=\(part)" : nil,
        ].compactMap { $0 }
        return parts.isEmpty ? "/week" : "/week?" + parts.joined(separator: "&")
    }

    /// The same, with the day that it is about.
    func on(_ date: CivilDate) -> WeekSelection {
        var copy = self
        copy.date = date
        return copy
    }

    /// The same but for something, from its first part on.
    func with(_ change: (inout WeekSelection) -> Void) -> WeekSelection {
        var copy = self
        copy.part = 1
        change(&copy)
        return copy
    }
}
