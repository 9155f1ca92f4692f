import Foundation

/// A folder that one test has to itself.
package struct TemporaryFolder: Sendable {
    /// Its absolute path, without links.
    package let path: String

    fileprivate init() throws {
        let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        let folder = base.appendingPathComponent("coverdesk-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false,
            // Another user may enter, for a test that root runs may start a server in it, which is not root.
            attributes: [.posixPermissions: NSNumber(value: 0o755)])
        path = folder.path
    }

    /// The path of a file or folder inside, there or not.
    package func path(of name: String) -> String {
        "\(path)/\(name)"
    }

    /// Writes a text file and makes the folders that it lies in.
    ///
    /// - Returns: The file's path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let file = URL(fileURLWithPath: path(of: name))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// The text of a file inside.
    package func text(of name: String) throws -> String {
        try String(contentsOfFile: path(of: name), encoding: .utf8)
    }

    fileprivate func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Lends an empty folder, which is gone afterwards with all that is in it.
package func withTemporaryFolder<Result>(
    _ body: (TemporaryFolder) async throws -> Result
) async throws -> Result {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try await body(folder)
}
