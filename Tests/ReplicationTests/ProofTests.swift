import Foundation
import Replication
import TestSupport
import Testing

@Suite("A cache that is checked", .timeLimit(.minutes(3)))
struct ProofTests {
    static func service() -> ModelService {
        let service = ModelService()
        service.commit(
            (1...3000).map { number in
                ModelService.put(
                    "shift",
                    [
                        "\(number % 3 + 1)", "\(number)", "chat", "cecil", "op\(number % 40)", "\(number * 1800)",
                        "\(number * 1800 + 3600)",
                    ])
            })
        service.commit([
            ModelService.put("absence", ["ada", "1", "2", "a \\\\ b\\tc"]),
            ModelService.put("absence", ["ada", "1", "2", "Zoë"]),
        ])
        return service
    }

    @Test("is proven where it equals the service")
    func proves() async throws {
        let service = Self.service()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            let report = try await agent.agent(verifies: true).once()
            #expect(report.isProven)
            #expect(report.repairs.isEmpty)
            #expect(report.rowsCompared == service.rows().count)
        }
    }

    @Test(
        "what was changed by hand is found, told and put right, and only that is fetched",
        arguments: [
            ("DELETE FROM shift WHERE shift_number = 1234", "shift", 1, 0),
            ("UPDATE shift SET ends_at = ends_at + 1 WHERE shift_number = 77", "shift", 1, 1),
            ("INSERT INTO shift VALUES (2, 99999, 'chat', 'cecil', 'ada', 1, 2)", "shift", 0, 1),
            ("DELETE FROM shift", "shift", 3000, 0),
            ("UPDATE operator SET name = 'Mallory' WHERE operator_id = 'ada'", "operator", 1, 1),
            ("DELETE FROM absence WHERE reason = 'Zoë'", "absence", 1, 0),
        ])
    func mends(sql: String, table: String, missing: Int, extra: Int) async throws {
        let service = Self.service()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            _ = try await agent.agent().once()
            try agent.rows.write(sql)
            let report = try await agent.agent(verifies: true).once()
            #expect(report.isProven)
            #expect(report.snapshots == 0)
            let told = report.repairs.filter { $0.missingOrChanged + $0.extraOrChanged > 0 }
            #expect(Set(told.map(\.range.table)) == [table])
            #expect(told.reduce(0) { $0 + $1.missingOrChanged } == missing)
            #expect(told.reduce(0) { $0 + $1.extraOrChanged } == extra)
            #expect(try agent.rows.all() == service.rows())
            if missing < 100 { #expect(report.rows < 100) }
        }
    }

    @Test("while the service changes is mended all the same")
    func mendsUnderChange() async throws {
        let service = Self.service()
        try await withAgent(of: { request, answer in
            service.commit([ModelService.put("closure", ["", "2027-\(service.version)", "one more"])])
            try await service.answer(request, answer)
        }) { agent in
            _ = try await agent.agent().once()
            try agent.rows.write("DELETE FROM shift WHERE shift_number % 500 = 7")
            let report = try await agent.agent(verifies: true).once()
            #expect(report.isProven)
            #expect(try agent.rows.all() == service.rows())
        }
    }

    @Test("a flipped byte anywhere is found and healed, or hurts nothing", arguments: 0..<24)
    func healsFlippedByte(place: Int) async throws {
        let service = Self.service()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            _ = try await agent.agent().once()
            var bytes = try Data(contentsOf: URL(fileURLWithPath: agent.cachePath))
            var random = SplitMix64(seed: UInt64(place))
            let index = place == 0 ? 3 : Int.random(in: 0..<bytes.count, using: &random)
            bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try bytes.write(to: URL(fileURLWithPath: agent.cachePath))
            let report = try await agent.agent(verifies: true).once()
            #expect(report.isProven)
            #expect(try agent.rows.all() == service.rows())
        }
    }

    @Test(
        "a file that was cut off is fetched anew, its intents saved where they can be read", arguments: [0.0, 0.3, 0.9])
    func healsTruncation(share: Double) async throws {
        let service = Self.service()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            _ = try await agent.agent().once()
            let size = try Data(contentsOf: URL(fileURLWithPath: agent.cachePath)).count
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: agent.cachePath))
            try file.truncate(atOffset: UInt64(Double(size) * share))
            try file.close()
            let report = try await agent.agent(verifies: true).once()
            #expect(report.isProven)
            #expect(try agent.rows.all() == service.rows())
        }
    }

    @Test("a file of something else is refused and left alone")
    func refusesForeign() async throws {
        let service = Self.service()
        try await withAgent(of: { try await service.answer($0, $1) }) { agent in
            try agent.folder.write(String(repeating: "a thesis\n", count: 1000), to: "desk.sqlite")
            for _ in 1...2 {
                let outcome = try await TestProgram.coverdesk.run(agent.arguments("--once"))
                #expect(outcome.exitCode == 3, "\(outcome)")
                #expect(outcome.standardError.contains("is no cache of Coverdesk"))
            }
            #expect(try agent.folder.text(of: "desk.sqlite").hasPrefix("a thesis"))
        }
    }
}
