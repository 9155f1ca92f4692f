import Foundation
import TestSupport
import Testing

@Suite("What plan tells of how good a plan is")
struct ProvenGapTests {
    @Test("is a bound beside the cost, for people and for scripts")
    func tells() async throws {
        try await withTemporaryFolder { folder in
            let arguments = [
                "plan", "--bundle", Example.small, "--output", folder.path(of: "plan.csv"), "--steps", "3000",
            ]
            let text = try await TestProgram.coverdesk.run(arguments)
            #expect(text.standardOutput.contains("no plan costs less than"), "\(text)")
            let report = try await Self.report(arguments + ["--json"])
            let cost = try #require(report["cost"] as? Double)
            let bound = try #require(report["lower_bound"] as? Double)
            let percent = try #require(report["gap_percent"] as? Double)
            #expect(bound > 0 && bound <= cost)
            #expect(abs(percent - (cost / bound - 1) * 100) < 0.001)
        }
    }

    @Test("ends a search that need be no better, which can be made again")
    func stops() async throws {
        try await withTemporaryFolder { folder in
            let report = try await Self.report([
                "plan", "--bundle", Example.small, "--output", folder.path(of: "plan.csv"), "--steps", "200000",
                "--stop-at-gap", "1000%", "--record", folder.path(of: "search.json"), "--curve",
                folder.path(of: "curve.csv"), "--json",
            ])
            let search = try #require(report["search"] as? [String: Any])
            #expect(search["ended_by"] as? String == "gap")
            #expect(try #require(search["steps"] as? Int) < 200_000)
            let again = try await Self.report([
                "plan", "--bundle", Example.small, "--output", folder.path(of: "again.csv"), "--replay",
                folder.path(of: "search.json"), "--json",
            ])
            #expect(again["cost"] as? Double == report["cost"] as? Double)
            #expect(try folder.text(of: "plan.csv") == folder.text(of: "again.csv"))
            let curve = try folder.text(of: "curve.csv").split(separator: "\n")
            #expect(curve.first == "seconds,steps,cost,lower_bound")
            #expect(curve.count > 2)
        }
    }

    @Test("over time is written after the plan, which is kept where that fails")
    func keepsPlan() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await TestProgram.coverdesk.run([
                "plan", "--bundle", Example.small, "--output", folder.path(of: "plan.csv"), "--steps", "200", "--curve",
                folder.path(of: "missing/curve.csv"),
            ])
            #expect(outcome.exitCode == 3)
            #expect(outcome.standardError.contains("--curve"), "\(outcome)")
            #expect(try folder.text(of: "plan.csv").hasPrefix("queue_id,"))
        }
    }

    @Test("is asked for in percent", arguments: ["1", "x%", "-1%", "%"])
    func refuses(gap: String) async throws {
        let outcome = try await TestProgram.coverdesk.run([
            "plan", "--bundle", Example.small, "--output", "plan.csv", "--stop-at-gap=\(gap)",
        ])
        #expect(outcome.exitCode == 64)
        #expect(outcome.standardError.contains("stop-at-gap"), "\(outcome)")
    }

    private static func report(_ arguments: [String]) async throws -> [String: Any] {
        let outcome = try await TestProgram.coverdesk.run(arguments)
        #expect(outcome.exitCode == 0, "\(outcome)")
        return try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any])
    }
}
