import Foundation
import GRDB
import NIOCore
import Replication
import TestSupport

/// What a cache holds, read by another connection as anybody may.
struct CacheRows {
    let path: String

    /// All rows as `table<TAB>fields`, sorted: to be compared with the service's.
    func all() throws -> [String] {
        try read { db in
            var rows: [String] = []
            for table in ReplicaTable.all {
                for row in try Row.fetchAll(db, sql: "SELECT * FROM \(table.name)") {
                    let fields = row.databaseValues.map { value -> String in
                        switch value.storage {
                        case .null: "\\N"
                        case .int64(let number): "\(number)"
                        case .double(let number): "\(number)"
                        case .string(let text):
                            text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(
                                of: "\t", with: "\\t"
                            )
                            .replacingOccurrences(of: "\n", with: "\\n").replacingOccurrences(of: "\r", with: "\\r")
                        case .blob: "?"
                        }
                    }
                    rows.append(([table.name] + fields).joined(separator: "\t"))
                }
            }
            return rows.sorted()
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration).read(body)
    }

    /// Changes the file as a person with `sqlite3` might.
    func write(_ sql: String) throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }

    func value(_ sql: String) throws -> String? {
        try read { try String.fetchOne($0, sql: sql) }
    }

    var cursor: String? { get throws { try value("SELECT cursor FROM meta") } }
}

extension ReplicaCache {
    /// Takes a whole answer, in pieces.
    func take(_ text: String, inPiecesOf size: Int = 1 << 16) throws -> Bool {
        try beginAnswer()
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let end = min(start + size, bytes.count)
            _ = try receive(ByteBuffer(bytes: bytes[start..<end]))
            start = end
        }
        return try endAnswer().isWhole
    }
}

/// Lends a cache in a folder of its own.
func withCache(
    spoolLimit: Int = 8 << 20, _ body: (ReplicaCache, CacheRows) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        let path = folder.path(of: "desk.sqlite")
        let cache = ReplicaCache(path: path, service: "http://model", spoolLimit: spoolLimit) { ModelService.asOf }
        _ = try await cache.open()
        do {
            try await body(cache, CacheRows(path: path))
        } catch {
            await cache.close()
            throw error
        }
        await cache.close()
    }
}
