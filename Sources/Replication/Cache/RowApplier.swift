import Foundation
import GRDB
import GRDBSQLite

/// Writes rows of a feed into the cache's tables, straight from the bytes that came.
///
/// This is the inner loop of a first sync: a row's fields are bound where they lie, without a copy, and the statement is
/// stepped before the bytes go away. Hence the unsafe calls; nothing that they are given outlives ``apply``.
@safe final class RowApplier {
    private let plans: [RowPlan]
    private var last = 0
    private var statements: [Statements]

    @unsafe private struct Statements {
        var put: OpaquePointer?
        var delete: OpaquePointer?
    }

    /// - Parameter plans: The tables that the feed's first line named.
    init(_ plans: [RowPlan]) {
        self.plans = plans
        unsafe statements = Array(repeating: Statements(), count: plans.count)
        isTouched = Array(repeating: false, count: plans.count)
    }

    private var isTouched: [Bool]

    /// The tables that were written since the last turn of ``forgetTouched``.
    var touched: Set<String> { Set(plans.indices.filter { isTouched[$0] }.map { plans[$0].name }) }

    /// Forgets which tables were written.
    func forgetTouched() {
        for index in isTouched.indices { isTouched[index] = false }
    }

    /// Forgets the prepared statements: they belong to the connection, and are asked for anew in each turn.
    func beginTurn() {
        unsafe statements = Array(repeating: Statements(), count: plans.count)
    }

    /// Puts or deletes the row of a line.
    ///
    /// - Parameters:
    ///   - line: `+table<TAB>fields…` or `-table<TAB>key…`, without its newline.
    ///   - number: The line's, for faults.
    ///   - prefix: What precedes the names of the tables to be written.
    ///   - db: The connection, inside a transaction.
    /// - Throws: ``FeedFault``; `DatabaseError`.
    func apply(_ line: UnsafeRawBufferPointer, number: Int, prefix: String, in db: Database) throws {
        guard line.count > 1, let nameEnd = unsafe Self.firstTab(line, from: 1) else {
            throw FeedFault(line: number, "a row is a table's name, a tab and fields: there is no tab")
        }
        let index = try unsafe planIndex(line, 1..<nameEnd, number)
        let plan = plans[index]
        guard let table = plan.table else { return }
        if unsafe line[0] == UInt8(ascii: "+") {
            let statement = unsafe try prepared(index, \.put, in: db) {
                "INSERT OR REPLACE INTO \(prefix)\(table.name) (\(table.columns.map(\.name).joined(separator: ", "))) "
                    + "VALUES (\(table.columns.map { _ in "?" }.joined(separator: ", ")))"
            }
            try unsafe bind(line, from: nameEnd + 1, plan.places, plan, number, to: statement)
            try unsafe step(statement, db)
        } else {
            let statement = unsafe try prepared(index, \.delete, in: db) {
                "DELETE FROM \(prefix)\(table.name) WHERE "
                    + table.key.map { "\($0.name) = ?" }.joined(separator: " AND ")
            }
            try unsafe bind(line, from: nameEnd + 1, plan.keyPlaces, plan, number, to: statement)
            try unsafe step(statement, db)
        }
        isTouched[index] = true
    }

    // MARK: Tables

    /// Rows of one table come together: the last one is looked at first.
    private func planIndex(_ line: UnsafeRawBufferPointer, _ name: Range<Int>, _ number: Int) throws -> Int {
        if last < plans.count, unsafe Self.isEqual(line, name, plans[last].bytes) { return last }
        for index in plans.indices where unsafe Self.isEqual(line, name, plans[index].bytes) {
            last = index
            return index
        }
        let text = unsafe String(decoding: line[name].prefix(64), as: UTF8.self)
        throw FeedFault(line: number, table: text, "#feed does not name this table")
    }

    private static func isEqual(_ line: UnsafeRawBufferPointer, _ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
        guard range.count == bytes.count, let base = line.baseAddress else { return false }
        return unsafe bytes.withUnsafeBytes { other in
            guard let otherBase = other.baseAddress else { return true }
            return unsafe memcmp(base + range.lowerBound, otherBase, range.count) == 0
        }
    }

    private static func firstTab(_ line: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = line.baseAddress, start < line.count,
            let found = unsafe memchr(base + start, 0x09, line.count - start)
        else { return nil }
        return unsafe UnsafeRawPointer(found) - base
    }

