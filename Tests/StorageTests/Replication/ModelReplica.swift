import Coverage
import PostgresClient
import Storage
import StorageTestSupport

/// A replica as simple as can be: applies lines, keeps rows by table and key.
struct ModelReplica: Equatable {
    /// Rows by `table` and a tab and the key's fields, each the line that put it, without its sign.
    private(set) var rows: [String: String] = [:]

    /// Lines of one table, in their order.
    func lines(of table: String) -> [String] {
        rows.values.filter { $0.hasPrefix(table + "\t") }.sorted()
    }

    mutating func apply(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.dropFirst().split(separator: "\t", omittingEmptySubsequences: false)
            guard let table = ReplicaTable.named(String(fields[0])) else { continue }
            let key = fields.prefix(1 + table.key.count).joined(separator: "\t")
            rows[key] = line.hasPrefix("+") ? String(line.dropFirst()) : nil
        }
    }
}

/// A replica with its place in the feed.
struct Followed {
    let library: Library.ID
    var replica = ModelReplica()
    var seen: ReplicaSnapshot

    /// Starts anew.
    init(_ library: Library.ID, in pool: PostgresPool) async throws {
        self.library = library
        (replica, seen) = try await pool.sync { reading in
            (try await reading.everything(for: library), reading.snapshot)
        }
    }

    /// Goes on to the present, and tells what the service shows at that same moment.
    mutating func follow(in pool: PostgresPool) async throws -> ModelReplica {
        var (replica, seen) = (replica, seen)
        let library = library
        let truth = try await pool.sync { reading in
            try await reading.narrow(to: library)
            for table in try await reading.changedTables(since: seen) {
                _ = try await reading.changedLines(of: table, .all, since: seen) { replica.apply($0) }
            }
            seen = reading.snapshot
            return try await reading.everything(for: library)
        }
        (self.replica, self.seen) = (replica, seen)
        return truth
    }
}

extension PostgresPool {
    func sync<Result>(_ body: (SyncReading) async throws -> Result) async throws -> Result {
        try await SyncRepository(consortium: "two").withReading(on: self, body)
    }

    func run(_ sql: String) async throws {
        try await withConnection { try await $0.executeScript(sql) }
    }
}

extension SyncReading {
    func everything(for library: Library.ID) async throws -> ModelReplica {
        try await narrow(to: library)
        var replica = ModelReplica()
        for table in ReplicaTable.all { _ = try await snapshotLines(of: table) { replica.apply($0) } }
        return replica
    }
}
