/// Writes a CSV file: lines that end with LF, quotes only where they are needed.
struct CSVWriter {
    private var file: TextFileWriter

    /// Begins a file with its first line.
    init(path: String, columns: [String]) throws(FileWritingProblem) {
        file = try TextFileWriter(path: path)
        try append(columns)
    }

    mutating func append(_ values: [String]) throws(FileWritingProblem) {
        for (position, value) in values.enumerated() {
            if position > 0 { file.append(Byte.comma) }
            append(value)
        }
        file.append(Byte.lineFeed)
        try file.flushIfLarge()
    }

    mutating func finish() throws(FileWritingProblem) {
        try file.finish()
    }

    private mutating func append(_ value: String) {
        guard value.utf8.contains(where: Byte.isSpecial) else {
            file.append(value.utf8)
            return
        }
        file.append(Byte.quote)
        for byte in value.utf8 {
            if byte == Byte.quote { file.append(byte) }
            file.append(byte)
        }
        file.append(Byte.quote)
    }
}
