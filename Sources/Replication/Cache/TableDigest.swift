import Crypto
import GRDB
import GRDBSQLite

/// Digests of what the cache holds, from its own rows, in the form that the service tells.
enum TableDigest {
    /// Goes through the rows of a range.
    ///
    /// - Parameters:
    ///   - table: The range's table.
    ///   - range: Its ends.
    ///   - db: The connection.
    ///   - body: Takes `table<TAB>fields` in the wire form of each row, in the key's order.
    /// - Throws: `DatabaseError`.
    static func forEachRow(
        of table: ReplicaTable, in range: KeyRange, _ db: Database, _ body: (borrowing [UInt8]) throws -> Void
    ) throws {
        let (condition, arguments) = try condition(range, table)
        let statement = try db.makeStatement(
            sql: "SELECT \(table.columns.map(\.name).joined(separator: ", ")) FROM \(table.name) WHERE \(condition) "
                + "ORDER BY \(table.key.map(\.name).joined(separator: ", "))")
        try statement.setArguments(arguments)
        let handle = unsafe statement.sqliteStatement
        defer { _ = unsafe sqlite3_reset(handle) }
        let name = Array(table.name.utf8)
        var wire: [UInt8] = []
        while true {
            let code = unsafe sqlite3_step(handle)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else {
                throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
            }
            wire.removeAll(keepingCapacity: true)
            wire += name
            for column in 0..<Int32(table.columns.count) {
                wire.append(0x09)
                unsafe append(handle, column, to: &wire)
            }
            try body(wire)
        }
    }

    /// The digest of a range.
    ///
    /// - Complexity: O(rows of the range)
    static func digest(of table: ReplicaTable, in range: KeyRange, _ db: Database) throws -> RangeDigest {
        var result = RangeDigest(range: range, rows: 0, digest: 0)
        try forEachRow(of: table, in: range, db) { wire in
            result.rows += 1
            result.digest &+= rowDigest(wire)
        }
        return result
    }

    /// The first eight bytes of a row's SHA-256, as a big-endian number.
    static func rowDigest(_ wire: borrowing [UInt8]) -> UInt64 {
        SHA256.hash(data: copy wire).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// SQL that holds for the rows of a range.
    ///
    /// - Throws: ``FeedFault`` where the range's keys are not of the table's kinds.
    static func condition(_ range: KeyRange, _ table: ReplicaTable) throws -> (String, StatementArguments) {
        var conditions = ["1"]
        var arguments = StatementArguments()
        for (end, comparison) in [(range.from, ">="), (range.to, "<")] {
            guard let end else { continue }
            let values = zip(end, table.key).compactMap { $0.of($1.kind) }
            guard end.count == table.keyCount, values.count == end.count else {
                throw FeedFault(
                    line: 0, table: table.name,
                    "a range's end must be the key: \(table.key.map(\.name).joined(separator: ", "))")
            }
            let names = table.key.map(\.name).joined(separator: ", ")
            conditions.append("(\(names)) \(comparison) (\(end.map { _ in "?" }.joined(separator: ", ")))")
            for value in values {
                switch value {
                case .text(let text): arguments += [text]
                case .integer(let number): arguments += [number]
                }
            }
        }
        return (conditions.joined(separator: " AND "), arguments)
    }

    private static func append(_ handle: OpaquePointer, _ column: Int32, to wire: inout [UInt8]) {
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_NULL: wire += [0x5C, UInt8(ascii: "N")]
        case SQLITE_INTEGER: wire += unsafe "\(sqlite3_column_int64(handle, column))".utf8
        case SQLITE_FLOAT: WireField.append(unsafe sqlite3_column_double(handle, column), to: &wire)
        default:
            // The bytes are SQLite's until the next step; they are copied at once.
            guard let text = unsafe sqlite3_column_text(handle, column) else { return }
            let count = unsafe Int(sqlite3_column_bytes(handle, column))
            unsafe WireField.append(UnsafeBufferPointer(start: text, count: count), to: &wire)
        }
    }
}

extension Database {
    /// What SQLite says of the last call that failed.
    var lastErrorMessage: String {
        unsafe sqlite3_errmsg(sqliteConnection).map { unsafe String(cString: $0) } ?? ""
    }
}
