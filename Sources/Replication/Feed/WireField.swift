/// A field of a row as it stands in the feed, PostgreSQL's COPY text form.
enum WireField {
    /// Appends a text with its escapes.
    static func append(_ text: some Sequence<UInt8>, to wire: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\\"): wire += [0x5C, 0x5C]
            case 0x09: wire += [0x5C, UInt8(ascii: "t")]
            case 0x0A: wire += [0x5C, UInt8(ascii: "n")]
            case 0x0D: wire += [0x5C, UInt8(ascii: "r")]
            case 0x08: wire += [0x5C, UInt8(ascii: "b")]
            case 0x0B: wire += [0x5C, UInt8(ascii: "v")]
            case 0x0C: wire += [0x5C, UInt8(ascii: "f")]
            default: wire.append(byte)
            }
        }
    }

    /// Appends a decimal without trailing zeros, `37.5`, `38`.
    static func append(_ number: Double, to wire: inout [UInt8]) {
        // A number as wide as the service's, 13 digits with 3 behind the point, is told exactly by its shortest text.
        var text = "\(number)"
        if text.hasSuffix(".0") { text.removeLast(2) }
        wire += text.utf8
    }

    /// The text of a field that holds escapes; nil where one is not known.
    static func unescaped(_ field: some Sequence<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        var isEscaped = false
        for byte in field {
            guard isEscaped else {
                if byte == 0x5C { isEscaped = true } else { text.append(byte) }
                continue
            }
            isEscaped = false
            switch byte {
            case 0x5C: text.append(0x5C)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "v"): text.append(0x0B)
            default: return nil
            }
        }
        return isEscaped ? nil : text
    }

    /// A whole number in its shortest form, as digests need it; nil for anything else.
    @inline(__always)
    static func integer(_ field: some Collection<UInt8>) -> Int64? {
        var digits = field[field.startIndex...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard let first = digits.first, digits.count <= 19 else { return nil }
        if first == UInt8(ascii: "0") { return digits.count == 1 && !isNegative ? 0 : nil }
        var value: Int64 = 0
        for byte in digits {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflowToo) = tenfold.subtractingReportingOverflow(Int64(byte - 0x30))
            guard !overflow, !overflowToo else { return nil }
            value = next
        }
        // Counted below zero, where there is one number more.
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// A decimal in its shortest form that is no whole number; nil for anything else.
    static func decimal(_ field: some Collection<UInt8>) -> Double? {
        let text = String(decoding: field, as: UTF8.self)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].last != "0", !parts[1].isEmpty,
            parts.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D }),
            let number = Double(text)
        else { return nil }
        var wire: [UInt8] = []
        append(number, to: &wire)
        return wire.elementsEqual(text.utf8) ? number : nil
    }
}
