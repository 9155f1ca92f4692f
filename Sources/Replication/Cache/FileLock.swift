import Foundation
import SystemPackage

/// A lock that the system lets go of when its holder ends, however it ends.
struct FileLock: Sendable {
    private let file: FileDescriptor

    /// Takes the lock without waiting.
    ///
    /// - Returns: nil if another holder has it.
    /// - Throws: `Errno` if the lock's file cannot be opened.
    static func take(_ path: String) throws -> FileLock? {
        let file = try open(path)
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try file.close()
            return nil
        }
        _ = ftruncate(file.rawValue, 0)
        // Only for people who wonder who has it.
        _ = try? file.writeAll("\(getpid())\n".utf8)
        return FileLock(file: file)
    }

    /// Waits for the lock, together with others or alone, while the body runs.
    static func with<Result>(_ path: String, alone: Bool, _ body: () throws -> Result) throws -> Result {
        let file = try open(path)
        defer { try? file.close() }
        while flock(file.rawValue, alone ? LOCK_EX : LOCK_SH) != 0 {
            guard errno == EINTR else { throw Errno(rawValue: errno) }
        }
        return try body()
    }

    /// The process that says it holds the lock.
    static func holder(_ path: String) -> String {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func release() {
        try? file.close()
    }

    private static func open(_ path: String) throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath(path), .readWrite, options: [.create, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite, .groupReadWrite, .otherRead])
    }
}
