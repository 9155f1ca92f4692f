/// One row of a COPY from the server, as it was sent.
package struct PostgresCopyRow: Sendable, Hashable {
    /// In the format of the COPY; in the text format and CSV with the line break at the end.
    package let bytes: [UInt8]

    /// The bytes as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads the row's columns, from left to right, all of them.
    ///
    /// - Precondition: The COPY is in the text format, the default.
    /// - Throws: ``PostgresError`` with the code `decoding`, which names the column by its number.
    package func decode<each Value: PostgresDecodable>(
        _ types: (repeat each Value).Type
    ) throws(PostgresError) -> (repeat each Value) {
        var reader = Reader(fields: fields())
        let values = (repeat try reader.next((each Value).self))
        guard reader.position == reader.fields.count else {
            throw PostgresError(
                code: .decoding,
                message: "\(reader.position) columns were asked for of the \(reader.fields.count) that came")
        }
        return values
    }

    /// The row's first columns as texts, with the escapes undone.
    ///
    /// - Precondition: The COPY is in the text format, the default.
    /// - Throws: ``PostgresError`` with the code `decoding` if one is null.
    package func texts(upTo count: Int) throws(PostgresError) -> [String] {
        let fields = fields()
        var texts: [String] = []
        for index in 0..<min(count, fields.count) { texts.append(try String.decode(fields.cell(index))) }
        return texts
    }

    private struct Reader {
        let fields: TextFields
        var position = 0

        mutating func next<Value: PostgresDecodable>(_: Value.Type) throws(PostgresError) -> Value {
            guard position < fields.count else {
                throw PostgresError(
                    code: .decoding, message: "more columns were asked for than the \(fields.count) that there are")
            }
            defer { position += 1 }
            return try Value.decode(fields.cell(position))
        }
    }

    /// Takes the row apart at its tabs and undoes COPY's escapes.
    private func fields() -> TextFields {
        var contents: [UInt8] = []
        contents.reserveCapacity(bytes.count)
        var ranges: [Range<Int>?] = []
        let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        for field in line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false) {
            guard Array(field) != Array("\\N".utf8) else {
                ranges.append(nil)
                continue
            }
            let start = contents.count
            var isEscaped = false
            for byte in field {
                if !isEscaped, byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else {
                    contents.append(isEscaped ? Self.unescaped(byte) : byte)
                    isEscaped = false
                }
            }
            ranges.append(start..<contents.count)
        }
        return TextFields(contents, ranges: ranges) { "\($0 + 1)" }
    }

    private static func unescaped(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "t"): 9
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "v"): 11
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "r"): 13
        default: byte
        }
    }
}
