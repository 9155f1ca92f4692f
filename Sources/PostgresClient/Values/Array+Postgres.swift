extension Array: PostgresEncodable where Element: PostgresEncodable {
    package static var postgresType: PostgresType { Element.postgresType.array ?? .unspecified }

    /// Binary only where the elements and their array type are known in binary.
    package static var postgresFormat: PostgresFormat {
        Element.postgresType.array == nil ? .text : Element.postgresFormat
    }

    package func encode(into buffer: inout PostgresBuffer) throws(PostgresError) {
        guard Self.postgresFormat == .binary else { return try encodeText(into: &buffer) }
        guard !isEmpty else {
            // No dimensions, no NULLs, the elements' type.
            buffer.append(Int32(0))
            buffer.append(Int32(0))
            buffer.append(Element.postgresType.rawValue)
            return
        }
        buffer.append(Int32(1))
        buffer.append(Int32(contains { $0.isPostgresNull } ? 1 : 0))
        buffer.append(Element.postgresType.rawValue)
        buffer.append(Int32(truncatingIfNeeded: count))
        buffer.append(Int32(1))
        for element in self {
            if element.isPostgresNull {
                buffer.append(Int32(-1))
            } else {
                try buffer.appendWithLength { inner throws(PostgresError) in try element.encode(into: &inner) }
            }
        }
    }

    package func encodeText(into buffer: inout PostgresBuffer) throws(PostgresError) {
        buffer.append(byte: UInt8(ascii: "{"))
        for (index, element) in enumerated() {
            if index > 0 { buffer.append(byte: UInt8(ascii: ",")) }
            guard !element.isPostgresNull else {
                buffer.append(utf8: "NULL")
                continue
            }
            // Quoted always: what must be quoted depends on more than is worth asking.
            buffer.append(byte: UInt8(ascii: "\""))
            let start = buffer.bytes.count
            try element.encodeText(into: &buffer)
            buffer.rewrite(from: start) { written, quoted in
                for byte in written {
                    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
                    quoted.append(byte)
                }
            }
            buffer.append(byte: UInt8(ascii: "\""))
        }
        buffer.append(byte: UInt8(ascii: "}"))
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    /// Reads an array of one dimension.
    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> [Element] {
        guard !cell.isNull else { throw cell.mismatch([Element].self) }
        return cell.format == .binary ? try decodeBinary(cell) : try decodeText(cell)
    }

    private static func decodeBinary(_ cell: PostgresCell) throws(PostgresError) -> [Element] {
        guard cell.type.element != nil, let dimensions = cell.integer(Int32.self),
            let elementType = cell.integer(UInt32.self, at: 8)
        else { throw cell.mismatch([Element].self) }
        guard dimensions > 0 else { return [] }
        guard dimensions == 1, let count = cell.integer(Int32.self, at: 12), count >= 0 else {
            throw cell.mismatch([Element].self, because: "it has more than one dimension")
        }
        var elements: [Element] = []
        var offset = 20
        for _ in 0..<count {
            guard let length = cell.integer(Int32.self, at: offset) else { throw cell.mismatch([Element].self) }
            offset += 4
            let range = length < 0 ? nil : offset..<offset + Int(length)
            elements.append(try Element.decode(cell.part(range, type: PostgresType(rawValue: elementType))))
            offset += Swift.max(0, Int(length))
        }
        return elements
    }

    private static func decodeText(_ cell: PostgresCell) throws(PostgresError) -> [Element] {
        guard let texts = ArrayText.elements(of: cell.rawText) else {
            throw cell.mismatch([Element].self, because: "it is no array of one dimension")
        }
        let type = cell.type.element ?? .unknown
        var elements: [Element] = []
        elements.reserveCapacity(texts.count)
        for text in texts {
            elements.append(try Element.decode(TextFields.cell(text, type: type, describedBy: cell)))
        }
        return elements
    }
}

/// The server's text form of arrays: `{a,"b c",NULL}`.
enum ArrayText {
    /// The elements without their quotes, nil for NULL; nil if the text is no array of one dimension.
    static func elements(of text: String) -> [String?]? {
        var bytes = Substring(text).utf8
        guard bytes.popFirst() == UInt8(ascii: "{"), bytes.popLast() == UInt8(ascii: "}") else { return nil }
        guard !bytes.isEmpty else { return [] }
        var elements: [String?] = []
        var current: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                wasQuoted = true
            case UInt8(ascii: "\\"):
                guard let escaped = bytes.popFirst() else { return nil }
                current.append(escaped)
            case UInt8(ascii: ",") where !isQuoted:
                elements.append(element(current, wasQuoted: wasQuoted))
                current = []
                wasQuoted = false
            case UInt8(ascii: "{") where !isQuoted, UInt8(ascii: "}") where !isQuoted:
                return nil
            default:
                current.append(byte)
            }
        }
        guard !isQuoted else { return nil }
        elements.append(element(current, wasQuoted: wasQuoted))
        return elements
    }

    private static func element(_ bytes: [UInt8], wasQuoted: Bool) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        return !wasQuoted && text == "NULL" ? nil : text
    }
}
