/// Reads the records of a CSV file as RFC 4180 has them, one after the other, in memory that does not grow.
///
/// Lines end with LF or CRLF; empty lines are skipped; a byte order mark at the start is taken off. What the RFC does
/// not allow is found and named, and where the next record can be told reading goes on with it.
struct CSVReader {
    private static let mostFields = 1000

    private var source: ByteSource
    private let fieldLimit: Int
    /// The line of the next byte.
    private var line = 1
    private var isAtStart = true
    private var isOver = false

    init(_ source: ByteSource, fieldLimit: Int) {
        self.source = source
        self.fieldLimit = fieldLimit
    }

    /// A digest of all bytes read, once the end was reached.
    var digest: UInt64 { source.digest }

    /// Reads the next record; false at the end of the file.
    mutating func next(into record: inout CSVRecord) throws(FileProblem) -> Bool {
        if isAtStart {
            isAtStart = false
            if try !skipMark() {
                isOver = true
                record.begin(atLine: 1)
                record.found(.utf16, line: 1)
                return true
            }
        }
        repeat {
            guard !isOver, try source.fill() else { return false }
            record.begin(atLine: line)
            var hasMore = true
            while hasMore, !isOver {
                hasMore = try readField(into: &record)
            }
        } while record.isBlank
        record.checkEncoding()
        return true
    }

    // MARK: Fields

    /// Reads one field and what ends it; true if another follows on the same line.
    private mutating func readField(into record: inout CSVRecord) throws(FileProblem) -> Bool {
        if record.fieldCount == Self.mostFields {
            record.found(.tooManyFields(limit: Self.mostFields), line: line)
            isOver = true
            return false
        }
        if try peek() == Byte.quote {
            source.position += 1
            guard try readQuoted(into: &record) else { return false }
        }
        return try readPlain(into: &record)
    }

    /// Reads up to the closing quote and over it; false if there is none.
    private mutating func readQuoted(into record: inout CSVRecord) throws(FileProblem) -> Bool {
        let opening = line
        while true {
            let run = try takeRun { $0 != Byte.quote && $0 != Byte.lineFeed && $0 != 0 }
            guard keep(run, in: &record, openedOn: opening) else { return false }
            if source.isChunkUsedUp, try source.fill() { continue }
            guard let byte = try peek() else {
                record.found(.quoteNotClosed, line: opening)
                isOver = true
                return false
            }
            source.position += 1
            switch byte {
            case Byte.quote:
                guard try peek() == Byte.quote else {
                    if let next = try peek(), next != Byte.comma, next != Byte.lineFeed, next != Byte.carriageReturn {
                        record.found(.textAfterQuote, line: line)
                    }
                    return true
                }
                source.position += 1
                record.append(Byte.quote)
            case Byte.lineFeed:
                line += 1
                record.append(byte)
            default:
                record.found(.nul, line: line)
                record.append(byte)
            }
        }
    }

    /// Reads up to the comma or the line's end and over it; true at a comma.
    private mutating func readPlain(into record: inout CSVRecord) throws(FileProblem) -> Bool {
        let opening = line
        while true {
            let run = try takeRun { $0 > Byte.comma || !Byte.isSpecial($0) }
            guard keep(run, in: &record, openedOn: opening) else { return false }
            if source.isChunkUsedUp, try source.fill() { continue }
            guard let byte = try peek() else {
                record.endField()
                return false
            }
            source.position += 1
            switch byte {
            case Byte.comma:
                record.endField()
                return true
            case Byte.lineFeed:
                line += 1
                record.endField()
                return false
            case Byte.carriageReturn:
                if try peek() != Byte.lineFeed { record.found(.loneCarriageReturn, line: line) }
            case Byte.quote:
                record.found(.quoteInsideField, line: line)
                record.append(byte)
            default:
                record.found(.nul, line: line)
                record.append(byte)
            }
        }
    }

    /// Adds a run to the field being read; false, and the end of the file's reading, if it grows too long.
    private mutating func keep(_ run: ArraySlice<UInt8>, in record: inout CSVRecord, openedOn opening: Int) -> Bool {
        record.append(run)
        guard record.openFieldBytes > fieldLimit else { return true }
        record.found(.fieldTooLong(limit: fieldLimit), line: opening)
        isOver = true
        return false
    }

    // MARK: Bytes

    private mutating func peek() throws(FileProblem) -> UInt8? {
        try source.fill() ? source.chunk[source.position] : nil
    }

    /// The bytes up to one that does not belong, or to the chunk's end; empty where the very next does not.
    private mutating func takeRun(while belongs: (UInt8) -> Bool) throws(FileProblem) -> ArraySlice<UInt8> {
        guard try source.fill() else { return [] }
        let start = source.position
        let chunk = source.chunk
        var end = start
        while end < chunk.count, belongs(chunk[end]) { end += 1 }
        source.position = end
        return chunk[start..<end]
    }

    /// Passes over a byte order mark; false if it is that of UTF-16.
    private mutating func skipMark() throws(FileProblem) -> Bool {
        guard try source.fill() else { return true }
        switch source.chunk.prefix(3) {
        case [0xEF, 0xBB, 0xBF]: source.position = 3
        case let start where start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]): return false
        default: break
        }
        return true
    }
}

/// The bytes that mean something in CSV.
enum Byte {
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C

    static func isSpecial(_ byte: UInt8) -> Bool {
        byte == comma || byte == lineFeed || byte == carriageReturn || byte == quote || byte == 0
    }
}
