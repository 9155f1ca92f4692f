/// All rows of an answer, in memory.
///
/// They stay as the server sent them, in one piece, until they are read.
package struct PostgresRows: Sendable {
    private let result: ServerResult

    init(_ result: ServerResult) {
        self.result = result
    }

    /// What the columns are called.
    package var columnNames: [String] { (0..<result.columnCount).map(result.columnName) }

    /// How many rows the statement read or changed.
    package var affectedCount: Int { result.affectedCount }

    /// Reads every row.
    ///
    /// - Throws: ``PostgresError`` with the code `decoding`, which names the column.
    package func decode<each Value: PostgresDecodable>(
        _ types: (repeat each Value).Type
    ) throws(PostgresError) -> [(repeat each Value)] {
        var decoded: [(repeat each Value)] = []
        decoded.reserveCapacity(count)
        for row in self { decoded.append(try row.decode(types)) }
        return decoded
    }

    /// Reads the only column that the rows have.
    package func decode<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> [Value] {
        var decoded: [Value] = []
        decoded.reserveCapacity(count)
        for row in self { decoded.append(try row.decode(type)) }
        return decoded
    }
}

extension PostgresRows: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { result.rowCount }

    package subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "there is no row \(position) of \(count)")
        return PostgresRow(result: result, index: position)
    }
}
