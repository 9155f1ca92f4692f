import Foundation
import PrivateCluster
import ServiceLoad
import TestSupport
import Testing

@Suite("A storm of chat servers over several nodes")
struct StormTests {
    @Test("loses nothing that was acknowledged and breaks no promise, with nodes and the database killed under it")
    func storm() async throws {
        var storm = Storm()
        storm.seconds = 6
        storm.clients = 12
        storm.pause = 0.8
        let outcome = try await withTemporaryFolder { folder in
            try await withTemporaryCluster(settings: ["synchronous_commit": "on"]) { cluster in
                try await storm.run(on: cluster, in: folder.path)
            }
        }
        for check in outcome.checks { #expect(check.exitCode == 0, "\(check)") }
        #expect(outcome.checks.count == 2)
        #expect(outcome.stuck.isEmpty)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.nodeKills > 0)
        #expect(outcome.databaseKills > 0)
        #expect(outcome.told.tally["create 201", default: 0] > 5, "\(outcome.told.tally)")
        #expect(outcome.told.tally["accept 200", default: 0] > 1, "\(outcome.told.tally)")
    }
}
