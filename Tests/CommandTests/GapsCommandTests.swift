import Foundation
import TestSupport
import Testing

@Suite("What gaps tells of a plan in a file")
struct GapsCommandTests {
    /// Lends the path of a plan of the small example that leaves gaps: it has only some of a plan's shifts.
    private func withPlan(_ body: (TemporaryFolder, String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let planned = try await TestProgram.coverdesk.run([
                "plan", "--bundle", Example.small, "--output", folder.path(of: "plan.csv"), "--steps", "20",
                "--threads", "1",
            ])
            guard planned.exitCode == 0 else { throw UnexpectedOutcome(planned) }
            let lines = try folder.text(of: "plan.csv").split(separator: "\n")
            let kept = lines.enumerated().filter { $0.offset % 25 != 3 }.map(\.element)
            try folder.write(kept.joined(separator: "\n") + "\n", to: "some.csv")
            try await body(folder, folder.path(of: "some.csv"))
        }
    }

    private func object(_ outcome: ProgramOutcome) throws -> Any {
        guard outcome.exitCode == 0 else { throw UnexpectedOutcome(outcome) }
        return try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8))
    }

    @Test("each gap with its reason, and with --explain its proof")
    func explains() async throws {
        try await withPlan { _, plan in
            let arguments = ["gaps", "--bundle", Example.small, "--plan", plan, "--json"]
            let plain = try object(try await TestProgram.coverdesk.run(arguments)) as? [[String: Any]]
            let explained =
                try object(try await TestProgram.coverdesk.run(arguments + ["--explain"])) as? [[String: Any]]
            #expect((plain?.count ?? 0) > 3)
            #expect(plain?.allSatisfy { $0["proof"] == nil && $0["reason"] is String } == true)
            #expect(explained?.count == plain?.count)
            let outcomes = explained?.compactMap { ($0["proof"] as? [String: Any])?["outcome"] as? String }
            #expect(outcomes?.count == plain?.count)
        }
    }

    @Test("suggestions that another run finds in the plan that they were written to")
    func suggests() async throws {
        try await withPlan { folder, plan in
            let better = folder.path(of: "better.csv")
            let report = try object(
                try await TestProgram.coverdesk.run([
                    "gaps", "--bundle", Example.small, "--plan", plan, "--suggest", "--output", better, "--json",
                ]))
            let fields = try #require(report as? [String: Any])
            let before = try #require(fields["cost_before"] as? Double)
            let after = try #require(fields["cost_after"] as? Double)
            #expect(after < before)
            let advice = try #require(fields["suggestions"] as? [[String: Any]])
            let steps = advice.flatMap { $0["steps"] as? [[String: Any]] ?? [] }
            #expect(!steps.isEmpty)
            let changes = steps.compactMap { $0["cost_change"] as? Double }.reduce(0, +)
            #expect(abs(before + changes - after) < 0.001)
            let left = try object(
                try await TestProgram.coverdesk.run(["gaps", "--bundle", Example.small, "--plan", better, "--json"]))
            let gaps = fields["gaps"] as? [Any]
            #expect((left as? [Any])?.count ?? .max < gaps?.count ?? 0)
        }
    }

    @Test("the same in words")
    func words() async throws {
        try await withPlan { _, plan in
            let outcome = try await TestProgram.coverdesk.run([
                "gaps", "--bundle", Example.small, "--plan", plan, "--explain", "--suggest",
            ])
            #expect(outcome.exitCode == 0, "\(outcome)")
            #expect(outcome.standardOutput.contains("What no plan could cover"))
            #expect(outcome.standardOutput.contains("What would help"))
            #expect(outcome.standardOutput.contains("accepted the plan costs"))
        }
    }

    @Test(
        "refuses options that do not fit together",
        arguments: [
            (["--bundle", "folder"], "--plan PLAN.csv"), (["--pin", "pins.csv"], "--suggest"),
            (["--output", "plan.csv"], "--suggest"), (["--suggest", "--seconds", "0"], "--seconds"),
        ])
    func refuses(arguments: [String], words: String) async throws {
        let outcome = try await TestProgram.coverdesk.run(["gaps"] + arguments)
        #expect(outcome.exitCode == 64)
        #expect(outcome.standardError.contains(words), "\(outcome)")
    }

    @Test("names each fault of a plan's file")
    func faults() async throws {
        try await withTemporaryFolder { folder in
            try folder.write("queue_id,starts_at,ends_at,operator_id\nno-such-queue,x,y,nobody\n", to: "bad.csv")
            let outcome = try await TestProgram.coverdesk.run([
                "gaps", "--bundle", Example.small, "--plan", folder.path(of: "bad.csv"),
            ])
            #expect(outcome.exitCode == 2)
            #expect(outcome.standardError.contains("no-such-queue"), "\(outcome)")
        }
    }
}