    private func prepared(
        _ index: Int, _ which: WritableKeyPath<Statements, OpaquePointer?>, in db: Database, sql: () -> String
    ) throws -> OpaquePointer {
        if let known = unsafe statements[index][keyPath: which] { return unsafe known }
        let handle = unsafe try db.cachedStatement(sql: sql()).sqliteStatement
        unsafe statements[index][keyPath: which] = handle
        return unsafe handle
    }

    // MARK: Fields

    private func bind(
        _ line: UnsafeRawBufferPointer, from start: Int, _ places: [Int32], _ plan: RowPlan, _ number: Int,
        to statement: OpaquePointer
    ) throws {
        guard let base = line.baseAddress else { return }
        let end = line.count
        var field = start
        for place in places {
            guard field <= end else {
                throw FeedFault(line: number, table: plan.name, "the row has fewer than its \(places.count) fields")
            }
            let tab = unsafe Self.firstTab(line, from: field)
            let fieldEnd = tab ?? end
            if place > 0 {
                let bytes = unsafe UnsafeRawBufferPointer(start: base + field, count: fieldEnd - field)
                try unsafe bind(bytes, plan, place, to: statement) { problem in
                    FeedFault(
                        line: number, table: plan.name, field: plan.table?.columns[Int(place) - 1].name, problem)
                }
            }
            field = fieldEnd + 1
        }
        guard field == end + 1 else {
            throw FeedFault(line: number, table: plan.name, "the row has more than its \(places.count) fields")
        }
    }

    private func bind(
        _ field: UnsafeRawBufferPointer, _ plan: RowPlan, _ place: Int32, to statement: OpaquePointer,
        fault: (String) -> FeedFault
    ) throws {
        if unsafe field.count == 2 && field[0] == 0x5C && field[1] == UInt8(ascii: "N") {
            guard plan.areNullable[Int(place) - 1] else { throw fault("there must be a value, not \\N") }
            _ = unsafe sqlite3_bind_null(statement, place)
            return
        }
        switch plan.kinds[Int(place) - 1] {
        case .text:
            try unsafe bindText(field, place, to: statement, fault: fault)
        case .integer:
            guard let value = unsafe WireField.integer(field) else {
                throw fault("“\(unsafe Self.excerpt(field))” is no whole number of 64 bits in its shortest form")
            }
            _ = unsafe sqlite3_bind_int64(statement, place, value)
        case .decimal:
            if let value = unsafe WireField.integer(field) {
                _ = unsafe sqlite3_bind_int64(statement, place, value)
            } else if let value = unsafe WireField.decimal(field) {
                _ = unsafe sqlite3_bind_double(statement, place, value)
            } else {
                throw fault("“\(unsafe Self.excerpt(field))” is no decimal without trailing zeros, like 37.5")
            }
        }
    }

    private func bindText(
        _ field: UnsafeRawBufferPointer, _ place: Int32, to statement: OpaquePointer, fault: (String) -> FeedFault
    ) throws {
        guard let base = field.baseAddress else { return }
        let count = field.count
        var isPlain = true
        var index = 0
        while index < count {
            let byte = unsafe field[index]
            if byte >= 0x80 || byte == 0 || byte == 0x5C {
                isPlain = false
                break
            }
            index += 1
        }
        if isPlain {
            // Static: the bytes lie still until the statement has been stepped.
            _ = unsafe sqlite3_bind_text(
                statement, place, base.assumingMemoryBound(to: CChar.self), Int32(count), nil)
            return
        }
        guard let text = unsafe WireField.unescaped(field) else {
            throw fault("it has an escape that is none of \\\\ \\b \\f \\n \\r \\t \\v")
        }
        guard !text.contains(0), String(validating: text, as: UTF8.self) != nil else {
            throw fault("it is no UTF-8")
        }
        // Transient: SQLite keeps a copy.
        let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        _ = unsafe text.withUnsafeBytes { bytes in
            unsafe sqlite3_bind_text(
                statement, place, bytes.bindMemory(to: CChar.self).baseAddress, Int32(text.count), transient)
        }
    }

    private func step(_ statement: OpaquePointer, _ db: Database) throws {
        let code = unsafe sqlite3_step(statement)
        let message = code == SQLITE_DONE ? "" : db.lastErrorMessage
        _ = unsafe sqlite3_reset(statement)
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }

    private static func excerpt(_ field: UnsafeRawBufferPointer) -> String {
        unsafe String(decoding: field.prefix(40), as: UTF8.self)
    }
}
