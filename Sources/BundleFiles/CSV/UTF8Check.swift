/// Finds bytes that are not UTF-8.
enum UTF8Check {
    /// The index of the first byte that cannot stand where it stands; nil if all is well.
    ///
    /// The allowed sequences are those of table 3-7 of the Unicode standard: no surrogates, no overlong forms.
    static func firstInvalid(in bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            guard let (length, second) = sequence(after: lead), index + length <= bytes.count,
                second.contains(bytes[index + 1])
            else { return index }
            for next in bytes[(index + 2)..<max(index + 2, index + length)] where !(0x80...0xBF).contains(next) {
                return index
            }
            index += length
        }
        return nil
    }

    /// The length of the sequence that a byte begins, and what its second byte may be.
    private static func sequence(after lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
        switch lead {
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xE1...0xEF: (3, 0x80...0xBF)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        default: nil
        }
    }
}
