import Foundation
import TestSupport
import Testing

@Suite("From a bundle to a published month")
struct MainJobTests {
    @Test("migrate, import, plan, gaps, publish, schedule and status work one after the other")
    func worksThrough() async throws {
        try await withDesk(on: .empty) { desk in
            #expect(try await desk.json("migrate")["version"] as? Int ?? 0 > 0)
            #expect(try await desk.json("import", Example.small)["is_done"] as? Bool == true)
            let plan = try await desk.json("plan", "--steps", "20", "--threads", "1")
            #expect(plan["violations"] as? Int == 0)
            #expect(plan["plan"] as? Int == 1)
            let gaps = try await desk.run("gaps")
            #expect(gaps.exitCode == 0)
            #expect(gaps.standardOutput.contains("plan 1 (draft)"))
            let publication = try await desk.json("publish", "--message", "November")
            #expect(publication["shifts"] as? Int == plan["shifts"] as? Int)
            let schedule = try await desk.json("schedule")
            #expect((schedule["shifts"] as? [Any])?.count == plan["shifts"] as? Int)
            try await withTemporaryFolder { folder in
                // What is published, as a plan that commands without a database take.
                _ = try await desk.json("schedule", "--output", folder.path(of: "published.csv"))
                let lines = try folder.text(of: "published.csv").split(separator: "\n")
                #expect(lines.first == "queue_id,starts_at,ends_at,operator_id")
                #expect(lines.count - 1 == plan["shifts"] as? Int)
                let judged = try await TestProgram.coverdesk.run([
                    "gaps", "--bundle", Example.small, "--plan", folder.path(of: "published.csv"),
                ])
                #expect(judged.exitCode == 0, "\(judged)")
            }
            let status = try await desk.run("status")
            #expect(status.standardOutput.contains("published"))
            #expect(status.standardOutput.contains("ada"))
        }
    }

    @Test("the same seed, threads and steps give the same plan")
    func repeats() async throws {
        try await withTemporaryFolder { folder in
            var plans: [String] = []
            for name in ["one.csv", "two.csv"] {
                let outcome = try await TestProgram.coverdesk.run([
                    "plan", "--bundle", Example.small, "--output", folder.path(of: name), "--steps", "20",
                    "--threads", "2", "--seed", "5",
                ])
                #expect(outcome.exitCode == 0, "\(outcome)")
                plans.append(try folder.text(of: name))
            }
            #expect(plans[0] == plans[1])
            #expect(plans[0].hasPrefix("queue_id,starts_at,ends_at,operator_id\n"))
            #expect(plans[0].split(separator: "\n").count > 10)
        }
    }

    @Test("export, import elsewhere and export again give the same bytes")
    func exportsTheSame() async throws {
        try await withDesk { first in
            _ = try await first.json("import", Example.small)
            _ = try await first.json("export", "out")
            try await withDesk { second in
                _ = try await second.json("import", first.folder.path(of: "out"))
                _ = try await second.json("export", "out")
                for name in try FileManager.default.contentsOfDirectory(atPath: first.folder.path(of: "out")) {
                    let (one, two) = (
                        try first.folder.text(of: "out/\(name)"), try second.folder.text(of: "out/\(name)")
                    )
                    #expect(one == two, "\(name) differs")
                    #expect(!one.isEmpty)
                }
            }
        }
    }

    @Test("a dry run shows what would change and changes nothing")
    func dryRun() async throws {
        try await withDesk { desk in
            let outcome = try await desk.run("import", Example.small, "--dry-run")
            #expect(outcome.standardOutput.contains("libraries"))
            #expect(outcome.standardOutput.contains("nothing was changed"))
            let status = try await desk.run("status")
            #expect(status.standardOutput.contains("nothing imported yet"))
        }
    }

    @Test("a week is planned without touching the others")
    func plansAWeek() async throws {
        try await withDesk { desk in
            _ = try await desk.json("import", Example.small)
            _ = try await desk.json("plan", "--steps", "5")
            _ = try await desk.json("publish")
            let before = try await desk.run("schedule", "--from", "2026-11-02", "--to", "2026-11-08")
            _ = try await desk.json("plan", "--steps", "5", "--week", "2026-10-28")
            #expect(try await desk.json("publish")["replaced"] as? [Int] == [1])
            let after = try await desk.run("schedule", "--from", "2026-11-02", "--to", "2026-11-08")
            let lines = [before, after].map { $0.standardOutput.split(separator: "\n").dropFirst() }
            #expect(lines[0].count > 10)
            #expect(lines[0] == lines[1])
        }
    }
}
