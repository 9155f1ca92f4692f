import Foundation
import Glibc

/// A folder of files that are written aside and take the place of older ones when they are whole.
///
/// A new folder appears at once. One that is there stays the folder that it is, since people stand in it or mount it:
/// the file without which the others mean nothing is taken away first and put back last, so that no mixture of old and
/// new is ever taken for a whole.
struct FolderReplacement {
    private static let workingPrefix = ".writing-"

    /// Where to write.
    let workingPath: String
    /// What will be replaced, links to it followed.
    private let target: String
    private let isNew: Bool
    private let names: [String]

    /// Makes the folder to write in.
    ///
    /// - Parameters:
    ///   - path: The folder to be made or filled.
    ///   - names: The files that may be in it; the first is that without which the others mean nothing.
    /// - Throws: Where it holds anything else, or cannot be written.
    init(of path: String, mayHold names: [String]) throws(BundleWritingRefusal) {
        target = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        self.names = names
        isNew = FileManager.default.type(atPath: target) == nil
        if !isNew { try Self.check(target, mayHold: names) }
        var generator = SystemRandomNumberGenerator()
        let suffix = Self.workingPrefix + String(generator.next(), radix: 36)
        let (parent, name) = Self.split(target)
        workingPath = isNew ? "\(parent)/.\(name)\(suffix)" : "\(target)/\(suffix)"
        do {
            if isNew { try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true) }
            try FileManager.default.createDirectory(atPath: workingPath, withIntermediateDirectories: false)
        } catch {
            throw .cannotWrite(path: path)
        }
    }

    /// Puts what was written in its place.
    func commit() throws(BundleWritingRefusal) {
        Self.synchronize(workingPath)
        if isNew {
            guard unsafe rename(workingPath, target) == 0 else { throw .cannotWrite(path: target) }
            Self.synchronize(Self.split(target).parent)
        } else {
            try moveFiles()
            removeLeftovers()
            Self.synchronize(target)
        }
    }

    /// Removes what was written and not put in its place.
    func discard() {
        try? FileManager.default.removeItem(atPath: workingPath)
    }

    private func moveFiles() throws(BundleWritingRefusal) {
        let written = Set((try? FileManager.default.contentsOfDirectory(atPath: workingPath)) ?? [])
        let replaced = names.prefix(1) + names.dropFirst().filter { !written.contains($0) }
        for name in replaced {
            let path = "\(target)/\(name)"
            guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .cannotWrite(path: path) }
        }
        Self.synchronize(target)
        for name in names.reversed() where written.contains(name) {
            let path = "\(target)/\(name)"
            guard unsafe rename("\(workingPath)/\(name)", path) == 0 else { throw .cannotWrite(path: path) }
        }
    }

    /// Removes this and older folders to write in, which killed processes left.
    private func removeLeftovers() {
        let present = (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? []
        for name in present where name.hasPrefix(Self.workingPrefix) {
            try? FileManager.default.removeItem(atPath: "\(target)/\(name)")
        }
    }

    /// Asks for a folder's entries to reach the disk.
    ///
    /// Where a file system cannot, its entries get there in its own time.
    private static func synchronize(_ folder: String) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = close(descriptor)
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        let url = URL(fileURLWithPath: path)
        return (url.deletingLastPathComponent().path, url.lastPathComponent)
    }

    private static func check(_ path: String, mayHold names: [String]) throws(BundleWritingRefusal) {
        guard FileManager.default.type(atPath: path) == .typeDirectory else { throw .notAFolder(path) }
        guard let present = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .cannotWrite(path: path)
        }
        let others = present.filter { !names.contains($0) && !$0.hasPrefix(workingPrefix) }.sorted()
        guard others.isEmpty else { throw .folderHoldsOtherThings(folder: path, names: others) }
    }
}
