import Foundation
import SystemPackage

/// The files and folders of one cluster, and how they are made so that only the server's user gets at the data.
///
/// When root starts the server the folder itself stays root's, with what root writes and reads in it; only `data`
/// and `socket` belong to the server's user. So that user cannot lead root's writes astray with a link.
struct ClusterFolder: Sendable {
    let path: String
    let account: ServerAccount

    /// The part of a socket's path that PostgreSQL adds to the folder's.
    private static let socketName = ".s.PGSQL.\(ServerSettings.port)"
    /// The longest path of a unix socket on Linux, in bytes.
    private static let socketPathLimit = 107

    var data: String { "\(path)/data" }
    var lock: String { "\(path)/lock" }
    var settings: String { "\(path)/server.conf" }
    var access: String { "\(path)/access.conf" }
    var log: String { "\(path)/server.log" }
    private var socketRecord: String { "\(path)/socket-folder" }
    private var initialisingPrefix: String { "initialising-" }

    /// A name that no other folder's cluster has, the same at every start.
    var clusterName: String { "coverdesk-\(Self.digest(path))" }

    var processes: ServerProcesses {
        ServerProcesses(dataFolder: data, clusterName: clusterName, uid: account.uid)
    }

    // MARK: The folder

    /// Makes the folder and those above it, or checks the one that is there.
    func prepare() throws(ClusterError) {
        try Self.makeFolders(path, mode: account.isAnother ? 0o755 : 0o700)
        guard Self.owner(of: path) == geteuid() else {
            throw ClusterError(
                .folderUnusable,
                "the folder \(path) belongs to another user: run this as that user or name another folder")
        }
        guard account.canEnter(path) else {
            throw ClusterError(
                .folderUnusable,
                "the server runs as the user 'postgres', who cannot enter \(path): name a folder under one that "
                    + "everybody may enter, for example /var/lib/coverdesk")
        }
    }

    /// Makes a folder that only the server's user may enter, or checks that the one there is such.
    private func preparePrivate(_ folder: String) throws(ClusterError) {
        if !Self.exists(folder) {
            try Self.makeFolder(folder, mode: 0o700, owner: account)
        }
        guard isPrivate(folder) else {
            throw ClusterError(
                .folderUnusable,
                "\(folder) is not a folder that only the server's user may enter: move it away and start again")
        }
    }

    private func isPrivate(_ folder: String) -> Bool {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: folder) else {
            return false
        }
        return attributes[.type] as? FileAttributeType == .typeDirectory
            && (attributes[.ownerAccountID] as? NSNumber)?.uint32Value == account.uid
            && (attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700
    }

    // MARK: The data

    /// The major version that wrote the data; nil if there is no whole data folder.
    var dataVersion: String? {
        guard Self.exists("\(data)/global/pg_control"),
            let text = try? String(contentsOfFile: "\(data)/PG_VERSION", encoding: .utf8)
        else {
            return nil
        }
        let version = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return version.isEmpty ? nil : version
    }

    /// Makes an empty folder for `initdb`, to be renamed to `data` once it is whole.
    ///
    /// A run killed in the middle of `initdb` so never leaves half a data folder under the name that counts.
    func makeInitialisingFolder() throws(ClusterError) -> String {
        try removeInitialisingFolders()
        let folder = "\(path)/\(initialisingPrefix)\(Self.randomName())"
        try Self.makeFolder(folder, mode: 0o700, owner: account)
        return folder
    }

    /// Puts the whole data folder in its place, for good: the rename itself is written to disk.
    func adopt(_ initialised: String) throws(ClusterError) {
        if Self.exists(data) {
            // Ours is renamed when whole, so half a one comes from elsewhere: kept, for it may be wanted.
            try Self.attempt("could not move away the incomplete data folder \(data)") {
                try FileManager.default.moveItem(atPath: data, toPath: "\(data).incomplete-\(Self.randomName())")
            }
        }
        try Self.attempt("could not move the new data folder to \(data)") {
            try FileManager.default.moveItem(atPath: initialised, toPath: data)
            let parent = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            try parent.closeAfter { _ = fsync(parent.rawValue) }
        }
    }

    func removeInitialisingFolders() throws(ClusterError) {
        for name in Self.names(in: path) where name.hasPrefix(initialisingPrefix) {
            try Self.remove("\(path)/\(name)")
        }
    }

    // MARK: The socket

    /// The folder for the socket, made if need be: inside ours, or a short one where ours is too long a path.
    func prepareSocketFolder() throws(ClusterError) -> String {
        let inside = "\(path)/socket"
        if Self.fits(inside) {
            try preparePrivate(inside)
            return inside
        }
        if let recorded = recordedSocketFolder(), isPrivate(recorded) {
            return recorded
        }
        // Its name is random and the folder must not be there yet, so nobody else can have laid it out for us.
        let short = "/tmp/coverdesk-\(Self.randomName())"
        try Self.makeFolder(short, mode: 0o700, owner: account)
        try write(short, to: socketRecord)
        return short
    }

    /// The short folder made by an earlier start, if one was needed.
    func recordedSocketFolder() -> String? {
        guard let text = try? String(contentsOfFile: socketRecord, encoding: .utf8) else {
            return nil
        }
        let folder = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return folder.hasPrefix("/tmp/coverdesk-") && !folder.contains("..") ? folder : nil
    }

