import Foundation
import SystemPackage

/// A lock on a folder that the system lets go of when its holder ends, however it ends.
struct FolderLock: Sendable {
    private let file: FileDescriptor

    /// Takes the lock without waiting.
    ///
    /// - Returns: nil if another holder has it.
    static func take(path: String) throws(ClusterError) -> FolderLock? {
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                try file.close()
                return nil
            }
            _ = ftruncate(file.rawValue, 0)
            try file.writeAll("\(getpid())\n".utf8)
            return FolderLock(file: file)
        } catch {
            throw ClusterError(.folderUnusable, "could not open the lock file \(path)", cause: error)
        }
    }

    /// The process that says it holds the lock.
    static func holder(path: String) -> String {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func release() {
        try? file.close()
    }
}
