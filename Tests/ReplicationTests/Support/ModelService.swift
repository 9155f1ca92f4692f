import Crypto
import Foundation
import Replication
import Synchronization
import TestSupport

/// A service without a database: tables with their history, told as the agreement has it.
///
/// It shares no code with the agent but the list of tables, so that the two can contradict each other.
final class ModelService: Sendable {
    /// A row as its wire fields, escapes and all.
    typealias Row = [String]

    struct Change: Sendable {
        var table: String
        var key: Row
        /// Nil: the row is gone.
        var row: Row?
    }

    struct State: Sendable {
        var tables: [String: [Row: Row]] = [:]
        /// What each version changed; version n is the state after the first n.
        var history: [[Change]] = []
        /// Versions before this are compacted: whoever has one begins anew.
        var oldest = 0
        var database = "0b0e7a52-5f0e-4c4e-8f35-6f7f2f6f2a01"
        var library = "cecil"
        var consortium = "maryland"
        var outcomes: [String: String] = [:]
        /// Every intent that had an effect, in order.
        var effects: [String] = []
        var requests: [String] = []
        var decide: @Sendable (_ kind: String) -> (state: String, reason: String?, theirs: String?) = { _ in
            ("applied", nil, nil)
        }
    }

    let state: Mutex<State>

    init() {
        state = Mutex(State())
        commit(Self.beginning)
    }

    /// What every consortium has.
    static let beginning: [Change] = [
        put("consortium", ["maryland", "Maryland", "America/New_York", "30", "2026-11-02", "8"]),
        put("library", ["cecil", "Cecil County", "public", "America/New_York", "", "", ""]),
        put("library", ["harford", "Harford", "public", "America/New_York", "", "", ""]),
        put("queue", ["chat", "Chat", "chat", "general", "1", "60", "240"]),
        put("operator", ["ada", "cecil", "Ada Byron", "ada@example.org", "37.5", "8", "2"]),
        put("operator", ["bob", "cecil", "Bob", "", "20", "7.25", "2"]),
        put("operator_skill", ["ada", "general"]),
        put("operator_skill", ["bob", "general"]),
    ]

    static func put(_ table: String, _ row: Row) -> Change {
        Change(table: table, key: Array(row.prefix(keyCount(table))), row: row)
    }

    static func delete(_ table: String, _ key: Row) -> Change {
        Change(table: table, key: key, row: nil)
    }

    private static func keyCount(_ table: String) -> Int { ReplicaTable.named(table)?.keyCount ?? 1 }

    // MARK: Changing

    func commit(_ changes: [Change]) {
        state.withLock { state in
            for change in changes { state.tables[change.table, default: [:]][change.key] = change.row }
            state.history.append(changes)
        }
    }

    var version: Int { state.withLock { $0.history.count } }

    /// All rows of a version, as `table<TAB>fields`, sorted.
    func rows(at version: Int? = nil) -> [String] {
        state.withLock { state in
            guard let version, version < state.history.count else { return Self.texts(state.tables) }
            var tables: [String: [Row: Row]] = [:]
            for change in state.history.prefix(version).joined() {
                tables[change.table, default: [:]][change.key] = change.row
            }
            return Self.texts(tables)
        }
    }

    private static func texts(_ tables: [String: [Row: Row]]) -> [String] {
        tables.flatMap { table, rows in rows.values.map { ([table] + $0).joined(separator: "\t") } }.sorted()
    }

    // MARK: Telling

    static let asOf: Int64 = 1_796_000_000_000_000

