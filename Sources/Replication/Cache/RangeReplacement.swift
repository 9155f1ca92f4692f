import GRDB

/// A range of the cache that was found different and is being written anew.
struct RangeReplacement {
    private let range: KeyRange
    private let table: ReplicaTable
    /// The rows before, each as its wire text.
    private let before: Set<[UInt8]>

    /// Deletes what the cache holds of the range, and remembers it to tell what was wrong.
    ///
    /// - Throws: ``FeedFault`` where the range is not one of a table of the cache.
    init?(_ range: KeyRange, in db: Database) throws {
        guard let table = ReplicaTable.named(range.table) else { return nil }
        self.range = range
        self.table = table
        before = try Self.rows(range, table, in: db)
        let (condition, arguments) = try TableDigest.condition(range, table)
        try db.execute(sql: "DELETE FROM \(table.name) WHERE \(condition)", arguments: arguments)
    }

    /// Compares the range, which is written now, with what it was.
    func finish(in db: Database, _ repairs: inout [RangeRepair]) throws {
        let after = try Self.rows(range, table, in: db)
        repairs.append(
            RangeRepair(
                range: range, missingOrChanged: after.subtracting(before).count,
                extraOrChanged: before.subtracting(after).count))
    }

    private static func rows(_ range: KeyRange, _ table: ReplicaTable, in db: Database) throws -> Set<[UInt8]> {
        var rows: Set<[UInt8]> = []
        try TableDigest.forEachRow(of: table, in: range, db) { wire in
            // Beyond this a count is as good as a name; ranges are halved until they are small.
            if rows.count < 100_000 { rows.insert(copy wire) }
        }
        return rows
    }
}

/// What was wrong in a range of the cache, and was put right.
package struct RangeRepair: Hashable, Sendable {
    package var range: KeyRange
    /// Rows of the service that the cache did not have like this.
    package var missingOrChanged: Int
    /// Rows of the cache that the service does not have like this.
    package var extraOrChanged: Int

    /// Rows that differed, each counted once.
    package var rows: Int { max(missingOrChanged, extraOrChanged) }
}
