/// Reads the details of events, JSON as ``DetailsWriter`` writes it, member by member.
///
/// Every event is read once by each process, a few for every decision: a general decoder cost more than deciding.
struct DetailsReader {
    /// Not JSON, or not what was expected at this place.
    struct Fault: Error {}

    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { index += 1 }
    }

    /// Takes a byte, and the space before it, if it is next.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Fault) {
        guard take(byte) else { throw Fault() }
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        skipSpace()
        let count = word.utf8CodeUnitCount
        guard index + count <= bytes.count,
            word.withUTF8Buffer({ unsafe bytes[index..<(index + count)].elementsEqual($0) })
        else { return false }
        index += count
        return true
    }

    /// Hands each member's name over, with the reader before its value, which must be read; nulls are left out.
    mutating func object(_ member: (inout DetailsReader, String) throws(Fault) -> Void) throws(Fault) {
        try expect(UInt8(ascii: "{"))
        guard !take(UInt8(ascii: "}")) else { return }
        repeat {
            let name = try string()
            try expect(UInt8(ascii: ":"))
            if !takeWord("null") { try member(&self, name) }
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    mutating func array<Element>(_ element: (inout DetailsReader) throws(Fault) -> Element) throws(Fault) -> [Element] {
        var elements: [Element] = []
        try expect(UInt8(ascii: "["))
        guard !take(UInt8(ascii: "]")) else { return elements }
        repeat { elements.append(try element(&self)) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return elements
    }

    /// Leaves out a value that this program does not know, as a newer one may have written.
    mutating func skip(depth: Int = 0) throws(Fault) {
        guard depth < 32 else { throw Fault() }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): try object { reader, _ throws(Fault) in try reader.skip(depth: depth + 1) }
        case UInt8(ascii: "["): _ = try array { reader throws(Fault) in try reader.skip(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        default: if !takeWord("null") { _ = try number() }
        }
    }

    mutating func boolean() throws(Fault) -> Bool {
        if takeWord("true") { return true }
        if takeWord("false") { return false }
        throw Fault()
    }

    mutating func number() throws(Fault) -> Int64 {
        skipSpace()
        let start = index
        while let byte = next, byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) { index += 1 }
        guard let number = Int64(String(decoding: bytes[start..<index], as: UTF8.self)) else { throw Fault() }
        return number
    }

    mutating func string() throws(Fault) -> String {
        try expect(UInt8(ascii: "\""))
        let start = index
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { index += 1 }
        let plain = bytes[start..<index]
        if take(UInt8(ascii: "\"")) { return String(decoding: plain, as: UTF8.self) }
        var text = Array(plain)
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw Fault()
    }

    private mutating func escape(into text: inout [UInt8]) throws(Fault) {
        guard let byte = next else { throw Fault() }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try scalar()).utf8)
        default: throw Fault()
        }
    }

    private mutating func scalar() throws(Fault) -> Character {
        var units = [try hexUnit()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw Fault() }
            units.append(try hexUnit())
        }
        guard let text = String(validating: units, as: UTF16.self), let character = text.first else { throw Fault() }
        return character
    }

    private mutating func hexUnit() throws(Fault) -> UInt16 {
        guard index + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16)
        else { throw Fault() }
        index += 4
        return unit
    }
}
