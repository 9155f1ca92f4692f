/// What an exchange with the service brought.
package struct SyncReport: Sendable {
    package var commits = 0
    package var rows = 0
    package var snapshots = 0
    package var intentsDecided = 0
    /// Whether all tables were compared with the service's, and found equal in the end.
    package var isProven = false
    /// Tables of the feed whose columns are the cache's: those that can be compared.
    package var provableTables: Set<String> = []
    /// Rows that were compared.
    package var rowsCompared = 0
    /// What was found to differ and has been put right.
    package var repairs: [RangeRepair] = []
    /// Things a person should know.
    package var notes: [String] = []
    /// The cache's state at the end.
    package var state: CacheState?

    package init() {}

    mutating func add(_ received: Received) {
        commits += received.commits
        rows += received.rows
        snapshots += received.snapshots
        repairs += received.repairs
        provableTables.formUnion(received.provableTables)
    }

    mutating func add(_ other: SyncReport) {
        commits += other.commits
        rows += other.rows
        snapshots += other.snapshots
        repairs += other.repairs
        notes += other.notes
        provableTables.formUnion(other.provableTables)
    }
}
