/// A table as libraries' replicas hold it: the view `replica.NAME` of the database.
package struct ReplicaTable: Hashable, Sendable {
    /// How a column of a key is compared, and found in the view.
    package enum KeyKind: Hashable, Sendable {
        case integer
        /// Compared byte by byte.
        case text
        case uuid
    }

    package let name: String
    /// In the order in which lines have them; the key's come first.
    package let columns: [String]
    /// The kinds of the key's columns.
    package let keyKinds: [KeyKind]
    /// The view's condition for a row of the key `c.row_key`, such that an index finds it.
    let lookup: String

    /// The names of the key's columns.
    package var key: ArraySlice<String> { columns.prefix(keyKinds.count) }

    private init(_ name: String, key: [(String, KeyKind)], _ others: [String], lookup: [Int: String] = [:]) {
        self.name = name
        columns = key.map(\.0) + others
        keyKinds = key.map(\.1)
        self.lookup = key.enumerated().map { index, column in
            lookup[index] ?? Self.lookup(column.0, column.1, "c.row_key[\(index + 1)]")
        }.joined(separator: " AND ")
    }

    private static func lookup(_ column: String, _ kind: KeyKind, _ value: String) -> String {
        switch kind {
        case .integer: "v.\(column) = \(value)::bigint"
        case .text: "v.\(column) = \(value) COLLATE \"C\""
        case .uuid: "v.\(column) = \(value)::uuid"
        }
    }

    /// The key's columns as they are compared.
    var orderedKey: [String] {
        zip(key, keyKinds).map { column, kind in
            switch kind {
            case .integer: "v.\(column)"
            case .text: "v.\(column) COLLATE \"C\""
            case .uuid: "v.\(column)::text COLLATE \"C\""
            }
        }
    }

    /// All tables, in the order in which a snapshot has them.
    package static let all: [ReplicaTable] = [
        ReplicaTable(
            "consortium", key: [("consortium_id", .text)], ["name", "time_zone", "slot_minutes", "starts_on", "weeks"]),
        ReplicaTable(
            "library", key: [("library_id", .text)], ["name", "kind", "time_zone", "phone", "email", "url"]),
        ReplicaTable(
            "library_hours", key: [("library_id", .text), ("weekday", .integer), ("opens", .integer)], ["closes"]),
        ReplicaTable(
            "queue", key: [("queue_id", .text)],
            ["name", "channel", "skill", "priority", "min_shift_minutes", "max_shift_minutes"]),
        ReplicaTable(
            "opening_hours", key: [("queue_id", .text), ("weekday", .integer), ("opens", .integer)], ["closes"]),
        ReplicaTable(
            "closure", key: [("library_id", .text), ("closed_on", .text)], ["reason"],
            lookup: [1: "v.closed_date = c.row_key[2]::date"]),
        ReplicaTable(
            "demand", key: [("queue_id", .text), ("starts_at", .integer)], ["ends_at", "minimum", "target"],
            lookup: [1: "v.begins = to_timestamp(c.row_key[2]::bigint)"]),
        ReplicaTable(
            "plan", key: [("plan_number", .integer)],
            ["starts_at", "ends_at", "published_at", "published_by", "message"]),
        ReplicaTable(
            "shift", key: [("plan_number", .integer), ("shift_number", .integer)],
            ["queue_id", "library_id", "operator_id", "starts_at", "ends_at"]),
        ReplicaTable(
            "operator", key: [("operator_id", .text)],
            ["library_id", "name", "email", "max_hours_per_week", "max_hours_per_day", "chat_capacity"]),
        ReplicaTable("operator_skill", key: [("operator_id", .text), ("skill", .text)], []),
        ReplicaTable(
            "availability",
            key: [
                ("operator_id", .text), ("weekday", .integer), ("from_minute", .integer), ("to_minute", .integer),
                ("preference", .integer),
            ], []),
        ReplicaTable(
            "absence",
            key: [("operator_id", .text), ("starts_at", .integer), ("ends_at", .integer), ("reason", .text)], []),
        ReplicaTable(
            "swap_request", key: [("request_id", .uuid)],
            [
                "plan_number", "shift_number", "operator_id", "with_plan_number", "with_shift_number", "state",
                "reason", "made_at", "library_id", "with_library_id",
            ]),
        ReplicaTable(
            "shift_decline", key: [("request_id", .uuid)],
            ["plan_number", "shift_number", "operator_id", "reason", "state", "made_at", "library_id"]),
        ReplicaTable(
            "intent_outcome", key: [("intent_id", .uuid)], ["kind", "state", "reason", "theirs", "decided_at"]),
        ReplicaTable(
            "ticket", key: [("session_number", .integer)],
            ["queue_id", "library_id", "operator_id", "state", "created_at", "due_at", "note"]),
    ]

    package static func named(_ name: String) -> ReplicaTable? {
        all.first { $0.name == name }
    }
}

