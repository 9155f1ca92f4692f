import Foundation
import Glibc

/// A folder that is written beside the one it will take the place of, so that there is never half of it.
struct FolderReplacement {
    /// Where to write.
    let workingPath: String
    /// What will be replaced, links to it followed.
    private let target: String

    /// Makes the folder to write in.
    ///
    /// - Parameters:
    ///   - path: The folder to be made or replaced.
    ///   - names: The files that may be in one that is replaced.
    /// - Throws: Where it holds anything else, or cannot be written.
    init(of path: String, mayHold names: Set<String>) throws(BundleWritingRefusal) {
        target = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        try Self.check(target, mayHold: names)
        let parent = URL(fileURLWithPath: target).deletingLastPathComponent().path
        let name = URL(fileURLWithPath: target).lastPathComponent
        var generator = SystemRandomNumberGenerator()
        workingPath = "\(parent)/.\(name).writing-\(String(generator.next(), radix: 36))"
        do {
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: workingPath, withIntermediateDirectories: false)
        } catch {
            throw .cannotWrite(path: workingPath)
        }
    }

    /// Puts what was written in its place; the folder that was there goes.
    ///
    /// Between two renames there is for a moment neither, and never half of one: killed there, the old folder is
    /// found beside the new one, under the names that begin with a dot.
    func commit() throws(BundleWritingRefusal) {
        synchronize(workingPath)
        // Over an empty folder one rename does.
        if unsafe rename(workingPath, target) != 0 {
            let old = "\(workingPath).old"
            guard unsafe rename(target, old) == 0 else { throw .cannotWrite(path: target) }
            guard unsafe rename(workingPath, target) == 0 else {
                _ = unsafe rename(old, target)
                throw .cannotWrite(path: target)
            }
            try? FileManager.default.removeItem(atPath: old)
        }
        synchronize(URL(fileURLWithPath: target).deletingLastPathComponent().path)
    }

    /// Removes what was written.
    func discard() {
        try? FileManager.default.removeItem(atPath: workingPath)
    }

    /// Asks for a folder's entries to reach the disk.
    ///
    /// Where a file system cannot, its entries get there in its own time.
    private func synchronize(_ folder: String) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = close(descriptor)
    }

    private static func check(_ path: String, mayHold names: Set<String>) throws(BundleWritingRefusal) {
        guard let type = FileManager.default.type(atPath: path) else { return }
        guard type == .typeDirectory, let present = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .notAFolder(path)
        }
        let others = present.filter { !names.contains($0) }.sorted()
        guard others.isEmpty else { throw .folderHoldsOtherThings(folder: path, names: others) }
    }
}
