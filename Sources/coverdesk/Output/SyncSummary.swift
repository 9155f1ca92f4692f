import Replication

/// What `sync --once` did.
struct SyncSummary: Encodable {
    private let library: String
    private let commits: Int
    private let rows: Int
    private let snapshots: Int
    private let intentsDecided: Int
    private let proven: Bool
    private let rowsCompared: Int
    private let repairs: [Repair]
    private let notes: [String]

    private struct Repair: Encodable {
        let table: String
        let missingOrChanged: Int
        let extraOrChanged: Int
    }

    init(_ report: SyncReport) {
        library = report.state?.library ?? ""
        commits = report.commits
        rows = report.rows
        snapshots = report.snapshots
        intentsDecided = report.intentsDecided
        proven = report.isProven
        rowsCompared = report.rowsCompared
        repairs = report.repairs.map {
            Repair(
                table: $0.range.table, missingOrChanged: $0.missingOrChanged, extraOrChanged: $0.extraOrChanged)
        }
        notes = report.notes
    }

    /// For people.
    var lines: [String] {
        var lines = notes
        lines.append(
            "library \(library): " + (snapshots > 0 ? "everything was fetched, " : "")
                + "\(rows) rows in \(commits) \(commits == 1 ? "step" : "steps")")
        if intentsDecided > 0 { lines.append("\(intentsDecided) intents were decided: see `coverdesk intents`") }
        for repair in repairs where repair.missingOrChanged + repair.extraOrChanged > 0 {
            lines.append(
                "put right in \(repair.table): \(repair.missingOrChanged) rows missing or changed, "
                    + "\(repair.extraOrChanged) that do not belong there or changed")
        }
        if proven { lines.append("proven: all \(rowsCompared) rows equal the service's") }
        return lines
    }
}
