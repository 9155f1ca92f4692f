// Whole numbers travel in binary; each can be read from any of the server's integer types that it can hold.

extension Int: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .int8 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(Int64(self)) }
    package func encodeText(into buffer: inout PostgresBuffer) { buffer.append(utf8: String(self)) }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Int { try cell.wholeNumber() }
}

extension Int64: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .int8 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
    package func encodeText(into buffer: inout PostgresBuffer) { buffer.append(utf8: String(self)) }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Int64 { try cell.wholeNumber() }
}

extension Int32: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .int4 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
    package func encodeText(into buffer: inout PostgresBuffer) { buffer.append(utf8: String(self)) }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Int32 { try cell.wholeNumber() }
}

extension Int16: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .int2 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
    package func encodeText(into buffer: inout PostgresBuffer) { buffer.append(utf8: String(self)) }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Int16 { try cell.wholeNumber() }
}

extension PostgresCell {
    fileprivate func wholeNumber<Number: FixedWidthInteger>() throws(PostgresError) -> Number {
        guard !isNull else { throw mismatch(Number.self) }
        let wide: Int64?
        switch (format, type) {
        case (.binary, .int8): wide = integer(Int64.self)
        case (.binary, .int4): wide = integer(Int32.self).map(Int64.init)
        case (.binary, .int2): wide = integer(Int16.self).map(Int64.init)
        case (.binary, .oid): wide = integer(UInt32.self).map(Int64.init)
        case (.binary, _): throw mismatch(Number.self)
        case (.text, _): wide = Int64(rawText)
        }
        guard let wide else { throw mismatch(Number.self) }
        guard let number = Number(exactly: wide) else {
            throw mismatch(Number.self, because: "the number is too large for it")
        }
        return number
    }
}