// MARK: - Statements

extension ReplicaTable {
    private var list: String { columns.map { "v.\($0)" }.joined(separator: ", ") }

    /// Every row, each as a line that puts it.
    var snapshotCopy: String {
        "COPY (SELECT '+\(name)', \(list) FROM replica.\(name) AS v) TO STDOUT"
    }

    /// The rows of changed keys, each as a line that puts it.
    ///
    /// OFFSET 0 keeps the planner from joining the whole view with a few keys.
    func putCopy(_ part: SyncReading.Part) -> String {
        """
        COPY (SELECT '+\(name)', \(list) FROM (\(changed(part))) AS c
            CROSS JOIN LATERAL (SELECT * FROM replica.\(name) AS v WHERE \(lookup) OFFSET 0) AS v) TO STDOUT
        """
    }

    /// The changed keys of which there is no row, each as a line that takes it away.
    func deletionCopy(_ part: SyncReading.Part) -> String {
        let fields = key.indices.map { "c.row_key[\($0 + 1)]" }.joined(separator: ", ")
        return """
            COPY (SELECT '-\(name)', \(fields) FROM (\(changed(part))) AS c
                LEFT JOIN LATERAL (SELECT true AS is_there FROM replica.\(name) AS v WHERE \(lookup) OFFSET 0) AS v ON true
                WHERE v.is_there IS NULL) TO STDOUT
            """
    }

    private func changed(_ part: SyncReading.Part) -> String {
        let condition =
            switch part {
            case .shared: " AND library_id IS NULL"
            case .own: " AND library_id IS NOT NULL"
            case .all: ""
            }
        return "SELECT DISTINCT row_key FROM replica.changed WHERE table_name = '\(name)'\(condition)"
    }

    /// The rows of the range that the transaction names, in the key's order; their lines have no sign.
    func rangeCopy(_ range: KeyRange, sign: String = "") -> String {
        "COPY (SELECT '\(sign)\(name)', \(list) FROM replica.\(name) AS v \(condition(range)) "
            + "ORDER BY \(orderedKey.joined(separator: ", "))) TO STDOUT"
    }

    func condition(_ range: KeyRange) -> String {
        var conditions: [String] = []
        if range.from != nil { conditions.append("ROW(\(fields)) >= ROW(\(bound("coverdesk.range_from")))") }
        if range.to != nil { conditions.append("ROW(\(fields)) < ROW(\(bound("coverdesk.range_to")))") }
        return conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    }

    private var fields: String { orderedKey.joined(separator: ", ") }

    /// The bound's values, which come by a setting of the transaction: COPY takes no parameters.
    private func bound(_ setting: String) -> String {
        keyKinds.enumerated().map { index, kind in
            "(current_setting('\(setting)')::text[])[\(index + 1)]" + (kind == .integer ? "::bigint" : "")
        }.joined(separator: ", ")
    }
}

/// Rows of a table by their keys, from one on and up to another without it; nil is open.
package struct KeyRange: Hashable, Sendable {
    /// As many texts as the key has columns, not escaped; whole numbers in decimal.
    package var from: [String]?
    package var to: [String]?

    package init(from: [String]? = nil, to: [String]? = nil) {
        self.from = from
        self.to = to
    }
}
