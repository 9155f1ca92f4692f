/// How large a bundle may be: what keeps the memory of reading one bounded, whatever the files hold.
package struct BundleLimits: Sendable {
    /// Bytes of one file, the history apart, which is never held in memory.
    package var fileBytes: Int
    /// Bytes of `history.csv`; nil is no limit.
    package var historyBytes: Int?
    /// Bytes of `consortium.yaml`.
    package var settingsBytes: Int
    /// Bytes of one value: where a quote is never closed, reading ends here.
    package var fieldBytes: Int
    /// Rows of one file, the history apart.
    package var rows: Int
    /// Faults that are listed for one file; more are only counted.
    package var listedFaults: Int
    /// Bytes that are read at once.
    package var chunkBytes: Int

    package init(
        fileBytes: Int = 64 << 20, historyBytes: Int? = nil, settingsBytes: Int = 64 << 10, fieldBytes: Int = 64 << 10,
        rows: Int = 1_000_000, listedFaults: Int = 100, chunkBytes: Int = 64 << 10
    ) {
        self.fileBytes = fileBytes
        self.historyBytes = historyBytes
        self.settingsBytes = settingsBytes
        self.fieldBytes = fieldBytes
        self.rows = rows
        self.listedFaults = listedFaults
        self.chunkBytes = chunkBytes
    }

    func bytes(of file: BundleFile) -> Int? {
        switch file {
        case .consortium: settingsBytes
        case .history: historyBytes
        default: fileBytes
        }
    }
}
