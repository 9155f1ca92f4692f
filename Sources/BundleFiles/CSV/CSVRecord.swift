/// One record of a CSV file, its quotes taken off; its memory is used again for the next.
struct CSVRecord {
    /// The line on which the record begins, from 1.
    private(set) var line = 0
    /// Fields in the record, kept or not.
    private(set) var fieldCount = 0
    /// The first thing found wrong in it.
    private(set) var flaw: CSVFlaw?
    /// Fields beyond this number are counted and not kept.
    var keptFields = 64

    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// The bytes of a field that was kept.
    func field(_ index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// A field that was kept, as text.
    func text(_ index: Int) -> String {
        String(decoding: field(index), as: UTF8.self)
    }

    /// Fields that were kept.
    var keptCount: Int { ends.count }

    /// Whether the line was empty.
    var isBlank: Bool { fieldCount == 1 && bytes.isEmpty && flaw == nil }

    mutating func begin(atLine line: Int) {
        self.line = line
        fieldCount = 0
        flaw = nil
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Bytes of the field being read, as far as they are kept.
    var openFieldBytes: Int { bytes.count - (ends.last ?? 0) }

    mutating func append(_ run: ArraySlice<UInt8>) {
        if fieldCount < keptFields { bytes.append(contentsOf: run) }
    }

    mutating func append(_ byte: UInt8) {
        if fieldCount < keptFields { bytes.append(byte) }
    }

    mutating func endField() {
        if fieldCount < keptFields { ends.append(bytes.count) }
        fieldCount += 1
    }

    /// Notes a flaw: the first counts, and one that ends the file before all others.
    mutating func found(_ kind: CSVFlaw.Kind, line: Int) {
        let found = CSVFlaw(kind: kind, line: line, field: fieldCount)
        if flaw == nil || found.endsFile { flaw = found }
    }

    /// Looks for bytes that are not UTF-8.
    mutating func checkEncoding() {
        guard flaw == nil, let bad = UTF8Check.firstInvalid(in: bytes) else { return }
        let lineFeeds = bytes[..<bad].count { $0 == 0x0A }
        let field = ends.firstIndex { bad < $0 } ?? 0
        flaw = CSVFlaw(kind: .notUTF8(bytes[bad]), line: line + lineFeeds, field: field)
    }
}

/// What breaks a record of a CSV file.
struct CSVFlaw {
    enum Kind {
        case quoteInsideField, textAfterQuote, loneCarriageReturn, nul
        case notUTF8(UInt8)
        case utf16
        case quoteNotClosed
        case fieldTooLong(limit: Int)
        case tooManyFields(limit: Int)
    }

    let kind: Kind
    let line: Int
    /// The field, counted from 0.
    let field: Int

    /// Whether nothing after it can be made sense of.
    var endsFile: Bool {
        switch kind {
        case .utf16, .quoteNotClosed, .fieldTooLong, .tooManyFields: true
        case .quoteInsideField, .textAfterQuote, .loneCarriageReturn, .nul, .notUTF8: false
        }
    }

    var problem: String {
        switch kind {
        case .quoteInsideField: "a quote stands inside a value that does not begin with one"
        case .textAfterQuote: "there is text after the closing quote"
        case .loneCarriageReturn: "a carriage return stands alone"
        case .nul: "there is a NUL byte"
        case .notUTF8(let byte): "the byte 0x\(String(byte, radix: 16, uppercase: true)) is not UTF-8"
        case .utf16: "the file is UTF-16"
        case .quoteNotClosed: "the quote that opens here is never closed"
        case .fieldTooLong(let limit): "the value is longer than \(limit) bytes; the rest of the file was not read"
        case .tooManyFields(let limit): "the line has more than \(limit) values; the rest of the file was not read"
        }
    }

    var remedy: String {
        switch kind {
        case .quoteInsideField, .textAfterQuote:
            "expected quotes around the whole value, and each quote inside it doubled"
        case .loneCarriageReturn: "expected lines that end with a line feed, alone or after a carriage return"
        case .nul: "expected text"
        case .notUTF8, .utf16: "expected the file saved as UTF-8"
        case .quoteNotClosed: "expected a closing quote, and each quote inside the value doubled"
        case .fieldTooLong: "expected a shorter one: is a quote not closed?"
        case .tooManyFields: "expected as many as there are columns"
        }
    }
}
