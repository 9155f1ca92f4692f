/// A table of the replica, as the feed sends it and the cache holds it.
package struct ReplicaTable: Hashable, Sendable {
    /// What a column holds, which says how its wire text is read and how it is compared.
    package enum Kind: Hashable, Sendable {
        /// Bytes of UTF-8, compared as bytes.
        case text
        /// A whole number in its shortest decimal form.
        case integer
        /// A decimal number without trailing zeros; kept as a whole number where it is one.
        case decimal
    }

    /// One column.
    package struct Column: Hashable, Sendable {
        package let name: String
        package let kind: Kind
        /// Whether `\N` may stand in its place.
        package let isNullable: Bool
    }

    package let name: String
    /// In wire order; the key's come first.
    package let columns: [Column]
    /// How many of the columns are the key.
    package let keyCount: Int

    /// The key's columns.
    package var key: ArraySlice<Column> { columns.prefix(keyCount) }

    private init(_ name: String, key: Int, _ columns: Column...) {
        self.name = name
        self.columns = columns
        keyCount = key
    }

    private static func text(_ name: String) -> Column { Column(name: name, kind: .text, isNullable: false) }
    private static func integer(_ name: String) -> Column { Column(name: name, kind: .integer, isNullable: false) }
    private static func decimal(_ name: String) -> Column { Column(name: name, kind: .decimal, isNullable: false) }
    private static func textOrNull(_ name: String) -> Column { Column(name: name, kind: .text, isNullable: true) }
    private static func integerOrNull(_ name: String) -> Column { Column(name: name, kind: .integer, isNullable: true) }

    /// The tables of a replica.
    ///
    /// The same stand in `schema/cache`; a test holds the two together.
    package static let all: [ReplicaTable] = shared + own

    /// What every library sees.
    private static let shared: [ReplicaTable] = [
        ReplicaTable(
            "consortium", key: 1, text("consortium_id"), text("name"), text("time_zone"), integer("slot_minutes"),
            text("starts_on"), integer("weeks")),
        ReplicaTable(
            "library", key: 1, text("library_id"), text("name"), text("kind"), text("time_zone"), text("phone"),
            text("email"), text("url")),
        ReplicaTable(
            "library_hours", key: 3, text("library_id"), integer("weekday"), integer("opens"), integer("closes")),
        ReplicaTable(
            "queue", key: 1, text("queue_id"), text("name"), text("channel"), text("skill"), integer("priority"),
            integer("min_shift_minutes"), integer("max_shift_minutes")),
        ReplicaTable(
            "opening_hours", key: 3, text("queue_id"), integer("weekday"), integer("opens"), integer("closes")),
        ReplicaTable("closure", key: 2, text("library_id"), text("closed_on"), text("reason")),
        ReplicaTable(
            "demand", key: 2, text("queue_id"), integer("starts_at"), integer("ends_at"), integer("minimum"),
            integer("target")),
        ReplicaTable(
            "plan", key: 1, integer("plan_number"), integer("starts_at"), integer("ends_at"), integer("published_at"),
            text("published_by"), text("message")),
        ReplicaTable(
            "shift", key: 2, integer("plan_number"), integer("shift_number"), text("queue_id"), text("library_id"),
            text("operator_id"), integer("starts_at"), integer("ends_at")),
    ]

    /// What a library sees of its own alone.
    private static let own: [ReplicaTable] = [
        ReplicaTable(
            "operator", key: 1, text("operator_id"), text("library_id"), text("name"), text("email"),
            decimal("max_hours_per_week"), decimal("max_hours_per_day"), integer("chat_capacity")),
        ReplicaTable("operator_skill", key: 2, text("operator_id"), text("skill")),
        ReplicaTable(
            "availability", key: 5, text("operator_id"), integer("weekday"), integer("from_minute"),
            integer("to_minute"), integer("preference")),
        ReplicaTable(
            "absence", key: 4, text("operator_id"), integer("starts_at"), integer("ends_at"), text("reason")),
        ReplicaTable(
            "swap_request", key: 1, text("request_id"), integer("plan_number"), integer("shift_number"),
            text("operator_id"), integerOrNull("with_plan_number"), integerOrNull("with_shift_number"), text("state"),
            text("reason"), integer("made_at"), text("library_id"), textOrNull("with_library_id")),
        ReplicaTable(
            "shift_decline", key: 1, text("request_id"), integer("plan_number"), integer("shift_number"),
            text("operator_id"), text("reason"), text("state"), integer("made_at"), text("library_id")),
        ReplicaTable(
            "intent_outcome", key: 1, text("intent_id"), text("kind"), text("state"), textOrNull("reason"),
            textOrNull("theirs"), integer("decided_at")),
        ReplicaTable(
            "ticket", key: 1, integer("session_number"), text("queue_id"), textOrNull("library_id"),
            textOrNull("operator_id"), text("state"), integer("created_at"), integerOrNull("due_at"),
            textOrNull("note")),
    ]

    /// The table of a name, if the cache has one.
    package static func named(_ name: String) -> ReplicaTable? {
        all.first { $0.name == name }
    }
}
