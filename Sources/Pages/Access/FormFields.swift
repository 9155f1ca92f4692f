import NIOCore

/// A file that a form sends.
struct UploadedFile: Hashable, Sendable {
    /// Its name, without folders before it.
    let name: String
    let bytes: [UInt8]
}

/// What a form sends: `application/x-www-form-urlencoded` (WHATWG URL Standard, section 5), or with files as
/// ``MultipartForm``.
package struct FormFields: Hashable, Sendable {
    private let values: [String: String]
    private(set) var files: [UploadedFile] = []

    /// The most bytes that a form may have.
    static let maximumBytes = 393_216

    /// The most bytes of a form with files: see `ServiceLimits.uploadBytes`, which bounds it before.
    static let maximumUploadBytes = 16 << 20

    init(_ parts: [MultipartForm.Part]) {
        var values: [String: String] = [:]
        for part in parts {
            guard let file = part.fileName else {
                values[part.name] = String(decoding: part.bytes, as: UTF8.self)
                continue
            }
            // A field in which no file was chosen is sent as one without a name.
            guard let name = file.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last else { continue }
            files.append(UploadedFile(name: String(name), bytes: part.bytes))
        }
        self.values = values
    }

    init(_ buffer: ByteBuffer) {
        self.init(String(buffer: buffer))
    }

    package init(_ text: some StringProtocol) {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[Self.decoded(parts[0])] = parts.count > 1 ? Self.decoded(parts[1]) : ""
        }
        self.values = values
    }

    /// A field as it was typed, and empty where there is none.
    package subscript(_ name: String) -> String { values[name] ?? "" }

    /// A field without the spaces around it; nil where nothing was typed.
    package func text(_ name: String) -> String? {
        var text = Substring(self[name])
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text.isEmpty ? nil : String(text)
    }

    private static func decoded(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = digit(rest.first), let low = digit(rest.dropFirst().first) {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let byte) where (0x30...0x39).contains(byte): byte - 0x30
        case .some(let byte) where (0x41...0x46).contains(byte): byte - 0x41 + 10
        case .some(let byte) where (0x61...0x66).contains(byte): byte - 0x61 + 10
        default: nil
        }
    }

    /// A value as an address can hold it.
    package static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~/".utf8.contains(byte)
            guard !isPlain else { return String(UnicodeScalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
