import Coverage
import HTTPTypes
import Planning
import Scheduling

/// What somebody wants of a shift, as an address or a form says it.
struct ShiftWish: Hashable, Sendable {
    /// A version; nil is what is published.
    var plan: Int?
    /// The shift as it was seen; nil for a new one.
    var seen: ShiftReference?
    var isRemoved = false
    /// Who is to have it; nil is whoever has it.
    var `operator`: Operator.ID?
    var queue: Queue.ID?
    var start: Instant?
    var end: Instant?
    /// Whether whoever has it keeps what others do not take of it.
    var keepsRest = false
    /// Whether those who could take it are to be shown.
    var asksWho = false

    /// - Throws: ``PageProblem`` with the status 400 that names what is not as it must be.
    init(_ fields: FormFields) throws(PageProblem) {
        if let text = fields.text("plan") {
            guard let number = Int(text), (1...Int(Int32.max)).contains(number) else {
                throw Self.unreadable("plan", text, "a number from 1")
            }
            plan = number
        }
        if let text = fields.text("shift") {
            guard let reference = ShiftReference(text) else {
                throw Self.unreadable("shift", text, "as a page of the week names it")
            }
            seen = reference
        }
        isRemoved = fields["do"] == "remove"
        keepsRest = fields["rest"] == "keep"
        asksWho = fields["who"] == "1"
        `operator` = try Self.identifier("operator", fields.text("operator"))
        queue = try Self.identifier("queue", fields.text("queue"))
        start = try Self.moment("start", fields.text("start"))
        end = try Self.moment("end", fields.text("end"))
        if let during = bounds, during.start >= during.end {
            throw PageProblem(
                .badRequest, "A shift ends after it begins",
                "Choose an end that is later than the start. Nothing was changed.", way: ("/week", "Go to the week"))
        }
    }

    var source: WeekBoard.Source { plan.map { .plan($0) } ?? .published }

    private var bounds: (start: Instant, end: Instant)? {
        guard let start = start ?? seen?.shift.during.lowerBound, let end = end ?? seen?.shift.during.upperBound else {
            return nil
        }
        return (start, end)
    }

    /// The time that is wanted.
    var during: Range<Instant>? {
        bounds.flatMap { $0.start < $0.end ? $0.start..<$0.end : nil }
    }

    /// The shift that is wanted; nil where it is not yet known who, where or when.
    var wanted: Shift? {
        guard !isRemoved, let queue = queue ?? seen?.shift.queue, let person = `operator` ?? seen?.shift.operator,
            let during
        else { return nil }
        return Shift(queue: queue, operator: person, during: during)
    }

    /// The change that is wanted; nil where there is none, or not all of it is known.
    var edit: ShiftEdit? {
        if let seen, isRemoved { return ShiftEdit(removed: [seen.shift]) }
        guard let wanted else { return nil }
        guard let seen else { return ShiftEdit(added: [wanted]) }
        guard wanted != seen.shift else { return nil }
        return ShiftEdit(removed: [seen.shift], added: [wanted] + rest(of: seen.shift, without: wanted))
    }

    private func rest(of shift: Shift, without taken: Shift) -> [Shift] {
        guard keepsRest, taken.operator != shift.operator else { return [] }
        return [
            shift.during
                .lowerBound..<max(shift.during.lowerBound, min(shift.during.upperBound, taken.during.lowerBound)),
            min(
                shift.during.upperBound, max(shift.during.lowerBound, taken.during.upperBound))..<shift.during
                .upperBound,
        ].filter { !$0.isEmpty }.map { Shift(queue: shift.queue, operator: shift.operator, during: $0) }
    }

    // MARK: Addresses

    /// The fields that say the same again, but for those that are nil or false.
    var fields: [(name: String, value: String)] {
        [
            ("plan", plan.map { "\($0)" }), ("shift", seen?.text), ("do", isRemoved ? "remove" : nil),
            ("operator", `operator`?.rawValue), ("queue", queue?.rawValue), ("start", start.map(MinuteText.text)),
            ("end", end.map(MinuteText.text)), ("rest", keepsRest ? "keep" : nil),
        ].compactMap { name, value in value.map { (name, $0) } }
    }

    var address: String {
        let all = fields + (asksWho ? [("who", "1")] : [])
        return "/week/shift?" + all.map { "\($0.name)=\(FormFields.encoded($0.value))" }.joined(separator: "&")
    }

    func with(_ change: (inout ShiftWish) -> Void) -> ShiftWish {
        var copy = self
        change(&copy)
        return copy
    }

    /// The address of a shift that is seen on a week.
    static func address(of shift: Shift, plan: Int?) -> String {
        "/week/shift?" + (plan.map { "plan=\($0)&" } ?? "") + "shift=\(FormFields.encoded(ShiftReference(shift).text))"
    }

    /// The address of a shift that nobody has yet.
    static func address(of gap: Gap, plan: Int?) -> String {
        "/week/shift?" + (plan.map { "plan=\($0)&" } ?? "")
            + "queue=\(gap.queue)&start=\(MinuteText.text(gap.during.lowerBound))"
            + "&end=\(MinuteText.text(gap.during.upperBound))&who=1"
    }

    // MARK: Reading

    private static func identifier<Subject>(
        _ name: String, _ text: String?
    ) throws(PageProblem) -> Identifier<Subject>? {
        guard let text else { return nil }
        guard Identifier<Subject>.isValid(text) else {
            throw unreadable(name, text, "letters, digits, dots, dashes and underscores, 64 at most")
        }
        return Identifier(text)
    }

    private static func moment(_ name: String, _ text: String?) throws(PageProblem) -> Instant? {
        guard let text else { return nil }
        guard let instant = MinuteText.instant(text) else {
            throw unreadable(name, text, "minutes since 1970, as the form sends them")
        }
        return instant
    }

    private static func unreadable(_ name: String, _ text: String, _ right: String) -> PageProblem {
        PageProblem(
            .badRequest, "This cannot be read",
            "The \(name), “\(text.prefix(60))”, should be \(right). Nothing was changed.",
            way: ("/week", "Go to this week"))
    }
}
