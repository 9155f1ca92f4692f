import Coverage
import HTTPTypes
import Storage

/// What a replica asks for.
struct SyncRequest: Sendable {
    /// A table, or a part of one, to be summed up.
    struct DigestWanted: Hashable, Sendable {
        var table: ReplicaTable
        var range = KeyRange()
        var parts = 1
    }

    /// A part of a table, of which all rows are wanted.
    struct RowsWanted: Hashable, Sendable {
        var table: ReplicaTable
        var range: KeyRange
    }

    let library: Library.ID
    /// Nil is from the beginning.
    let cursor: ReplicaCursor?
    /// How long the answer stays open for what changes.
    let waitSeconds: Int64
    let digests: [DigestWanted]
    let rows: [RowsWanted]
    let isCompressed: Bool

    static let longestWaitSeconds: Int64 = 300
    static let mostParts = 1024

    /// Reads what the route has checked.
    ///
    /// - Throws: ``Problem``: 400 if a parameter cannot be read, 410 if the cursor is not of this library's feed.
    init(_ exchange: Exchange, library: Library.ID) throws(Problem) {
        self.library = library
        cursor = try Self.cursor(exchange.query["cursor"]?.text, library)
        var digests: [DigestWanted] = []
        for text in Self.texts(exchange.query["digest"]) { digests += try RangeText.digests(text) }
        var rows: [RowsWanted] = []
        for text in Self.texts(exchange.query["rows"]) { rows.append(try RangeText.rows(text)) }
        (self.digests, self.rows) = (digests, rows)
        // What is compared is one moment's state: such an answer waits for no further one.
        let isCheck = !digests.isEmpty || !rows.isEmpty
        waitSeconds = isCheck ? 0 : exchange.query["wait"]?.integer ?? 0
        isCompressed = Self.acceptsGzip(exchange.headers[.acceptEncoding])
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        (value?.array ?? []).compactMap(\.text)
    }

    private static func cursor(_ text: String?, _ library: Library.ID) throws(Problem) -> ReplicaCursor? {
        guard let text else { return nil }
        guard let cursor = ReplicaCursor(text) else {
            throw Problem.cursorExpired("the cursor is not one of this feed")
        }
        guard cursor.library == library else {
            throw Problem.cursorExpired("the cursor is one of another library's feed, \(cursor.library)")
        }
        return cursor
    }

    /// Whether gzip is named, and not with a weight of zero.
    private static func acceptsGzip(_ header: String?) -> Bool {
        (header ?? "").lowercased().split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { String($0.filter { $0 != " " && $0 != "\t" }) }
            guard let name = words.first, name == "gzip" || name == "x-gzip" || name == "*" else { return false }
            return !words.dropFirst().contains { $0.hasPrefix("q=0") && Double($0.dropFirst(2)) == 0 }
        }
    }
}

extension Problem {
    static func cursorExpired(_ why: String) -> Problem {
        Problem(.gone, "cursor-expired", "The replica must start anew", "\(why): ask without a cursor")
    }
}

/// Reads `digest=` and `rows=`: `TABLE`, `TABLE:PARTS`, `TABLE:PARTS:FROM:TO`; `TABLE:FROM:TO`.
enum RangeText {
    /// `*` is all tables.
    static func digests(_ text: String) throws(Problem) -> [SyncRequest.DigestWanted] {
        var rest = text[...]
        let name = take(&rest)
        var parts = 1
        var bounds: (String, String)?
        if !rest.isEmpty {
            guard let number = Int(take(&rest)), (1...SyncRequest.mostParts).contains(number) else {
                throw fault(
                    "digest", "“\(text.shortened)” must name 1 to \(SyncRequest.mostParts) parts, like shift:16")
            }
            parts = number
            if !rest.isEmpty { bounds = try split(rest, of: "digest") }
        }
        if name == "*", bounds == nil {
            return ReplicaTable.all.map { SyncRequest.DigestWanted(table: $0, parts: parts) }
        }
        let table = try table(name, "digest")
        guard let bounds else { return [SyncRequest.DigestWanted(table: table, parts: parts)] }
        return [
            SyncRequest.DigestWanted(table: table, range: try range(bounds, of: table, "digest"), parts: parts)
        ]
    }

    static func rows(_ text: String) throws(Problem) -> SyncRequest.RowsWanted {
        var rest = text[...]
        let table = try table(take(&rest), "rows")
        guard !rest.isEmpty else { return SyncRequest.RowsWanted(table: table, range: KeyRange()) }
        return SyncRequest.RowsWanted(
            table: table, range: try range(try split(rest, of: "rows"), of: table, "rows"))
    }

    private static func take(_ rest: inout Substring) -> String {
        let word = rest.prefix { $0 != ":" }
        rest = rest.dropFirst(word.count + 1)
        return String(word)
    }

    /// Takes two JSON values apart: a colon in a text is none between them.
    private static func split(_ text: Substring, of parameter: String) throws(Problem) -> (String, String) {
        var isInText = false
        var isEscaped = false
        for index in text.utf8.indices {
            switch text.utf8[index] {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isInText
            case UInt8(ascii: "\""): isInText.toggle()
            case UInt8(ascii: ":") where !isInText:
                return (String(text[..<index]), String(text[text.utf8.index(after: index)...]))
            default: break
            }
        }
        throw fault(parameter, "must have two bounds, like null:[3,17]")
    }

    private static func table(_ name: String, _ parameter: String) throws(Problem) -> ReplicaTable {
        guard let table = ReplicaTable.named(name) else {
            let known = ReplicaTable.all.map(\.name).joined(separator: ", ")
            throw fault(parameter, "there is no table “\(name.shortened)”; there are \(known)")
        }
        return table
    }

    private static func range(
        _ bounds: (String, String), of table: ReplicaTable, _ parameter: String
    ) throws(Problem) -> KeyRange {
        KeyRange(
            from: try key(bounds.0, of: table, parameter), to: try key(bounds.1, of: table, parameter))
    }

    private static func key(
        _ text: String, of table: ReplicaTable, _ parameter: String
    ) throws(Problem) -> [String]? {
        let wanted = "null or an array of \(table.key.joined(separator: ", "))"
        let value: JSONValue
        do { value = try JSONReader.read(Array(text.utf8)) } catch {
            throw fault(parameter, "the bound “\(text.shortened)” must be \(wanted), as JSON")
        }
        if value == .null { return nil }
        guard let values = value.array, values.count == table.keyKinds.count else {
            throw fault(parameter, "the bound “\(text.shortened)” must be \(wanted)")
        }
        var key: [String] = []
        for (value, kind) in zip(values, table.keyKinds) {
            let text = value.text ?? value.integer.map { String($0) }
            guard let text, kind != .integer || Int64(text) != nil, !text.utf8.contains(0) else {
                throw fault(parameter, "the bound “\(text?.shortened ?? "…")” must be \(wanted)")
            }
            key.append(kind == .uuid ? text.lowercased() : text)
        }
        return key
    }

    private static func fault(_ parameter: String, _ problem: String) -> Problem {
        Problem.invalidRequest(
            "the parameter \(parameter) cannot be read", faults: [FieldFault(field: parameter, problem: problem)])
    }
}
