import Foundation

/// Where PostgreSQL's server programs are.
struct ServerPrograms: Sendable {
    /// The folder that holds `initdb`, `postgres` and `psql`.
    let folder: String

    private static let needed = ["initdb", "postgres", "psql"]
    private static let debianRoot = "/usr/lib/postgresql"

    /// Looks on PATH, then among Debian's versioned folders, newest first, then where `pg_config` points.
    ///
    /// - Parameter majorVersion: The version that existing data needs; nil takes the first found.
    /// - Returns: The programs of one version.
    /// - Throws: ``ClusterError`` that says which package to install.
    static func find(majorVersion: String? = nil) throws(ClusterError) -> ServerPrograms {
        if let majorVersion {
            let exact = "\(debianRoot)/\(majorVersion)/bin"
            if isComplete(exact) {
                return ServerPrograms(folder: exact)
            }
        }
        let candidates = onPath() + debianFolders() + configured()
        for folder in candidates where isComplete(folder) {
            let found = ServerPrograms(folder: folder)
            if let majorVersion, try found.majorVersion() != majorVersion {
                continue
            }
            return found
        }
        if let majorVersion {
            throw ClusterError(
                .versionMissing,
                "the data was written by PostgreSQL \(majorVersion), which is not installed: install "
                    + "postgresql-\(majorVersion), or move the data away to start with an empty database")
        }
        throw ClusterError(
            .programsMissing,
            "PostgreSQL's server programs (\(needed.joined(separator: ", "))) are neither on PATH nor in "
                + "\(debianRoot): install them with 'apt-get install postgresql'")
    }

    func path(_ program: String) -> String {
        "\(folder)/\(program)"
    }

    private func majorVersion() throws(ClusterError) -> String? {
        let text = try Command(program: path("postgres"), arguments: ["--version"]).run().text
        let version = text.split(separator: " ").first { $0.first?.isNumber == true }
        return version?.split { !$0.isNumber }.first.map(String.init)
    }

    /// A system tool's absolute path: on PATH or where Debian keeps it, which PATH may leave out.
    static func systemTool(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        return folders.lazy.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile)
    }

    private static func isComplete(_ folder: String) -> Bool {
        needed.allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    }

    /// PATH often holds only links to the programs; the folder that they point to holds all of them.
    private static func onPath() -> [String] {
        guard let initdb = systemTool("initdb") else {
            return []
        }
        return [URL(fileURLWithPath: initdb).resolvingSymlinksInPath().deletingLastPathComponent().path]
    }

    private static func debianFolders() -> [String] {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: debianRoot)) ?? []
        return versions.compactMap { Int($0) }.sorted(by: >).map { "\(debianRoot)/\($0)/bin" }
    }

    private static func configured() -> [String] {
        guard let tool = systemTool("pg_config"),
            let outcome = try? Command(program: tool, arguments: ["--bindir"]).run(), outcome.succeeded
        else {
            return []
        }
        return [outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)]
    }
}
