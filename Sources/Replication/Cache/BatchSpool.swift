import Foundation
import SystemPackage

/// The lines of a batch that has not come to its end: in memory, and beyond a limit in a file that has no name.
///
/// They wait here and not in an open transaction, for a service may take its time between them, and whoever makes an
/// intent meanwhile must not wait for it.
struct BatchSpool {
    private var memory: [UInt8] = []
    private var file: FileDescriptor?
    private let folder: String
    private let limit: Int

    /// The number of the first line kept.
    private(set) var firstLine = 0

    /// - Parameters:
    ///   - folder: Where the file is made: that of the cache, so that a full disk is the same disk.
    ///   - limit: Bytes that are kept in memory.
    init(folder: String, limit: Int) {
        self.folder = folder
        self.limit = limit
    }

    var isEmpty: Bool { memory.isEmpty && file == nil }

    /// Keeps a line.
    ///
    /// - Throws: `Errno` if the disk takes no more.
    mutating func append(_ line: UnsafeRawBufferPointer, number: Int) throws {
        if isEmpty { firstLine = number }
        unsafe memory.append(contentsOf: line)
        memory.append(0x0A)
        guard memory.count >= limit else { return }
        let target = try file ?? Self.nameless(in: folder)
        file = target
        try target.writeAll(memory)
        memory.removeAll(keepingCapacity: true)
    }

    /// Forgets all lines.
    mutating func clear() {
        memory.removeAll(keepingCapacity: memory.capacity <= 2 * limit)
        try? file?.close()
        file = nil
    }

    /// Lends the lines in order, each without its newline.
    func forEachLine(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if let file {
            try file.seek(offset: 0, from: .start)
            var carry: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 1 << 20)
            while case let count = try unsafe piece.withUnsafeMutableBytes({ unsafe try file.read(into: $0) }),
                count > 0
            {
                carry += piece[..<count]
                let used = try unsafe carry.withUnsafeBytes { unsafe try LineCutter.cut($0, body) }
                carry.removeFirst(used)
            }
        }
        _ = try unsafe memory.withUnsafeBytes { unsafe try LineCutter.cut($0, body) }
    }

    private static func nameless(in folder: String) throws -> FileDescriptor {
        let path = FilePath("\(folder)/.coverdesk-batch-\(UUID().uuidString)")
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        try FileManager.default.removeItem(atPath: path.string)
        return file
    }
}

/// Cuts bytes into lines.
enum LineCutter {
    /// Lends each whole line, without its newline.
    ///
    /// - Returns: How many bytes the whole lines are; what is behind them belongs to a line still to come.
    static func cut(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var start = 0
        while start < bytes.count, let found = unsafe memchr(base + start, 0x0A, bytes.count - start) {
            let end = unsafe UnsafeRawPointer(found) - base
            // The line lies inside the bytes, and is lent no longer than they are.
            try unsafe body(UnsafeRawBufferPointer(start: base + start, count: end - start))
            start = end + 1
        }
        return start
    }
}
