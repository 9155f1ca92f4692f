import Coverage
import Routing

/// What clients read of routing, in the contract's words.
enum RoutingSchemas {
    static let sessionNumber = Schema.integer(1...Int64.max)
    private static let count = Schema.integer(0...1_000_000)
    private static let seconds = Schema.integer(0...100_000_000)
    private static let rung = Schema.choice(Rung.allCases.map(\.rawValue))
    static let outcome = Schema.choice(Outcome.allCases.map(\.rawValue))
    static let channel = Schema.choice(["chat", "email"])
    static let availability = Schema.choice(Presence.Availability.allCases.map(\.rawValue))

    static let offer = Schema.named(
        "Offer",
        [
            .required("operator", .identifier, "Who is asked."),
            .required("library", .identifier, "The operator's library."),
            .required("rung", rung, "The rung of the ladder that the operator stands on."),
            .required("made_at", .timestamp, "Since when."),
            .required("accept_by", .timestamp, "Until when the operator may accept."),
        ])

    static let expectation = Schema.named(
        "Expectation",
        [
            .required(
                "kind",
                .choice(["with_operator", "being_offered", "wait", "from", "closed", "answer_by", "unknown", "ended"]),
                "Which of the members below go with it: accept_by with being_offered, the seconds with wait, at with "
                    + "from, answer_by and, where the next opening is known, with closed."),
            .optional("accept_by", .timestamp, "An operator was asked and has until then."),
            .optional("likely_seconds", seconds, "What half of the patrons wait at most, by the live state."),
            .optional("within_seconds", seconds, "What nine of ten patrons wait at most, by the live state."),
            .optional("at", .timestamp, "When somebody is there, the queue opens, or the answer is due."),
        ])

    static let alternatives = Schema.named(
        "Alternatives",
        [
            .optional(
                "email",
                .object([
                    .required("queue", .identifier, "The queue that answers by email."),
                    .optional("due_by", .timestamp, "When its service level has an answer due."),
                ]), "What to write to."),
            .required(
                "phones",
                .array(
                    .object([
                        .required("library", .identifier, "Whose phone."),
                        .required("name", .text(0...10_000), "The library's name."),
                        .required("number", .text(0...10_000), "Its number."),
                        .required("open_until", .timestamp, "When it closes."),
                    ]), 0...1000), "Libraries that are open now, the patron's own first."),
            .optional("opens_at", .timestamp, "When the queue opens next."),
            .optional(
                "partner",
                .object([
                    .required("name", .text(0...10_000), "Who it is."),
                    .required("contact", .text(0...10_000), "A URL or a phone number."),
                ]), "A service outside the consortium."),
        ])

    private static let explanation = Schema.array(
        .named(
            "RungFinding",
            [
                .required("rung", rung, "The rung."),
                .required(
                    "state", .choice(["open", "open_early", "not_yet", "not_needed"]),
                    "Whether it was tried, and if not, why."),
                .required("opens_at", .timestamp, "When it opens for the session."),
                .required("present", count, "Operators present on it, busy ones too."),
                .required("chosen", .array(.identifier, 0...1000), "Who is asked."),
                .required(
                    "passed_over",
                    .array(
                        .object([
                            .required("operator", .identifier, "Who is not asked."),
                            .required(
                                "reason", .choice(PassedOver.Reason.allCases.map(\.rawValue)), "Why not."),
                        ]), 0...1000), "Some of those who are not asked, and why."),
            ]), 0...10)

    static let session = Schema.named(
        "Session",
        [
            .required("session", sessionNumber, "The service's number of the session; it goes into paths."),
            .required("id", .text(1...200), "The chat server's own id of it."),
            .required("queue", .identifier, "Its queue."), .required("channel", channel, "Its channel."),
            .optional("library", .identifier, "The patron's home library."),
            .optional("language", .text(0...100), "The patron's language, the one liked best."),
            .optional("languages", .array(.text(0...100), 2...400), "All, where there are several."),
            .optional("note", .text(0...10_000), "What the chat server said of it."),
            .required("created_at", .timestamp, "When it came."),
            .required(
                "state", .choice(["offered", "waiting", "fallback", "held", "wrapping_up", "ended"]),
                "Where it stands."),
            .optional("offers", .array(offer, 1...100), "Who is asked, in the state offered."),
            .optional("operator", .identifier, "Who has it, in the states held and wrapping_up."),
            .optional("ahead", count, "How many are before it in line, in the states waiting and fallback."),
            .optional("fallback", rung, "What there is instead of an operator, in the state fallback."),
            .optional("outcome", outcome, "How it ended."), .optional("ended_at", .timestamp, "When it ended."),
            .optional("wrap_up_until", .timestamp, "Until when the operator may write it up."),
            .required("expectation", expectation, "What the patron may truthfully be told."),
            .required("alternatives", alternatives, "What the patron can do instead of waiting."),
            .optional("explanation", explanation, "Why it stands so, where an operator was looked for."),
            .required("repeated", .boolean, "Whether the request had been made before and so had no effect."),
            .optional("policy_page", PolicyPageJSON.schema, "What the patron's library tells colleagues."),
        ])

    private static let presenceFields: [Schema.Field] = [
        .required("operator", .identifier, "Who."), .required("availability", availability, "How."),
        .required("channels", .array(channel, 0...2), "What the operator answers."),
        .optional("queues", .array(.identifier, 0...1000), "Only these queues; without it all that the skills allow."),
        .required("seats", .integer(0...50), "How many sessions at once."),
        .required("willing", .boolean, "Whether to be asked off shift too."),
        .required("languages", .array(.text(0...100), 0...1000), "Languages."),
        .required("lease_until", .timestamp, "Until when, unless renewed."),
    ]

    static let present = Schema.named(
        "Presence",
        presenceFields + [
            .required(
                "holding",
                .array(
                    .object([
                        .required("session", sessionNumber, "The session."),
                        .required("kind", .choice(["offered", "held"]), "Whether it is only offered."),
                    ]), 0...1000), "The sessions on the operator's seats."),
            .optional("grace_until", .timestamp, "When the sessions of an operator who is gone go back to the line."),
        ])

    static let standing = Schema.named(
        "QueuePresence",
        [
            .required("queue", .identifier, "The queue."), .required("channel", channel, "Its channel."),
            .required("open", .boolean, "Whether it is open, by its hours."),
            .required("present", count, "Operators who answer it now."),
            .required("free", count, "Those of them with a seat free."),
            .required("waiting", count, "Sessions in line."),
            .required("expectation", expectation, "What a patron who came now would be told."),
            .required("alternatives", alternatives, "What a patron can do instead."),
        ])

    static let event = Schema.named(
        "Event",
        [
            .required("event", .integer(1...Int64.max), "Its number: without a gap in the consortium."),
            .required("type", .choice(EventJSON.types), "What happened."),
            .required("at", .timestamp, "When."), .optional("session", sessionNumber, "To which session."),
            .optional("operator", .identifier, "By or to which operator."),
            .optional("queue", .identifier, "On which queue."),
            .required("data", .anyObject, "What belongs to the type."),
            .optional("policy_page", PolicyPageJSON.schema, "With offers: what the patron's library tells colleagues."),
        ])
}
