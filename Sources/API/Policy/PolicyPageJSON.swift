import Coverage
import Storage

/// A library's policy page, as clients read and write it.
enum PolicyPageJSON {
    private static let databaseFields: [Schema.Field] = [
        .required("name", .text(1...200), "Its name."), .optional("url", .webAddress, "Where it is."),
        .optional("note", .text(0...500), "Who may use it, and how."),
    ]

    private static let referralFields: [Schema.Field] = [
        .required("topic", .text(1...200), "What about."),
        .required("to", .text(1...500), "To whom, with phone or address."),
    ]

    private static let contentFields: [Schema.Field] = [
        .optional("greeting", .text(0...300), "How the library greets its patrons."),
        .optional("hours", .text(0...1000), "When it is open, in words."),
        .optional("cards_and_loans", .text(0...2000), "Cards, fees, renewals, holds."),
        .optional("databases", .array(.object(databaseFields), 0...50), "Databases and who may use them."),
        .optional("refer_to", .array(.object(referralFields), 0...50), "Whom to refer to."),
        .optional("text", .text(0...10_000), "Whatever else a colleague needs to know."),
    ]

    static let contentSchema = Schema.named("PolicyPageContent", contentFields)

    static let schema = Schema.named(
        "PolicyPage",
        [
            .required("library", .identifier, "Whose page."),
            .required("version", .integer(1...1_000_000_000), "Counted from 1; it rises when what is said changes."),
            .required("out_of_date", .boolean, "Whether nobody has confirmed it for too long."),
            .required("written_at", .timestamp, "When this version was written."),
            .required("written_by", .text(1...200), "By whom."),
            .required("confirmed_at", .timestamp, "When somebody last said that it is all still so."),
        ] + contentFields)

    /// A page as clients read it; `freshSeconds` is how long it counts as up to date after it was confirmed.
    static func page(_ page: PolicyPageRepository.Page, at now: Instant, freshSeconds: Int64) throws -> JSONValue {
        let content = page.content
        return [
            "library": .string(page.library.rawValue), "version": .integer(page.version),
            "out_of_date": .boolean(now.seconds(since: page.confirmedAt) > freshSeconds),
            "written_at": .string(page.writtenAt.rfc3339), "written_by": .string(page.writtenBy),
            "confirmed_at": .string(page.confirmedAt.rfc3339), "greeting": .string(content.greeting),
            "hours": .string(content.hours), "cards_and_loans": .string(content.cardsAndLoans),
            "databases": ordered(try JSONReader.read(content.databases.utf8), as: databaseFields),
            "refer_to": ordered(try JSONReader.read(content.referTo.utf8), as: referralFields),
            "text": .string(content.body),
        ]
    }

    /// Puts members in the order of the contract: the database hands JSON back with its members in another one.
    private static func ordered(_ value: JSONValue, as fields: [Schema.Field]) -> JSONValue {
        .array(
            (value.array ?? []).map { element in
                .object(
                    JSONObject(
                        fields.compactMap { field in
                            element[field.name].map { JSONObject.Member(name: field.name, value: $0) }
                        }))
            })
    }

    /// What a page is to say; members that are left out say nothing.
    static func content(_ body: JSONObject) -> PolicyPageRepository.Content {
        PolicyPageRepository.Content(
            greeting: body["greeting"]?.text ?? "", hours: body["hours"]?.text ?? "",
            cardsAndLoans: body["cards_and_loans"]?.text ?? "", databases: array(body["databases"]),
            referTo: array(body["refer_to"]), body: body["text"]?.text ?? "")
    }

    private static func array(_ value: JSONValue?) -> String {
        String(decoding: (value ?? []).bytes, as: UTF8.self)
    }
}
