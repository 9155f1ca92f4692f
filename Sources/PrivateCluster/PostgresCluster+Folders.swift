import Foundation

extension PostgresCluster {
    /// Where the demo keeps its things unless told otherwise.
    ///
    /// In the project's own folder, so that they go with it; where that will not do, because root runs this and the
    /// server's user cannot enter the project's folder, or because the folder is somebody else's, then
    /// `/var/lib/coverdesk/…` for root and `~/.local/state/coverdesk/…` for anybody else.
    ///
    /// - Parameter project: The folder of the project, or wherever the command was called.
    /// - Returns: The absolute path of a folder that need not exist yet.
    /// - Throws: ``ClusterError`` if root has no other user to run the server as.
    package static func defaultFolder(project: String) throws -> String {
        let project = resolved(project)
        let account = try ServerAccount.current()
        let ours = "\(project)/.coverdesk"
        let name = "\(URL(fileURLWithPath: project).lastPathComponent)-\(ClusterFolder.digest(project))"
        let isFree = ClusterFolder.owner(of: ours).map { $0 == geteuid() } ?? true
        if isFree, account.canEnter(ClusterFolder.exists(ours) ? ours : project),
            FileManager.default.isWritableFile(atPath: project)
        {
            return ours
        }
        guard geteuid() != 0 else {
            return "/var/lib/coverdesk/\(name)"
        }
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return "\(state ?? "\(NSHomeDirectory())/.local/state")/coverdesk/\(name)"
    }

    /// Stops and removes temporary clusters whose process died before it could.
    ///
    /// - Parameter base: Where they were made; nil for the system's folder for temporary files.
    /// - Throws: ``ClusterError`` if one cannot be removed.
    package static func removeLeftovers(in base: String? = nil) throws {
        let account = try ServerAccount.current()
        let base = try temporaryBase(base, account: account)
        for name in ClusterFolder.names(in: base) where isLeftover(name, in: base) {
            try removeLeftover(ClusterFolder(path: "\(base)/\(name)", account: account))
        }
    }

    static func layout(for use: Use) throws(ClusterError) -> ClusterFolder {
        let account = try ServerAccount.current()
        switch use {
        case .persistent(let folder):
            return ClusterFolder(path: resolved(folder), account: account)
        case .temporary(let base):
            let base = try temporaryBase(base, account: account)
            for name in ClusterFolder.names(in: base) where isLeftover(name, in: base) {
                // What cannot be removed now is tried again next time; it does not keep us from starting.
                try? removeLeftover(ClusterFolder(path: "\(base)/\(name)", account: account))
            }
            let folder = ClusterFolder(path: "\(base)/\(try temporaryName())", account: account)
            try ClusterFolder.makeFolder(folder.path, mode: account.isAnother ? 0o755 : 0o700)
            return folder
        }
    }

    // MARK: Temporary clusters

    private static let temporaryPrefix = "coverdesk-cluster-"

    /// The owner's number and start are in the name, so that a folder is never without them, not even for an instant.
    private static func temporaryName() throws(ClusterError) -> String {
        guard let ourselves = ProcessTable.ourselves else {
            throw ClusterError(.folderUnusable, "/proc does not tell of this process: is it mounted?")
        }
        return "\(temporaryPrefix)\(ourselves.processID)-\(ourselves.startTicks)-\(ClusterFolder.randomName())"
    }

    private static func temporaryBase(_ base: String?, account: ServerAccount) throws(ClusterError) -> String {
        if let base {
            return resolved(base)
        }
        let usual = resolved(NSTemporaryDirectory())
        return account.canEnter(usual) ? usual : "/tmp"
    }

    private static func isLeftover(_ name: String, in base: String) -> Bool {
        guard name.hasPrefix(temporaryPrefix), ClusterFolder.owner(of: "\(base)/\(name)") == geteuid() else {
            return false
        }
        let parts = name.dropFirst(temporaryPrefix.count).split(separator: "-")
        guard parts.count == 3, let processID = Int32(parts[0]), let startTicks = UInt64(parts[1]) else {
            return false
        }
        return !ProcessTable.isAlive(ProcessTable.Identity(processID: processID, startTicks: startTicks))
    }

    /// Removes one leftover, unless its lock is held: by whoever else removes it, or by a process that we cannot see.
    private static func removeLeftover(_ folder: ClusterFolder) throws(ClusterError) {
        guard let lock = try FolderLock.take(path: folder.lock) else {
            return
        }
        defer { lock.release() }
        folder.processes.endAtOnce()
        try folder.removeEverything()
    }

    /// The absolute path without links, which is the same from wherever it is looked at.
    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
