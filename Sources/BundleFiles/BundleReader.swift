package import Coverage
import Foundation

/// Reads a bundle's folder, and says everything that is wrong with it in one go.
package struct BundleReader: Sendable {
    private let folder: String
    private let limits: BundleLimits

    /// - Parameters:
    ///   - folder: Where `consortium.yaml` lies.
    ///   - limits: How large the files may be.
    package init(folder: String, limits: BundleLimits = BundleLimits()) {
        self.folder = folder
        self.limits = limits
    }

    /// What the files of a bundle are called.
    package static let fileNames = BundleFile.allCases.map(\.rawValue)

    /// The bundle; its history, if there is one, is checked with the rest.
    ///
    /// - Throws: Every fault of every file.
    package func read() throws(BundleFaults) -> ConsortiumBundle {
        try readWithHistory().bundle
    }

    /// The bundle and, where it holds past sessions, the file to take them from.
    ///
    /// - Throws: Every fault of every file.
    package func readWithHistory() throws(BundleFaults) -> (bundle: ConsortiumBundle, history: HistoryFile?) {
        guard FileManager.default.type(atPath: folder) == .typeDirectory else {
            var missing = FaultList(file: folder, limit: 1)
            missing.add(line: 1, "there is no such folder", "expected the folder that holds consortium.yaml")
            throw BundleFaults([missing])
        }
        var reading = BundleReading(folder: folder, limits: limits)
        return try reading.run()
    }
}