    var header: String {
        state.withLock { state in
            let tables = Dictionary(uniqueKeysWithValues: ReplicaTable.all.map { ($0.name, $0.columns.map(\.name)) })
            let keys = Dictionary(uniqueKeysWithValues: ReplicaTable.all.map { ($0.name, $0.keyCount) })
            let object: [String: Any] = [
                "format": 1, "library": state.library, "consortium": state.consortium, "database": state.database,
                "tables": tables, "keys": keys, "something_new": true,
            ]
            let data = (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)) ?? Data()
            return "#feed \(String(decoding: data, as: UTF8.self))\n"
        }
    }

    static func text(_ change: Change) -> String {
        if let row = change.row { return "+" + ([change.table] + row).joined(separator: "\t") + "\n" }
        return "-" + ([change.table] + change.key).joined(separator: "\t") + "\n"
    }

    static func commitLine(_ version: Int, rows: Int) -> String {
        "#commit {\"cursor\":\"v\(version)\",\"as_of\":\(asOf + Int64(version)),\"rows\":\(rows)}\n"
    }

    /// The body of an answer; nil where the cursor is too old.
    func answer(cursor: String?, digests: [String] = [], ranges: [String] = []) -> String? {
        let header = header
        return state.withLock { state in
            var text = header
            var count = 0
            if let cursor {
                guard let version = Int(cursor.dropFirst()), version >= state.oldest, version <= state.history.count
                else { return nil }
                for batch in state.history[version...] {
                    text += batch.map(Self.text).joined()
                    count += batch.count
                }
            } else {
                text += "#snapshot {}\n"
                for line in Self.texts(state.tables) {
                    text += "+\(line)\n"
                    count += 1
                }
            }
            text += "#a_new_word {\"x\":1}\n"
            for range in ranges {
                let rows = Self.rowsText(range, state.tables)
                text += rows
                count += rows.split(separator: "\n").count - 1
            }
            for digest in digests { text += Self.digestText(digest, state.tables) }
            text += Self.commitLine(state.history.count, rows: count)
            return text + "#end {}\n"
        }
    }

    // MARK: Proof

    private static func rowsText(_ spec: String, _ tables: [String: [Row: Row]]) -> String {
        let (table, _, from, to) = parsed(spec)
        var text = "#range {\"table\":\"\(table)\",\"from\":\(json(from)),\"to\":\(json(to))}\n"
        for row in sorted(table, tables) where contains(row, table, from, to) {
            text += "+" + ([table] + row).joined(separator: "\t") + "\n"
        }
        return text
    }

    private static func digestText(_ spec: String, _ tables: [String: [Row: Row]]) -> String {
        if spec == "*" { return ReplicaTable.all.map { digestText($0.name, tables) }.joined() }
        let (table, parts, from, to) = parsed(spec)
        let rows = sorted(table, tables).filter { contains($0, table, from, to) }
        let count = max(1, min(parts, rows.count))
        var text = ""
        for part in 0..<count {
            let slice = rows[rows.count * part / count..<rows.count * (part + 1) / count]
            let start = part == 0 ? from : Array(rows[rows.count * part / count].prefix(keyCount(table)))
            let end = part == count - 1 ? to : Array(rows[rows.count * (part + 1) / count].prefix(keyCount(table)))
            var sum: UInt64 = 0
            for row in slice {
                let hash = SHA256.hash(data: Data(([table] + row).joined(separator: "\t").utf8))
                sum &+= hash.prefix(8).reduce(0) { $0 * 256 + UInt64($1) }
            }
            let digits = String(sum, radix: 16)
            text +=
                "#digest {\"table\":\"\(table)\",\"from\":\(json(start, table)),\"to\":\(json(end, table)),"
                + "\"rows\":\(slice.count),\"digest\":\"\(String(repeating: "0", count: 16 - digits.count))\(digits)\"}\n"
        }
        return text
    }

    private static func sorted(_ table: String, _ tables: [String: [Row: Row]]) -> [Row] {
        (tables[table].map { Array($0.values) } ?? []).sorted { precedes($0, $1, table) }
    }

    private static func contains(_ row: Row, _ table: String, _ from: Row?, _ to: Row?) -> Bool {
        (from.map { !precedes(row, $0, table) } ?? true) && (to.map { precedes(row, $0, table) } ?? true)
    }

    private static func precedes(_ left: Row, _ right: Row, _ table: String) -> Bool {
        for (index, column) in (ReplicaTable.named(table)?.key ?? []).enumerated() where left[index] != right[index] {
            if column.kind == .integer { return (Int(left[index]) ?? 0) < (Int(right[index]) ?? 0) }
            return left[index].utf8.lexicographicallyPrecedes(right[index].utf8)
        }
        return false
    }

    private static func parsed(_ spec: String) -> (String, Int, Row?, Row?) {
        var rest = spec[...]
        func next() -> String {
            defer { rest = rest.dropFirst() }
            if rest.first == "[", let end = rest.firstIndex(of: "]") {
                defer { rest = rest[rest.index(after: end)...] }
                return String(rest[...end])
            }
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            defer { rest = rest[end...] }
            return String(rest[..<end])
        }
        let table = next()
        var parts = 1
        if let first = rest.first, first.isNumber { parts = Int(next()) ?? 1 }
        return (table, parts, row(next()), row(next()))
    }

    private static func row(_ json: String) -> Row? {
        guard let values = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [Any] else { return nil }
        return values.map { "\($0)" }
    }

    private static func json(_ key: Row?, _ table: String = "") -> String {
        guard let key else { return "null" }
        let columns = ReplicaTable.named(table)?.columns
        return "["
            + key.enumerated().map { index, field in
                columns?[index].kind == .integer ? field : "\"\(field)\""
            }.joined(separator: ",") + "]"
    }

    // MARK: Intents

    /// Decides intents as the service does: each once.
    func decide(_ body: Data) -> String {
        let list = ((try? JSONSerialization.jsonObject(with: body)) as? [String: Any])?["intents"] as? [[String: Any]]
        return state.withLock { state in
            var outcomes: [String] = []
            for intent in list ?? [] {
                guard let id = intent["id"] as? String, let kind = intent["kind"] as? String else { continue }
                if state.outcomes[id] == nil {
                    let (decided, reason, theirs) = state.decide(kind)
                    state.outcomes[id] =
                        "{\"id\":\"\(id)\",\"state\":\"\(decided)\",\"reason\":\(reason.map { "\"\($0)\"" } ?? "null"),"
                        + "\"theirs\":\(theirs ?? "null"),\"decided_at\":1796000100}"
                    if decided == "applied" { state.effects.append(id) }
                }
                outcomes.append(state.outcomes[id] ?? "")
            }
            return "{\"outcomes\":[\(outcomes.joined(separator: ","))]}"
        }
    }
}
