import CLibPQ
import Glibc

/// libpq's answer to one statement, freed when nobody reads it any more.
@safe
// Sendable: libpq never changes a result once it has handed it out, and says that threads may share it; it is freed
// when nobody refers to this object.
final class ServerResult: PostgresCellOwner, @unchecked Sendable {
    private let pointer: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    /// Takes over a result that libpq made.
    @unsafe
    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
        rowCount = Int(unsafe PQntuples(pointer))
        columnCount = Int(unsafe PQnfields(pointer))
    }

    deinit {
        unsafe PQclear(pointer)
    }

    var status: ExecStatusType { unsafe PQresultStatus(pointer) }

    /// Whether the rows of COPY come in binary.
    var isBinary: Bool { unsafe PQbinaryTuples(pointer) == 1 }

    /// How many rows the statement read or changed; 0 for one that does neither.
    var affectedCount: Int {
        guard let text = unsafe PQcmdTuples(pointer) else { return 0 }
        return Int(unsafe String(cString: text)) ?? 0
    }

    /// What was done, `INSERT 0 3`.
    var commandTag: String {
        guard let text = unsafe PQcmdStatus(pointer) else { return "" }
        return unsafe String(cString: text)
    }

    /// Whether the server has forgotten all prepared statements by what was done.
    var discardsStatements: Bool {
        guard rowCount == 0, columnCount == 0, let tag = unsafe PQcmdStatus(pointer) else { return false }
        return unsafe strcmp(tag, "DISCARD ALL") == 0 || strcmp(tag, "DEALLOCATE ALL") == 0
    }

    func columnName(_ index: Int) -> String {
        guard let name = unsafe PQfname(pointer, CInt(index)) else { return "\(index + 1)" }
        return unsafe String(cString: name)
    }

    func columnType(_ index: Int) -> PostgresType {
        PostgresType(rawValue: unsafe PQftype(pointer, CInt(index)))
    }

    /// The value at a place, which must be there.
    func cell(row: Int, column: Int) -> PostgresCell {
        let (row, column) = (CInt(row), CInt(column))
        let type = PostgresType(rawValue: unsafe PQftype(pointer, column))
        let format: PostgresFormat = unsafe PQfformat(pointer, column) == 1 ? .binary : .text
        let isNull = unsafe PQgetisnull(pointer, row, column) == 1
        // The bytes are the result's own: they stay where they are until it is freed.
        let start = unsafe isNull ? nil : PQgetvalue(pointer, row, column)
        return unsafe PostgresCell(
            type: type, format: format, column: Int(column), start: start.map { UnsafeRawPointer($0) },
            count: isNull ? 0 : Int(PQgetlength(pointer, row, column)), owner: self)
    }

    /// The error that this result tells of, nil if it tells of none.
    var error: PostgresError? {
        guard status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE else { return nil }
        let state = field("C")
        let summary = unsafe PQresultErrorMessage(pointer).map { unsafe String(cString: $0) }
        var error = PostgresError(
            code: state.map { PostgresError.Code(rawValue: $0) } ?? .connectionLost,
            message: field("M") ?? (summary ?? "").trimmedLines)
        if error.code.rawValue == "0A000", field("R") == "RevalidateCachedQuery" { error.code = .staleStatement }
        error.detail = field("D")
        error.hint = field("H")
        error.context = field("W")
        error.position = field("P").flatMap { Int($0) }
        error.schema = field("s")
        error.table = field("t")
        error.column = field("c")
        error.dataType = field("d")
        error.constraint = field("n")
        return error
    }

    /// A part of an error, by the letter that the protocol gives it.
    private func field(_ letter: Unicode.Scalar) -> String? {
        guard let text = unsafe PQresultErrorField(pointer, CInt(letter.value)) else { return nil }
        return unsafe String(cString: text)
    }
}

extension String {
    /// libpq ends its messages with a line break and may put several below each other.
    var trimmedLines: String {
        split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }.joined(separator: "; ")
    }
}