    /// Removes what a dead server left that would keep the next one from starting.
    ///
    /// PostgreSQL looks whether the process numbers in these files are in use, and after a crash they may be, by others.
    func removeStaleFiles(socketFolder: String) throws(ClusterError) {
        let socket = "\(socketFolder)/\(Self.socketName)"
        for file in ["\(data)/postmaster.pid", socket, "\(socket).lock"] where Self.exists(file) {
            try Self.remove(file)
        }
    }

    // MARK: The server's word

    /// Whether the server says that it takes connections.
    var isReady: Bool {
        guard let text = try? String(contentsOfFile: "\(data)/postmaster.pid", encoding: .utf8) else {
            return false
        }
        return text.split(separator: "\n").last?.trimmingCharacters(in: .whitespaces) == "ready"
    }

    var logSize: Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: log)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    /// Opens the log, which the server inherits.
    func openLog() throws(ClusterError) -> FileHandle {
        do {
            let file = try FileDescriptor.open(
                FilePath(log), .writeOnly, options: [.create, .append, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite, .groupRead])
            return FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: true)
        } catch {
            throw ClusterError(.folderUnusable, "could not open the log \(log)", cause: error)
        }
    }

    // MARK: Removal

    /// Removes everything, the short socket folder included.
    func removeEverything() throws(ClusterError) {
        removeSharedMemory()
        if let socketFolder = recordedSocketFolder(), isPrivate(socketFolder) {
            try Self.remove(socketFolder)
        }
        try Self.remove(path)
    }

    /// Gives back the one small segment of System V shared memory that a killed server leaves, for there are only so
    /// many in a system; the server names it on the last but one line of `postmaster.pid`.
    private func removeSharedMemory() {
        guard let lines = try? String(contentsOfFile: "\(data)/postmaster.pid", encoding: .utf8).split(separator: "\n"),
            let named = lines.map({ $0.split(separator: " ") }).first(where: { $0.count == 2 && Int($0[0]) != nil }),
            let table = FileManager.default.contents(atPath: "/proc/sysvipc/shm"),
            let tool = ServerPrograms.systemTool("ipcrm")
        else {
            return
        }
        // Columns: key, id, permissions, size, creating process, last process, attached now.
        let segment = String(decoding: table, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
            .first { $0.count > 6 && $0[0] == named[0] && $0[1] == named[1] }
        if let segment, segment[4] == lines[0], segment[6] == "0" {
            _ = try? Command(program: tool, arguments: ["-m", String(named[1])]).run()
        }
    }

    // MARK: Files

    /// Writes a file that the server's user can read.
    func write(_ text: String, to file: String) throws(ClusterError) {
        try Self.attempt("could not write \(file)") {
            let permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
            let descriptor = try FileDescriptor.open(
                FilePath(file), .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow],
                permissions: permissions)
            try descriptor.closeAfter {
                // Whatever the umask, which the permissions above are subject to.
                _ = fchmod(descriptor.rawValue, permissions.rawValue)
                _ = try descriptor.writeAll(text.utf8)
            }
        }
    }

    static func exists(_ path: String) -> Bool {
        // Not `fileExists`, which follows links and does not see one that leads nowhere.
        (try? FileManager.default.attributesOfItem(atPath: path)) != nil
    }

    static func owner(of path: String) -> UInt32? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value
    }

    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// Makes one folder, which must not be there yet, for the given user or for us.
    static func makeFolder(_ path: String, mode: UInt32, owner: ServerAccount? = nil) throws(ClusterError) {
        try attempt("could not make the folder \(path)") {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false,
                attributes: [.posixPermissions: NSNumber(value: 0o700)])
            let folder = try FileDescriptor.open(
                FilePath(path), .readOnly, options: [.directory, .noFollow, .closeOnExec])
            try folder.closeAfter {
                if let owner, owner.isAnother, fchown(folder.rawValue, owner.uid, owner.gid) != 0 {
                    throw Errno(rawValue: errno)
                }
                // Whatever the umask.
                guard fchmod(folder.rawValue, mode) == 0 else {
                    throw Errno(rawValue: errno)
                }
            }
        }
    }

    static func remove(_ path: String) throws(ClusterError) {
        try attempt("could not remove \(path)") {
            try FileManager.default.removeItem(atPath: path)
        }
    }

    /// Makes the folder and the missing ones above it, each with the mode.
    private static func makeFolders(_ path: String, mode: UInt32) throws(ClusterError) {
        guard !exists(path) else {
            return
        }
        try makeFolders(URL(fileURLWithPath: path).deletingLastPathComponent().path, mode: mode)
        try makeFolder(path, mode: mode)
    }

    private static func attempt(_ failure: String, _ body: () throws -> Void) throws(ClusterError) {
        do {
            try body()
        } catch {
            throw ClusterError(.folderUnusable, failure, cause: error)
        }
    }

    private static func fits(_ socketFolder: String) -> Bool {
        // The comma separates folders in the setting, and a quote or a backslash means something there and here.
        socketFolder.utf8.count + 1 + socketName.utf8.count <= socketPathLimit
            && !socketFolder.contains { ",'\"\\\n@".contains($0) }
    }

    static func randomName() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next(), radix: 36)
    }

    /// FNV-1a: the same at every start, as Swift's own hashing is not.
    static func digest(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}
