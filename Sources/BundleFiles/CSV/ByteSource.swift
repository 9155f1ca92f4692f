import Foundation

/// A file, read in chunks: never more than one of them is in memory.
struct ByteSource {
    private let handle: FileHandle
    private let chunkBytes: Int
    private let limit: Int
    private let digests: Bool
    private var bytesRead = 0

    /// The chunk being read; ``position`` is where the next byte stands in it.
    private(set) var chunk: [UInt8] = []
    var position = 0

    /// FNV-1a over everything read so far, where that was asked for.
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: Bytes that it may have; nil is any number.
    ///   - chunkBytes: Bytes that are read at once.
    ///   - digests: Whether ``digest`` is wanted.
    /// - Throws: What is wrong with the file, before anything of it is read.
    init(path: String, limit: Int?, chunkBytes: Int, digests: Bool = false) throws(FileProblem) {
        let size = try Self.sizeOfRegularFile(path)
        if let limit, size > limit { throw .tooLarge(bytes: size, limit: limit) }
        do {
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } catch {
            throw .unreadable
        }
        // A byte order mark is looked for in one chunk.
        self.chunkBytes = max(4, chunkBytes)
        self.limit = limit ?? .max
        self.digests = digests
    }

    var isChunkUsedUp: Bool { position == chunk.count }

    /// Makes sure that a byte stands at ``position``; false at the file's end.
    mutating func fill() throws(FileProblem) -> Bool {
        if position < chunk.count { return true }
        let data: Data?
        do {
            data = try handle.read(upToCount: chunkBytes)
        } catch {
            throw .unreadable
        }
        chunk = data.map { [UInt8]($0) } ?? []
        position = 0
        bytesRead += chunk.count
        if bytesRead > limit { throw .tooLarge(bytes: bytesRead, limit: limit) }
        if digests {
            for byte in chunk { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return !chunk.isEmpty
    }

    /// The whole file, for one that is small.
    static func contents(of path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        var source = try ByteSource(path: path, limit: limit, chunkBytes: 64 << 10)
        var bytes: [UInt8] = []
        while try source.fill() {
            bytes += source.chunk
            source.position = source.chunk.count
        }
        return bytes
    }

    private static func sizeOfRegularFile(_ path: String) throws(FileProblem) -> Int {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else { throw .missing }
        // A pipe or a device could keep the reader waiting, or never end.
        guard attributes[.type] as? FileAttributeType == .typeRegular else { throw .notAFile }
        return (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
}

/// Why a file cannot be read at all.
enum FileProblem: Error {
    case missing
    case notAFile
    case unreadable
    case tooLarge(bytes: Int, limit: Int)

    var problem: String {
        switch self {
        case .missing: "the file is missing"
        case .notAFile: "this is no file"
        case .unreadable: "the file cannot be read"
        case .tooLarge(let bytes, let limit): "the file has \(bytes) bytes, more than the \(limit) that it may have"
        }
    }

    var remedy: String {
        switch self {
        case .missing: "expected it in the bundle's folder, with its header line even where it has no rows"
        case .notAFile: "expected a file with text in it"
        case .unreadable: "expected one that this user may read"
        case .tooLarge: "expected a smaller one: check that the right file is in its place"
        }
    }
}
