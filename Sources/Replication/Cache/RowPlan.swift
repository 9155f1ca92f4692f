/// How the rows of one table of a feed go into the cache.
///
/// A class, for the inner loop looks at it for every row, and a struct's arrays would be counted each time.
final class RowPlan {
    /// Nil where the cache has no such table: its rows are passed over.
    let table: ReplicaTable?
    let name: String
    /// The name's bytes, to be compared with those of a line.
    let bytes: [UInt8]
    /// For each field of the wire, the place of its column in the table, from 1; 0 passes it over.
    let places: [Int32]
    /// The places of the key's fields, which come first.
    let keyPlaces: [Int32]
    /// Kind of each of the table's columns, and whether it may be null.
    let kinds: [ReplicaTable.Kind]
    let areNullable: [Bool]
    /// Whether the wire's columns are the table's, so that digests can be compared.
    let isProvable: Bool

    /// - Throws: ``FeedFault`` where the feed lacks what the cache needs.
    init(_ name: String, columns: [String], keyCount: Int?) throws(FeedFault) {
        self.name = name
        bytes = Array(name.utf8)
        table = ReplicaTable.named(name)
        guard let table else {
            places = []
            keyPlaces = []
            kinds = []
            areNullable = []
            isProvable = false
            return
        }
        for column in table.columns where !columns.contains(column.name) {
            throw FeedFault(
                line: 1, table: name, field: column.name,
                "#feed does not name this column: the service is older than this agent, or another")
        }
        guard columns.starts(with: table.key.map(\.name)), keyCount == table.keyCount else {
            throw FeedFault(
                line: 1, table: name,
                "#feed tells another key: it must be \(table.key.map(\.name).joined(separator: ", "))")
        }
        places = columns.map { name in
            table.columns.firstIndex { $0.name == name }.map { Int32($0) + 1 } ?? 0
        }
        keyPlaces = Array(places.prefix(table.keyCount))
        kinds = table.columns.map(\.kind)
        areNullable = table.columns.map(\.isNullable)
        isProvable = columns == table.columns.map(\.name)
    }

    /// The plans of a feed's tables.
    ///
    /// A table of the cache that the feed does not have stays empty: the service has nothing of the kind yet.
    ///
    /// - Throws: ``FeedFault`` where a table's columns or key are not those of the cache.
    static func all(_ header: FeedControl.Header) throws(FeedFault) -> [RowPlan] {
        var plans: [RowPlan] = []
        for (name, columns) in header.tables.sorted(by: { $0.key < $1.key }) {
            plans.append(try RowPlan(name, columns: columns, keyCount: header.keys[name]))
        }
        return plans
    }
}
