import Foundation
import NIOCore
import Replication
import TestSupport
import Testing

@Suite("Any history")
struct HistoryTests {
    @Test("of puts and deletes, cut anywhere and resumed, gives what the service has", arguments: 1...12)
    func equalsModel(seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        let service = ModelService()
        var draw = HistoryDraw()
        try await withCache(spoolLimit: seed.isMultiple(of: 2) ? 300 : 8 << 20) { cache, rows in
            for _ in 0..<25 {
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    service.commit(draw.batch(by: &random))
                }
                // Now and then the service has forgotten where the cache was.
                let cursor = Int.random(in: 0..<8, using: &random) == 0 ? nil : try await cache.state().cursor
                let before = try rows.isEmpty ? [] : rows.all()
                let answer = Array(try #require(service.answer(cursor: cursor)).utf8)
                let cut = Bool.random(using: &random) ? answer.count : Int.random(in: 0...answer.count, using: &random)
                let isWhole = try await feed(answer[..<cut], to: cache, by: &random)
                #expect(isWhole == (cut == answer.count))
                // Always a state of the service, and that of the cursor.
                let state = try await cache.state()
                if let version = state.cursor.flatMap({ Int($0.dropFirst()) }) {
                    #expect(try rows.all() == service.rows(at: version))
                } else {
                    #expect(before.isEmpty)
                }
                if isWhole { #expect(state.cursor == "v\(service.version)") }
            }
        }
    }

    private func feed(
        _ bytes: ArraySlice<UInt8>, to cache: ReplicaCache, by random: inout SplitMix64
    ) async throws -> Bool {
        try await cache.beginAnswer()
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...400, using: &random))
            _ = try await cache.receive(ByteBuffer(bytes: rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return try await cache.endAnswer().isWhole
    }
}

extension CacheRows {
    /// Whether no snapshot has come yet.
    var isEmpty: Bool { get throws { try value("SELECT schema FROM meta") == "0" } }
}

/// Draws changes that are possible after those drawn before.
struct HistoryDraw {
    private var known: [String: Set<[String]>] = [:]

    mutating func batch(by random: inout SplitMix64) -> [ModelService.Change] {
        (0..<Int.random(in: 1...8, using: &random)).map { _ in change(by: &random) }
    }

    private mutating func change(by random: inout SplitMix64) -> ModelService.Change {
        let tables = ["shift", "demand", "absence", "operator", "swap_request", "ticket", "library"]
        let table = tables[Int.random(in: 0..<tables.count, using: &random)]
        let keys = known[table, default: []].sorted { $0.lexicographicallyPrecedes($1) }
        if !keys.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
            let key = keys[Int.random(in: 0..<keys.count, using: &random)]
            known[table]?.remove(key)
            return ModelService.delete(table, key)
        }
        let change = ModelService.put(table, row(table, by: &random))
        known[table, default: []].insert(change.key)
        return change
    }

    private func row(_ table: String, by random: inout SplitMix64) -> [String] {
        func number(_ range: ClosedRange<Int>) -> String { "\(Int.random(in: range, using: &random))" }
        func text() -> String {
            let pool = [
                "flu", "", "a\\tb", "back\\\\slash", "new\\nline", "Zoë", "日本", "#no control", "+no row", "\\\\N",
            ]
            return pool[Int.random(in: 0..<pool.count, using: &random)]
        }
        switch table {
        case "shift": return [number(1...2), number(1...9), "chat", "cecil", "ada", number(-9...9), number(10...99)]
        case "demand": return ["chat", number(-5...5), number(6...9), "1", number(1...9)]
        case "absence": return ["ada", number(1...4), number(5...6), text()]
        case "operator":
            return ["op" + number(1...5), "cecil", text(), text(), number(0...40) + ".125", number(1...8), "1"]
        case "swap_request":
            return [
                "swap" + number(1...4), "1", number(1...9), "ada", "\\N", "\\N", "open", text(), number(0...99),
                "cecil",
                "\\N",
            ]
        case "ticket": return [number(1...5), "mail", "\\N", "\\N", "open", number(1...99), "\\N", text()]
        default: return ["lib" + number(1...4), text(), "public", "America/Chicago", text(), text(), text()]
        }
    }
}
