import CacheSchema
import GRDB
import Replication
import Testing

@Suite("The replica's tables")
struct ReplicaTableTests {
    @Test("are those of the cache's schema: names, columns, order, kinds and keys", arguments: ReplicaTable.all)
    func equalsSchema(table: ReplicaTable) throws {
        let queue = try DatabaseQueue()
        try queue.write { try $0.execute(sql: CacheSchema.replicaTables) }
        let columns = try queue.read { try Row.fetchAll($0, sql: "PRAGMA table_info(\(table.name))") }
        #expect(columns.map { $0["name"] as String } == table.columns.map(\.name))
        #expect(columns.map { $0["pk"] as Int } == table.columns.indices.map { $0 < table.keyCount ? $0 + 1 : 0 })
        #expect(columns.map { ($0["notnull"] as Int) == 0 } == table.columns.map(\.isNullable))
        let kinds: [ReplicaTable.Kind: String] = [.text: "TEXT", .integer: "INTEGER", .decimal: "ANY"]
        #expect(columns.map { $0["type"] as String } == table.columns.map { kinds[$0.kind] })
    }

    @Test("are all that the cache's schema has")
    func isComplete() throws {
        let queue = try DatabaseQueue()
        try queue.write { try $0.execute(sql: CacheSchema.replicaTables) }
        let names = try queue.read {
            try String.fetchSet($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        #expect(names == Set(ReplicaTable.all.map(\.name)))
    }
}
