/// One row of an answer.
package struct PostgresRow: Sendable {
    let result: ServerResult
    let index: Int

    /// How many columns it has.
    package var columnCount: Int { result.columnCount }

    /// What its columns are called.
    package var columnNames: [String] { (0..<columnCount).map(result.columnName) }

    /// The value in a column counted from 0.
    ///
    /// - Precondition: `column < columnCount`.
    package subscript(column: Int) -> PostgresCell {
        precondition((0..<columnCount).contains(column), "there is no column \(column) of \(columnCount)")
        return result.cell(row: index, column: column)
    }

    /// Reads the row's columns, from left to right, all of them.
    ///
    /// ```swift
    /// let (id, name, phone) = try row.decode((Int, String, String?).self)
    /// ```
    ///
    /// - Throws: ``PostgresError`` with the code `decoding`, which names the column.
    package func decode<each Value: PostgresDecodable>(
        _ types: (repeat each Value).Type
    ) throws(PostgresError) -> (repeat each Value) {
        var reader = Reader(row: self)
        let values = (repeat try reader.next((each Value).self))
        try reader.finish()
        return values
    }

    /// Reads the only column that the row has.
    ///
    /// - Throws: ``PostgresError`` with the code `decoding`, which names the column.
    package func decode<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> Value {
        var reader = Reader(row: self)
        let value = try reader.next(type)
        try reader.finish()
        return value
    }

    /// Reads one column by its name.
    package func decode<Value: PostgresDecodable>(
        column name: String, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard let column = (0..<columnCount).first(where: { result.columnName($0) == name }) else {
            throw PostgresError(
                code: .decoding,
                message: "there is no column \(name): there are \(columnNames.joined(separator: ", "))")
        }
        return try Value.decode(result.cell(row: index, column: column))
    }

    private struct Reader {
        let row: PostgresRow
        var column = 0

        mutating func next<Value: PostgresDecodable>(_: Value.Type) throws(PostgresError) -> Value {
            guard column < row.columnCount else {
                throw PostgresError(
                    code: .decoding, message: "more columns were asked for than the \(row.columnCount) that there are")
            }
            defer { column += 1 }
            return try Value.decode(row.result.cell(row: row.index, column: column))
        }

        func finish() throws(PostgresError) {
            guard column == row.columnCount else {
                throw PostgresError(
                    code: .decoding, message: "\(column) columns were asked for of the \(row.columnCount) that came")
            }
        }
    }
}
