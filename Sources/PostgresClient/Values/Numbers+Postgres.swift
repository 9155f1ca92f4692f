extension Bool: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .bool }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(byte: self ? 1 : 0) }
    package func encodeText(into buffer: inout PostgresBuffer) { buffer.append(utf8: self ? "t" : "f") }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Bool {
        switch (cell.format, cell.type, cell.integer(UInt8.self)) {
        case (.binary, .bool, let byte?): return byte != 0
        case (.text, _, UInt8(ascii: "t")?) where cell.byteCount == 1: return true
        case (.text, _, UInt8(ascii: "f")?) where cell.byteCount == 1: return false
        default: throw cell.mismatch(Bool.self)
        }
    }
}

extension Double: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .float8 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(bitPattern) }
    package func encodeText(into buffer: inout PostgresBuffer) { buffer.append(utf8: description) }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Double {
        let value: Double? =
            switch (cell.format, cell.type) {
            case (.binary, .float8): cell.integer(UInt64.self).map(Double.init(bitPattern:))
            case (.binary, .float4): cell.integer(UInt32.self).map { Double(Float(bitPattern: $0)) }
            case (.text, _): Double(cell.rawText)
            default: nil
            }
        guard let value else { throw cell.mismatch(Double.self) }
        return value
    }
}

extension Float: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .float4 }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(bitPattern) }
    package func encodeText(into buffer: inout PostgresBuffer) { buffer.append(utf8: description) }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> Float {
        let value: Float? =
            switch (cell.format, cell.type) {
            case (.binary, .float4): cell.integer(UInt32.self).map(Float.init(bitPattern:))
            case (.text, _): Float(cell.rawText)
            default: nil
            }
        guard let value else { throw cell.mismatch(Float.self) }
        return value
    }
}
