import BundleFiles
package import Coverage
import Foundation

/// A bundle whose files come one by one rather than in a folder.
package struct BundleUpload: Sendable {
    /// A file by its name in a bundle, `libraries.csv`.
    package struct File: Sendable {
        package let name: String
        package let bytes: [UInt8]

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// A file of a name that no bundle has; what it could be is for the page to say.
    package struct UnknownFile: Error, Hashable, Sendable {
        package let name: String
    }

    /// Everything that is wrong in the files.
    package struct Faults: Error, Hashable, Sendable {
        /// One fault a line: `operators.csv:3: library_id: there is no library “pub9”, expected an id of libraries.csv`.
        package let lines: [String]
    }

    private let files: [File]

    /// - Throws: ``UnknownFile``, the first that there is: a file that is not looked at would be missed later.
    package init(_ files: [File]) throws(UnknownFile) {
        if let file = files.first(where: { !BundleReader.fileNames.contains($0.name) }) {
            throw UnknownFile(name: file.name)
        }
        self.files = files
    }

    /// Reads the bundle and lends it, with its past sessions; the files are on disk meanwhile.
    ///
    /// - Parameters:
    ///   - name: Of a folder for them, which nobody can foresee, beside others' temporary files.
    ///   - body: What to do with the bundle.
    /// - Throws: ``Faults``, what the disk says, and what `body` throws.
    package func read(
        inFolderNamed name: String, _ body: (ConsortiumBundle, BundleImport.History?) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in files { try Data(file.bytes).write(to: folder.appending(path: file.name)) }
        let (bundle, history) = try Self.readFolder(folder.path(percentEncoded: false))
        try await body(
            bundle,
            history.map { file in
                BundleImport.History(span: file.span, count: file.count) { write in try await file.send(to: write) }
            })
    }

    private static func readFolder(_ path: String) throws(Faults) -> (ConsortiumBundle, HistoryFile?) {
        do {
            return try BundleReader(folder: path).readWithHistory()
        } catch {
            throw Faults(lines: error.description.split(separator: "\n").map(String.init))
        }
    }
}
