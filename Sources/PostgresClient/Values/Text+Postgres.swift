package import FoundationEssentials

extension String: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .text }

    package func encode(into buffer: inout PostgresBuffer) throws(PostgresError) {
        try checkNoNul()
        buffer.append(utf8: self)
    }

    package func encodeText(into buffer: inout PostgresBuffer) throws(PostgresError) {
        try checkNoNul()
        buffer.append(utf8: self)
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> String {
        guard !cell.isNull else { throw cell.mismatch(String.self) }
        if cell.format == .text || cell.type.isTextual { return cell.rawText }
        if cell.type == .jsonb, cell.integer(UInt8.self) == 1 {
            // A version number goes before the text.
            return cell.part(1..<cell.byteCount, type: .json).rawText
        }
        throw cell.mismatch(String.self, because: "cast it with ::text")
    }

    private func checkNoNul() throws(PostgresError) {
        guard !utf8.contains(0) else {
            throw PostgresError(code: .encoding, message: "a text holds U+0000, which PostgreSQL cannot store")
        }
    }
}

/// Bytes, as the server's `bytea`.
package struct PostgresBytes: Hashable, Sendable {
    package var bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }
}

extension PostgresBytes: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .bytea }

    package func encode(into buffer: inout PostgresBuffer) { buffer.append(contentsOf: bytes) }

    package func encodeText(into buffer: inout PostgresBuffer) {
        buffer.append(utf8: "\\x")
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes {
            buffer.append(byte: digits[Int(byte >> 4)])
            buffer.append(byte: digits[Int(byte & 15)])
        }
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> PostgresBytes {
        guard !cell.isNull, cell.type == .bytea || cell.format == .text else {
            throw cell.mismatch(PostgresBytes.self)
        }
        let bytes = unsafe cell.withBytes { unsafe Array($0) }
        if cell.format == .binary { return PostgresBytes(bytes) }
        let digits = bytes.dropFirst(2).map { Character(UnicodeScalar($0)).hexDigitValue }
        guard bytes.starts(with: Array("\\x".utf8)), digits.count.isMultiple(of: 2) else {
            throw cell.mismatch(PostgresBytes.self, because: "only bytea_output = hex is read")
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else {
                throw cell.mismatch(PostgresBytes.self, because: "it holds something else than hexadecimal digits")
            }
            decoded.append(UInt8(high * 16 + low))
        }
        return PostgresBytes(decoded)
    }
}

extension UUID: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .uuid }

    package func encode(into buffer: inout PostgresBuffer) {
        unsafe withUnsafeBytes(of: uuid) { unsafe buffer.append(contentsOf: $0) }
    }

    package func encodeText(into buffer: inout PostgresBuffer) {
        buffer.append(utf8: uuidString.lowercased())
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> UUID {
        if cell.format == .text, let value = UUID(uuidString: cell.rawText) { return value }
        guard cell.format == .binary, cell.type == .uuid, cell.byteCount == 16 else {
            throw cell.mismatch(UUID.self)
        }
        var value = UUID().uuid
        // Sixteen bytes, any of which make a UUID.
        unsafe withUnsafeMutableBytes(of: &value) { target in
            unsafe cell.withBytes { unsafe target.copyMemory(from: $0) }
        }
        return UUID(uuid: value)
    }
}
