import Coverage
import Foundation
import GRDB
import Replication
import Synchronization
import TestSupport
import Testing

@Suite("Work done offline")
struct OfflineTests {
    static let now = Instant(secondsSince1970: 1_796_000_000)

    static func service() -> ModelService {
        let service = ModelService()
        service.commit([
            ModelService.put("plan", ["3", "1795996800", "1798416000", "1795000000", "eve", ""]),
            ModelService.put("shift", ["3", "17", "chat", "cecil", "ada", "1796050000", "1796057200"]),
            ModelService.put("shift", ["3", "18", "chat", "harford", "joe", "1796060000", "1796067200"]),
            ModelService.put("shift", ["3", "19", "chat", "cecil", "ada", "1795999000", "1796009000"]),
        ])
        return service
    }

    static func absence(_ cache: ReplicaCache, _ person: String = "ada", hours: Int64 = 2) throws -> Int {
        try Outbox(path: cache.path).add(id: UUID(), now: now) { _ in
            Intent(
                .absence(Operator.ID(person), during: now..<now.advanced(bySeconds: hours * 3600)), reason: "flu")
        }.number
    }

    @Test("shows at once as pending, and is written as the service reads it")
    func showsPending() async throws {
        let service = Self.service()
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            #expect(try Self.absence(cache) == 1)
            _ = try Outbox(path: cache.path).add(id: UUID(), now: Self.now) { view in
                Intent(.swap(try view.shift(plan: 3, number: 17), with: nil), reason: "")
            }
            #expect(
                try rows.read { try String.fetchAll($0, sql: "SELECT what FROM pending_intent") } == [
                    "absence", "swap",
                ])
            let body = try #require(try rows.value("SELECT body FROM intent WHERE intent_number = 2"))
            let json = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
            #expect(json["kind"] as? String == "swap_request")
            #expect(json["with"] is NSNull)
            let shift = try #require(json["shift"] as? [String: Any])
            #expect(shift["plan_number"] as? Int == 3)
            #expect(shift["starts_at"] as? Int == 1_796_050_000)
        }
    }

    @Test("is refused where the cache knows better")
    func refuses() async throws {
        let service = Self.service()
        try await withCache { cache, _ in
            #expect(throws: OfflineRefusal.empty(path: cache.path)) { try Self.absence(cache) }
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            #expect(throws: OfflineRefusal.self) { try Self.absence(cache, "joe") }
            #expect(throws: OfflineRefusal.endsBeforeItBegins) { try Self.absence(cache, hours: 0) }
            for (number, refusal) in [
                (18, OfflineRefusal.notOurs(plan: 3, number: 18, library: "harford")),
                (19, OfflineRefusal.past(plan: 3, number: 19)), (20, OfflineRefusal.noShift(plan: 3, number: 20)),
            ] {
                #expect(throws: refusal) {
                    try Outbox(path: cache.path).add(id: UUID(), now: Self.now) { view in
                        Intent(.decline(try view.shift(plan: 3, number: number)), reason: "")
                    }
                }
            }
        }
    }

    @Test("outlives a snapshot and takes its outcome from the feed too, once")
    func takesOutcomes() async throws {
        let service = Self.service()
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            _ = try Self.absence(cache)
            let id = try #require(try rows.value("SELECT intent_id FROM intent"))
            service.commit([
                ModelService.put("intent_outcome", [id, "absence_add", "rejected", "no", "\\N", "1796000200"])
            ])
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            #expect(try rows.value("SELECT state || ' ' || reason FROM intent") == "rejected no")
            #expect(throws: DatabaseError.self) { try rows.write("UPDATE intent SET state = 'applied'") }
        }
    }

    @Test("outlives a file that was cut to nothing, or deleted, and is decided once", arguments: [true, false])
    func outlivesLostFile(isDeleted: Bool) async throws {
        let service = Self.service()
        let isReachable = Atomic(false)
        try await withAgent(of: { request, answer in
            if request.path == "/v1/intents", !isReachable.load(ordering: .relaxed) { return }
            try await service.answer(request, answer)
        }) { agent in
            // The first answer is of the feed alone: nothing waits.
            _ = try await agent.agent().once()
            for hours in 1...3 as ClosedRange<Int64> { try agent.addAbsence(hours: hours) }
            let ids = try agent.rows.list("SELECT intent_id FROM intent ORDER BY intent_number")
            try agent.loseFile(isDeleted: isDeleted)
            isReachable.store(true, ordering: .relaxed)
            let report = try await agent.agent().once()
            #expect(report.notes.contains("3 intents were saved from the copy beside the cache"), "\(report.notes)")
            _ = try await agent.agent().once()
            #expect(service.state.withLock { $0.effects } == ids)
            #expect(try agent.rows.list("SELECT state FROM intent") == ["applied", "applied", "applied"])
            // Once all are decided nothing is left to be saved.
            #expect(!FileManager.default.fileExists(atPath: agent.cachePath + ".outbox"))
        }
    }

    @Test("is not sent for another library whose cache takes the place of the lost one")
    func staysWithItsLibrary() async throws {
        let service = Self.service()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            _ = try await agent.agent().once()
            try agent.addAbsence(hours: 1)
            try agent.loseFile(isDeleted: true)
            service.state.withLock { $0.library = "harford" }
            _ = try await agent.agent().once()
            _ = try await agent.agent().once()
            #expect(service.state.withLock { $0.effects }.isEmpty)
            #expect(try agent.rows.list("SELECT intent_id FROM intent").isEmpty)
        }
    }
}

extension AgentFolder {
    fileprivate func addAbsence(hours: Int64) throws {
        _ = try Outbox(path: cachePath).add(id: UUID(), now: OfflineTests.now) { _ in
            Intent(
                .absence(
                    Operator.ID("ada"),
                    during: OfflineTests.now..<OfflineTests.now.advanced(bySeconds: hours * 3600)),
                reason: "flu")
        }
    }

    fileprivate func loseFile(isDeleted: Bool) throws {
        for name in ["desk.sqlite-wal", "desk.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path(of: name))
        }
        if isDeleted {
            try FileManager.default.removeItem(atPath: cachePath)
        } else {
            try folder.write("", to: "desk.sqlite")
        }
    }
}
