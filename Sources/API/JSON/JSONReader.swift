/// Reads JSON strictly (RFC 8259): UTF-8, one value, no member twice, nesting bounded.
///
/// - Complexity: O(length) but for objects, whose names are compared with each other.
package struct JSONReader {
    /// Why a text is no JSON that is taken here.
    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// Counted in bytes from 0.
        package let offset: Int
        package let description: String
    }

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Deeper texts are refused: reading calls itself, and the stack has an end.
    private static let maximumDepth = 16

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a whole text.
    ///
    /// - Throws: ``Fault`` that says what is wrong and where.
    package static func read(_ bytes: some Sequence<UInt8>) throws(Fault) -> JSONValue {
        var reader = JSONReader(Array(bytes))
        reader.skipSpace()
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == reader.bytes.count else {
            throw reader.fault("there is more text behind the value")
        }
        return value
    }

    // MARK: Values

    private mutating func value() throws(Fault) -> JSONValue {
        guard let first = peek else { throw fault("the text ends where a value is expected") }
        switch first {
        case UInt8(ascii: "{"): return .object(try nested(by: Self.object))
        case UInt8(ascii: "["): return .array(try nested(by: Self.array))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", is: .boolean(true))
        case UInt8(ascii: "f"): return try word("false", is: .boolean(false))
        case UInt8(ascii: "n"): return try word("null", is: .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("no value begins like this")
        }
    }

    private mutating func nested<Result>(
        by read: (inout JSONReader) throws(Fault) -> Result
    ) throws(Fault) -> Result {
        guard depth < Self.maximumDepth else { throw fault("the values are nested deeper than \(Self.maximumDepth)") }
        depth += 1
        position += 1
        let result = try read(&self)
        depth -= 1
        return result
    }

    private static func object(_ reader: inout JSONReader) throws(Fault) -> JSONObject {
        var object = JSONObject()
        reader.skipSpace()
        if reader.take("}") { return object }
        var names = Set<String>()
        while true {
            reader.skipSpace()
            guard reader.peek == UInt8(ascii: "\"") else { throw reader.fault("a member's name in quotes is expected") }
            let start = reader.position
            let name = try reader.string()
            guard names.insert(name).inserted else {
                throw Fault(offset: start, description: "the member “\(name.shortened)” is there twice")
            }
            reader.skipSpace()
            guard reader.take(":") else { throw reader.fault("“:” is expected") }
            reader.skipSpace()
            object.append(name, try reader.value())
            reader.skipSpace()
            if reader.take("}") { return object }
            guard reader.take(",") else { throw reader.fault("“,” or “}” is expected") }
        }
    }

    private static func array(_ reader: inout JSONReader) throws(Fault) -> [JSONValue] {
        var values: [JSONValue] = []
        reader.skipSpace()
        if reader.take("]") { return values }
        while true {
            reader.skipSpace()
            values.append(try reader.value())
            reader.skipSpace()
            if reader.take("]") { return values }
            guard reader.take(",") else { throw reader.fault("“,” or “]” is expected") }
        }
    }

    private mutating func word(_ word: StaticString, is value: JSONValue) throws(Fault) -> JSONValue {
        let expected = Array(word.description.utf8)
        guard bytes[position...].starts(with: expected) else { throw fault("no value begins like this") }
        position += expected.count
        return value
    }

    private mutating func number() throws(Fault) -> JSONValue {
        let start = position
        _ = take("-")
        if take("0") {
            // A zero stands alone before the point.
        } else {
            guard takeDigits() else { throw fault("a digit is expected") }
        }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard takeDigits() else { throw fault("a digit is expected") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard takeDigits() else { throw fault("a digit is expected") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw Fault(offset: start, description: "the number is too large")
        }
        // 1.0 and 1e3 are whole numbers too, as JSON Schema has it.
        if let integer = Int64(exactly: number) { return .integer(integer) }
        return .number(number)
    }

    // MARK: Texts

    private mutating func string() throws(Fault) -> String {
        position += 1
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if peek == UInt8(ascii: "\"") {
            // Nothing to be unescaped, as nearly always.
            defer { position += 1 }
            return try text(bytes[start..<position], at: start)
        }
        var unescaped = Array(bytes[start..<position])
        while true {
            guard let byte = peek else { throw fault("the text ends within a string") }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try text(unescaped[...], at: start)
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &unescaped)
            case 0..<0x20:
                throw fault("a control character in a string must be escaped")
            default:
                unescaped.append(byte)
                position += 1
            }
        }
    }

    private func text(_ utf8: ArraySlice<UInt8>, at offset: Int) throws(Fault) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw Fault(offset: offset, description: "the string is not UTF-8")
        }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws(Fault) {
        guard let letter = peek else { throw fault("the text ends within a string") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try scalar()).utf8)
        default: throw fault("there is no such escape")
        }
    }

    /// The character of `\uXXXX`, or of two of them where one is beyond U+FFFF.
    private mutating func scalar() throws(Fault) -> Character {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard take("\\"), take("u") else { throw fault("half of a surrogate pair stands alone") }
        let second = try codeUnit()
        let pair = String(decoding: [first, second], as: UTF16.self)
        guard (0xD800..<0xDC00).contains(first), (0xDC00..<0xE000).contains(second), let character = pair.first else {
            throw fault("half of a surrogate pair stands alone")
        }
        return character
    }

    private mutating func codeUnit() throws(Fault) -> UInt16 {
        guard position + 4 <= bytes.count,
            bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits are expected") }
        position += 4
        return unit
    }

    // MARK: Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takeDigits() -> Bool {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position > start
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func fault(_ description: String) -> Fault {
        Fault(offset: position, description: description)
    }
}

extension String {
    /// Short enough to be quoted in an answer: counted in scalars, as one character may be made of any number of them.
    var shortened: String {
        unicodeScalars.count <= 40 ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(40))) + "…"
    }

    /// Itself, with a picture in the place of each U+0000, which many a program takes for the end of the text.
    var withoutNulls: String {
        utf8.contains(0) ? String(String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? "␀" : $0 })) : self
    }
}
