import Coverage
import NIOCore
import Storage

/// The control lines of a feed: `#word {json}`.
enum SyncLine {
    static let mediaType = "application/vnd.coverdesk.sync"

    static func feed(library: Library.ID, consortium: Consortium.ID, database: String) -> ByteBuffer {
        let tables = ReplicaTable.all.map { table in
            JSONObject.Member(name: table.name, value: .array(table.columns.map { .string($0) }))
        }
        let keys = ReplicaTable.all.map { table in
            JSONObject.Member(name: table.name, value: .integer(table.key.count))
        }
        return line(
            "feed",
            [
                "format": 1, "library": .string(library.rawValue), "consortium": .string(consortium.rawValue),
                "database": .string(database), "tables": .object(JSONObject(tables)), "keys": .object(JSONObject(keys)),
            ])
    }

    static let snapshot = line("snapshot", [:])
    static let end = line("end", [:])

    static func commit(_ cursor: ReplicaCursor, asOf: Int64, rows: Int) -> ByteBuffer {
        line("commit", ["cursor": .string(cursor.text), "as_of": .integer(asOf), "rows": .integer(rows)])
    }

    static func alive(asOf: Int64) -> ByteBuffer { line("alive", ["as_of": .integer(asOf)]) }

    static func digest(_ digest: RangeDigest, of table: ReplicaTable) -> ByteBuffer {
        let hex = String(digest.digest, radix: 16)
        return line(
            "digest",
            [
                "table": .string(table.name), "from": key(digest.range.from, of: table),
                "to": key(digest.range.to, of: table), "rows": .integer(digest.rows),
                "digest": .string(String(repeating: "0", count: 16 - hex.count) + hex),
            ])
    }

    static func range(_ range: KeyRange, of table: ReplicaTable) -> ByteBuffer {
        line(
            "range",
            ["table": .string(table.name), "from": key(range.from, of: table), "to": key(range.to, of: table)])
    }

    private static func key(_ key: [String]?, of table: ReplicaTable) -> JSONValue {
        guard let key else { return .null }
        return .array(
            zip(key, table.keyKinds).map { text, kind in
                kind == .integer ? Int64(text).map { .integer($0) } ?? .string(text) : .string(text)
            })
    }

    private static func line(_ word: String, _ value: JSONValue) -> ByteBuffer {
        var buffer = ByteBuffer(string: "#\(word) ")
        buffer.writeBytes(value.bytes)
        buffer.writeInteger(UInt8(ascii: "\n"))
        return buffer
    }
}
