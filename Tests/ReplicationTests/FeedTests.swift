import Foundation
import GRDB
import Replication
import Synchronization
import TestSupport
import Testing

@Suite("A cache that is fed")
struct FeedTests {
    @Test("by a snapshot holds what the service has, and says as of when and for whom")
    func takesSnapshot() async throws {
        let service = ModelService()
        service.commit([
            ModelService.put("plan", ["3", "1796000000", "1798000000", "1795000000", "eve", "two\\nlines"])
        ])
        try await withCache { cache, rows in
            let answer = try #require(service.answer(cursor: nil))
            #expect(try await cache.take(answer, inPiecesOf: 7))
            #expect(try rows.all() == service.rows())
            let state = try await cache.state()
            #expect(state.cursor == "v2")
            #expect(state.library == "cecil")
            #expect(state.consortium == "maryland")
            #expect(state.isInStep)
            #expect(state.asOf == ModelService.asOf + 2)
            #expect(try rows.value("SELECT message FROM plan") == "two\nlines")
        }
    }

    @Test("by changes goes from state to state, and an answer that breaks off is undone to the last whole batch")
    func undoesHalfBatches() async throws {
        let service = ModelService()
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            service.commit([
                ModelService.put("shift", ["1", "1", "chat", "cecil", "ada", "1796000000", "1796007200"]),
                ModelService.delete("operator_skill", ["bob", "general"]),
            ])
            let changes = try #require(service.answer(cursor: "v1"))
            let cut = try #require(changes.range(of: "#commit"))
            #expect(try await cache.take(String(changes[..<cut.lowerBound])) == false)
            #expect(try rows.all() == service.rows(at: 1))
            #expect(try rows.cursor == "v1")
            #expect(try await cache.take(changes))
            #expect(try rows.all() == service.rows())
            #expect(try rows.cursor == "v2")
        }
    }

    @Test("while a snapshot is coming shows readers the old state whole, and then the new")
    func keepsOldStateDuringSnapshot() async throws {
        let service = ModelService()
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            service.commit(
                (1...3000).map {
                    ModelService.put("demand", ["chat", "\($0 * 3600)", "\($0 * 3600 + 3600)", "1", "2"])
                })
            let snapshot = try #require(service.answer(cursor: nil))
            let cut = snapshot.utf8.index(snapshot.startIndex, offsetBy: snapshot.utf8.count * 2 / 3)
            #expect(try await cache.take(String(snapshot[..<cut])) == false)
            #expect(try rows.all() == service.rows(at: 1))
            #expect(try rows.value("SELECT count(*) FROM here") == "1")
            #expect(try await cache.take(snapshot))
            #expect(try rows.all() == service.rows())
        }
    }

    @Test("batches longer than memory wait in a file, and are applied all the same")
    func spools() async throws {
        let service = ModelService()
        try await withCache(spoolLimit: 1000) { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            service.commit((1...500).map { ModelService.put("closure", ["", "2027-01-\($0)", "reason \($0)"]) })
            #expect(try await cache.take(try #require(service.answer(cursor: "v1")), inPiecesOf: 100))
            #expect(try rows.all() == service.rows())
        }
    }

    @Test(
        "faults are told with line, table and field",
        arguments: [
            (
                "+shift\t1\t2\tchat\tcecil\tada\t17x\t18\n",
                "line 2, table shift, field starts_at: “17x” is no whole number"
            ),
            ("+shift\t1\t2\tchat\n", "line 2, table shift: the row has fewer than its 7 fields"),
            ("+library\ta\tb\tc\td\te\tf\tg\th\n", "line 2, table library: the row has more than its 7 fields"),
            ("+library\t\\N\tb\tc\td\te\tf\tg\n", "line 2, table library, field library_id: there must be a value"),
            ("+library\ta\\q\tb\tc\td\te\tf\tg\n", "line 2, table library, field library_id: it has an escape"),
            ("+bogus\t1\n", "line 2, table bogus: #feed does not name this table"),
            ("hello\n", "line 2: a line begins with +, - or #"),
            (
                "#commit {\"as_of\":1}\n",
                "line 2: #commit is not followed by the JSON that belongs to it: it has no cursor"
            ),
            ("-queue\tchat\n#end {}\n", "line 3: the answer ends in a batch that has no #commit"),
            ("", "line 2: #commit ends a step of 1 rows, and 0 have come"),
            (
                "-queue\tchat\n-queue\tchat\n",
                "line 4: #commit ends a step of 1 rows, and 2 have come"
            ),
        ])
    func namesFaults(lines: String, message: String) async throws {
        let service = ModelService()
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            let answer = service.header + lines + ModelService.commitLine(9, rows: 1)
            let error = await #expect(throws: FeedFault.self) { try await cache.take(answer) }
            #expect(error.map { "\($0)" }?.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
            #expect(try rows.all() == service.rows())
            #expect(try rows.cursor == "v1")
        }
    }

    @Test(
        "what is no feed is refused at its first line", arguments: ["<!doctype html>\n", "{\"a\":1}\n", "+queue\tx\n"])
    func refusesNonsense(text: String) async throws {
        try await withCache { cache, _ in
            let error = await #expect(throws: FeedFault.self) { try await cache.take(text) }
            #expect(error?.line == 1)
        }
    }

    @Test("a line without an end is refused before it fills the memory")
    func boundsLines() async throws {
        try await withCache { cache, _ in
            let error = await #expect(throws: FeedFault.self) {
                try await cache.take(String(repeating: "x", count: 3 << 20))
            }
            #expect(error?.problem.contains("longer than") == true)
        }
    }

    @Test("a cache of another library, or another consortium, is not touched")
    func refusesOtherLibrary() async throws {
        let service = ModelService()
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            service.state.withLock { $0.library = "harford" }
            let error = await #expect(throws: CacheFault.self) {
                try await cache.take(try #require(service.answer(cursor: nil)))
            }
            #expect(error.map { "\($0)" }?.contains("library cecil of maryland") == true)
            #expect(error.map { "\($0)" }?.contains("library harford of maryland") == true)
            #expect(try rows.all() == service.rows())
        }
    }

    @Test("a cache of an older schema is read until the new tables are whole, and keeps its intents")
    func migrates() async throws {
        let service = OfflineTests.service()
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            _ = try OfflineTests.absence(cache)
            try rows.write(
                "DROP VIEW cache_state; ALTER TABLE ticket RENAME TO old_ticket; UPDATE meta SET schema = 2")
            #expect(try await cache.state().isCurrent == false)
            // Changes alone do not make old tables new ones.
            await #expect(throws: FeedFault.self) { try await cache.take(try #require(service.answer(cursor: "v2"))) }
            #expect(throws: OfflineRefusal.self) { try CacheReader(path: cache.path) }
            #expect(try rows.value("SELECT count(*) FROM shift_local") == "3")
            #expect(try await cache.take(try #require(service.answer(cursor: nil))))
            #expect(try rows.all() == service.rows())
            #expect(try rows.value("SELECT pending_intents FROM cache_state") == "1")
            #expect(try rows.value("SELECT count(*) FROM sqlite_master WHERE name = 'old_ticket'") == "0")
        }
    }

    @Test("a service whose clock is a day off is believed in its own time, and the difference is told")
    func toldDifference() async throws {
        let service = ModelService()
        try await withTemporaryFolder { folder in
            let path = folder.path(of: "desk.sqlite")
            let cache = ReplicaCache(path: path, service: "http://model") { ModelService.asOf + 86_400_000_000 }
            _ = try await cache.open()
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            let state = try await cache.state()
            #expect(state.asOf == ModelService.asOf + 1)
            #expect(state.clockDifference == -86_399)
            #expect(state.isInStep)
            await cache.close()
        }
    }

    @Test("changes of another database are not taken for a continuation")
    func refusesOtherDatabase() async throws {
        let service = ModelService()
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            service.state.withLock { $0.database = "11111111-5f0e-4c4e-8f35-6f7f2f6f2a01" }
            service.commit([ModelService.delete("queue", ["chat"])])
            await #expect(throws: CacheFault.otherDatabase(path: cache.path)) {
                try await cache.take(try #require(service.answer(cursor: "v1")))
            }
            #expect(try rows.all() == service.rows(at: 1))
            #expect(try await cache.take(try #require(service.answer(cursor: nil))))
            #expect(try rows.all() == service.rows())
        }
    }
}
