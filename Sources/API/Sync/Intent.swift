import Coverage
import Storage

/// Something that a library did while it was away.
struct Intent: Sendable {
    enum Wish: Hashable, Sendable {
        case addAbsence(Absence)
        case declineShift(SeenShift, reason: String)
        /// Another shift in exchange; nil is anybody who can.
        case requestSwap(SeenShift, with: SeenShift?, reason: String)
    }

    /// A shift as the library saw it when it decided.
    struct SeenShift: Hashable, Sendable {
        var plan: Int
        var number: Int
        var queue: Queue.ID
        var `operator`: Operator.ID
        var during: Range<Instant>
    }

    /// A UUID in lower case.
    let id: String
    let kind: String
    /// As it was sent, without the id.
    let request: JSONValue
    /// What is wanted, or why that cannot be told.
    let wish: Result<Wish, Unclear>

    /// An intent that can never be done, so that it is answered and not sent again and again.
    struct Unclear: Error, Hashable, Sendable {
        let reason: String
    }
}

// MARK: - Reading

extension Intent {
    static let kinds = ["absence_add", "shift_decline", "swap_request"]
    private static let instant = Schema.integer(0...253_402_300_799)
    private static let number = Schema.integer(1...Int64(Int32.max))

    static let shiftSchema = Schema.named(
        "SeenShift",
        [
            .required("plan_number", number, "The plan."),
            .required("shift_number", number, "The shift in it."),
            .required("queue_id", .identifier, "Its queue."),
            .optional("library_id", .identifier, "Its operator's library."),
            .required("operator_id", .identifier, "Its operator."),
            .required("starts_at", instant, "When it begins, in seconds since 1970."),
            .required("ends_at", instant, "When it ends."),
        ])

    static let schema = Schema.named(
        "Intent",
        [
            .required("id", .text(36...36), "A UUID, which makes it have its effect once."),
            .required("kind", .choice(kinds), "What is wanted."),
            .optional("made_at", instant, "When it was done at the library, in seconds since 1970."),
            .optional("operator_id", .identifier, "Who is absent; of absence_add."),
            .optional("starts_at", instant, "From when; of absence_add."),
            .optional("ends_at", instant, "Until when; of absence_add."),
            .optional("shift", shiftSchema, "Which shift, as it was seen; of shift_decline and swap_request."),
            .optional("with", .nullable(shiftSchema), "For which one; without it, for nothing; of swap_request."),
            .optional("reason", .nullable(.text(0...500)), "Why, for people."),
        ])

    /// Reads what fits ``schema``.
    init(_ object: JSONObject) throws {
        id = try object.required("id").lowercased()
        kind = try object.required("kind")
        request = .object(JSONObject(object.members.filter { $0.name != "id" }))
        wish = Result { () throws(Unclear) in try Self.wish(object) }
    }

    static func isUUID(_ text: String) -> Bool {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let hex = Set("0123456789abcdefABCDEF".utf8)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(hex.contains) }
    }

    private static func wish(_ object: JSONObject) throws(Unclear) -> Wish {
        let reason = object["reason"]?.text ?? ""
        switch object["kind"]?.text {
        case "absence_add":
            guard let id = object["operator_id"]?.text else { throw Unclear(reason: "operator_id is missing") }
            return .addAbsence(
                Absence(operator: Operator.ID(id), during: try span(of: object), reason: reason))
        case "shift_decline":
            return .declineShift(try shift(object["shift"]), reason: reason)
        default:
            let other = object["with"]?.object == nil ? nil : try shift(object["with"])
            return .requestSwap(try shift(object["shift"]), with: other, reason: reason)
        }
    }

    private static func span(of object: JSONObject) throws(Unclear) -> Range<Instant> {
        guard let start = object["starts_at"]?.integer, let end = object["ends_at"]?.integer else {
            throw Unclear(reason: "starts_at or ends_at is missing")
        }
        guard start < end else { throw Unclear(reason: "it ends before it begins") }
        return Instant(secondsSince1970: start)..<Instant(secondsSince1970: end)
    }

    private static func shift(_ value: JSONValue?) throws(Unclear) -> SeenShift {
        guard let object = value?.object, let plan = object["plan_number"]?.integer,
            let number = object["shift_number"]?.integer, let queue = object["queue_id"]?.text,
            let id = object["operator_id"]?.text
        else { throw Unclear(reason: "the shift is missing") }
        return SeenShift(
            plan: Int(plan), number: Int(number), queue: Queue.ID(queue), operator: Operator.ID(id),
            during: try span(of: object))
    }
}

// MARK: - Judging

/// How a shift that was seen a while ago stands now.
enum ShiftStanding: Hashable, Sendable {
    /// It is as it was seen, though perhaps in a later plan.
    case same(IntentRepository.PublishedShift)
    /// It is the operator's still, at other times or on another queue.
    case differs(IntentRepository.PublishedShift)
    /// Nothing can be done with it any more, for this reason.
    case over(String)

    /// - Parameters:
    ///   - seen: The shift as it was seen.
    ///   - numbered: The published shift of the same numbers.
    ///   - overlapping: The operator's published shifts at that time.
    ///   - now: When it is judged.
    init(
        of seen: Intent.SeenShift, numbered: IntentRepository.PublishedShift?,
        overlapping: [IntentRepository.PublishedShift], at now: Instant
    ) {
        let isSame = { (shift: IntentRepository.PublishedShift) in
            shift.queue == seen.queue && shift.during == seen.during
        }
        // The plan may have been superseded by one in which the operator has the same shift under another number.
        let own = numbered.flatMap { $0.operator == seen.operator ? $0 : nil }
        guard let current = own ?? overlapping.first(where: isSame) ?? overlapping.first else {
            self = .over(
                numbered.map { "someone took it: the shift is \($0.operator)’s now" }
                    ?? "the shift is no longer in the published plan")
            return
        }
        guard now < current.during.lowerBound else {
            self = .over("the shift has begun, or is over")
            return
        }
        self = isSame(current) ? .same(current) : .differs(current)
    }
}
