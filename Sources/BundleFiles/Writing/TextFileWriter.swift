import Foundation

/// Writes a new file in chunks, and to the disk itself before it is done.
struct TextFileWriter {
    private let handle: FileHandle
    private let path: String
    private var pending: [UInt8] = []

    /// Begins a file, in the place of one that may be there.
    init(path: String) throws(FileWritingProblem) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw FileWritingProblem(path: path) }
        self.handle = handle
        self.path = path
    }

    mutating func append(_ byte: UInt8) {
        pending.append(byte)
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        pending.append(contentsOf: bytes)
    }

    /// Writes what has gathered once it is worth it.
    mutating func flushIfLarge() throws(FileWritingProblem) {
        if pending.count >= 64 << 10 { try flush() }
    }

    mutating func finish() throws(FileWritingProblem) {
        try flush()
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw FileWritingProblem(path: path)
        }
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
