import Foundation

/// Writes a CSV file: lines that end with LF, quotes only where they are needed.
struct CSVWriter {
    private let handle: FileHandle
    private let path: String
    private var pending: [UInt8] = []

    /// Begins a new file.
    init(path: String, columns: [String]) throws(FileWritingProblem) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw FileWritingProblem(path: path) }
        self.handle = handle
        self.path = path
        try append(columns)
    }

    mutating func append(_ values: [String]) throws(FileWritingProblem) {
        for (position, value) in values.enumerated() {
            if position > 0 { pending.append(Byte.comma) }
            append(value)
        }
        pending.append(Byte.lineFeed)
        if pending.count >= 64 << 10 { try flush() }
    }

    /// Writes what is left, to the disk itself.
    mutating func finish() throws(FileWritingProblem) {
        try flush()
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw FileWritingProblem(path: path)
        }
    }

    private mutating func append(_ value: String) {
        let bytes = value.utf8
        guard bytes.contains(where: Byte.isSpecial) else {
            pending.append(contentsOf: bytes)
            return
        }
        pending.append(Byte.quote)
        for byte in bytes {
            if byte == Byte.quote { pending.append(byte) }
            pending.append(byte)
        }
        pending.append(Byte.quote)
    }

    private mutating func flush() throws(FileWritingProblem) {
        do {
            try handle.write(contentsOf: Data(pending))
        } catch {
            throw FileWritingProblem(path: path)
        }
        pending.removeAll(keepingCapacity: true)
    }
}

/// A file could not be written.
struct FileWritingProblem: Error {
    let path: String
}
