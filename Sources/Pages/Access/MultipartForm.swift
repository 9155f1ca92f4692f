/// What a form with files sends: `multipart/form-data` (RFC 7578).
enum MultipartForm {
    /// A part of a form.
    struct Part: Hashable, Sendable {
        let name: String
        /// Nil where the part is a field and no file.
        let fileName: String?
        let bytes: [UInt8]
    }

    /// Takes a form apart.
    ///
    /// - Parameters:
    ///   - body: The whole of it.
    ///   - contentType: The header, which names what stands between parts.
    /// - Returns: The parts; nil if it is no such form.
    static func parts(_ body: [UInt8], contentType: String) -> [Part]? {
        guard let boundary = parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
            return nil
        }
        let mark = Array("\r\n--\(boundary)".utf8)
        // As if a line ended before the first mark, so that all are alike.
        let text = Array("\r\n".utf8) + body
        var parts: [Part] = []
        var start = find(mark, in: text, from: 0)
        while let begin = start {
            let content = begin + mark.count
            if text.dropFirst(content).starts(with: "--".utf8) { return parts }
            guard let end = find(mark, in: text, from: content), let part = part(text[content..<end]) else {
                return nil
            }
            parts.append(part)
            start = end
        }
        // What does not end was cut off on the way.
        return nil
    }

    /// Headers, an empty line, and what the part holds.
    private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
        let all = Array(bytes)
        guard let gap = find(Array("\r\n\r\n".utf8), in: all, from: 0) else { return nil }
        let headers = String(decoding: all[..<gap], as: UTF8.self).split(separator: "\r\n")
        let disposition = headers.first { $0.lowercased().hasPrefix("content-disposition:") }
        guard let disposition, let name = parameter("name", of: disposition) else { return nil }
        return Part(name: name, fileName: parameter("filename", of: disposition), bytes: Array(all[(gap + 4)...]))
    }

    /// What a header says behind a name, in quotes or not; browsers write quotes inside as `%22`.
    private static func parameter(_ name: String, of header: some StringProtocol) -> String? {
        for piece in header.split(separator: ";").dropFirst() {
            let pair = piece.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, pair[0].lowercased() == name else { continue }
            let value = pair[1]
            return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count >= 2
                ? String(value.dropFirst().dropLast()) : String(value)
        }
        return nil
    }

    private static func find(_ wanted: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard let first = wanted.first, text.count - start >= wanted.count else { return nil }
        for index in start...(text.count - wanted.count)
        where text[index] == first && text[index..<index + wanted.count].elementsEqual(wanted) {
            return index
        }
        return nil
    }
}
