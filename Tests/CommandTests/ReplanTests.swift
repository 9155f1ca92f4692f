import Foundation
import TestSupport
import Testing

@Suite("Planning that goes on")
struct ReplanTests {
    @Test("mends a plan file after an absence, tells who loses and gains what, and leaves the rest")
    func mendsFile() async throws {
        try await withTemporaryFolder { folder in
            let bundle = try copyExample(into: folder)
            try await plan(bundle, folder, "--output", "old.csv", "--steps", "2000")
            let ordered = try folder.text(of: "old.csv").split(separator: "\n")
            let old = Set(ordered)
            let ill = try #require(ordered.dropFirst().first).split(separator: ",").map(String.init)
            let absences = try folder.text(of: "bundle/absences.csv")
            _ = try folder.write("\(absences)\(ill[3]),\(ill[1]),\(ill[2]),ill\n", to: "bundle/absences.csv")
            let outcome = try await plan(bundle, folder, "--from-plan", "old.csv", "--output", "new.csv", "--json")
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any])
            #expect(report["violations"] as? Int == 0)
            let changes = try #require(report["changes"] as? [String: Any])
            let lines = try #require(changes["changes"] as? [[String: Any]])
            let lost = lines.filter { $0["reason"] as? String == "absence" }
            #expect(Set(lost.map { $0["operator_id"] as? String }) == [ill[3]])
            #expect(lines.count <= 12)
            let minutes = (changes["lost_minutes"] as? Double ?? 0) + (changes["gained_minutes"] as? Double ?? 0)
            #expect(changes["price"] as? Double == minutes / 60 * 20)
            let new = Set(try folder.text(of: "new.csv").split(separator: "\n"))
            #expect(new.symmetricDifference(old).count <= 2 * lines.count + 2)
            let text = try await plan(bundle, folder, "--from-plan", "old.csv", "--output", "again.csv")
            #expect(text.standardOutput.contains("What changes against old.csv"))
            #expect(try folder.text(of: "again.csv") == folder.text(of: "new.csv"))
        }
    }

    @Test("mends a plan file in which somebody has left the consortium since")
    func mendsLeaver() async throws {
        try await withTemporaryFolder { folder in
            let bundle = try copyExample(into: folder)
            try await plan(bundle, folder, "--output", "old.csv", "--steps", "50")
            let gone = try #require(
                try folder.text(of: "old.csv").split(separator: "\n").dropFirst().first?.split(separator: ",").last)
            for name in ["operators.csv", "availability.csv", "absences.csv"] {
                let lines = try folder.text(of: "bundle/\(name)").split(separator: "\n")
                let rest = lines.filter { !$0.hasPrefix("\(gone),") }
                _ = try folder.write(rest.joined(separator: "\n") + "\n", to: "bundle/\(name)")
            }
            try await plan(bundle, folder, "--from-plan", "old.csv", "--output", "new.csv")
            #expect(try !folder.text(of: "new.csv").contains(gone))
        }
    }

    @Test("mends what is published, as a draft that can be published in its place")
    func mendsPublished() async throws {
        try await withDesk { desk in
            _ = try await desk.json("import", Example.small)
            let nothing = try await desk.run("plan", "--replan")
            #expect(nothing.exitCode == 3)
            #expect(nothing.standardError.contains("nothing is published"))
            _ = try await desk.json("plan", "--steps", "2000")
            _ = try await desk.json("publish")
            let same = try await desk.json("plan", "--replan", "--change-price", "1000000")
            #expect((same["changes"] as? [String: Any])?["people"] as? Int == 0)
            #expect((same["changes"] as? [String: Any])?["against"] as? String == "plan 1")
            let before = try await desk.json("schedule", "--to", "2026-11-01")
            let rest = try await desk.json("plan", "--replan", "--from", "2026-11-02")
            #expect(rest["violations"] as? Int == 0)
            _ = try await desk.json("publish")
            let after = try await desk.json("schedule", "--to", "2026-11-01")
            #expect(
                try JSONSerialization.data(withJSONObject: before["shifts"] ?? [], options: .sortedKeys)
                    == JSONSerialization.data(withJSONObject: after["shifts"] ?? [], options: .sortedKeys))
        }
    }

    @Test("keeps pinned shifts, and refuses those that break a rule")
    func pins() async throws {
        try await withTemporaryFolder { folder in
            try await plan(Example.small, folder, "--output", "first.csv", "--steps", "50", "--seed", "1")
            let lines = try folder.text(of: "first.csv").split(separator: "\n").map(String.init)
            let pins = [lines[0]] + lines.dropFirst().enumerated().filter { $0.offset % 5 == 0 }.map(\.element)
            _ = try folder.write(pins.joined(separator: "\n") + "\n", to: "pins.csv")
            let outcome = try await plan(
                Example.small, folder, "--output", "second.csv", "--steps", "50", "--seed", "2", "--pin", "pins.csv",
                "--json")
            #expect(outcome.standardOutput.contains(#""violations" : 0"#))
            let second = Set(try folder.text(of: "second.csv").split(separator: "\n").map(String.init))
            #expect(second.isSuperset(of: pins))
            let twice = [lines[0], lines[1], lines[1]].joined(separator: "\n") + "\n"
            _ = try folder.write(twice, to: "twice.csv")
            let refused = try await TestProgram.coverdesk.run(
                ["plan", "--bundle", Example.small, "--output", "third.csv", "--pin", "twice.csv"], in: folder.path)
            #expect(refused.exitCode == 3)
            #expect(refused.standardError.contains("one_place_at_a_time"))
        }
    }

    @Test("ranks the operators for an open shift, of a file and of the database alike")
    func whatIf() async throws {
        try await withDesk { desk in
            _ = try await desk.json("import", Example.small)
            try await plan(Example.small, desk.folder, "--output", "plan.csv", "--steps", "20", "--seed", "1")
            _ = try await desk.json("plan", "--steps", "20", "--seed", "1")
            let shift = try #require(
                try desk.folder.text(of: "plan.csv").split(separator: "\n").dropFirst().first
            ).split(separator: ",").map(String.init)
            let question = ["what-if", "--queue", shift[0], "--at", shift[1], "--to", shift[2]]
            let file = try await TestProgram.coverdesk.run(
                question + ["--bundle", Example.small, "--plan", "plan.csv", "--json"], in: desk.folder.path)
            #expect(file.exitCode == 0, "\(file)")
            let base = try await TestProgram.coverdesk.run(question + ["--json"], environment: desk.settings)
            let reports = try [file, base].map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.standardOutput.utf8)) as? [String: Any])
            }
            let candidates = reports.map { $0["candidates"] as? [[String: Any]] ?? [] }
            #expect(candidates[0].count > 10)
            #expect(
                try JSONSerialization.data(withJSONObject: candidates[0], options: .sortedKeys)
                    == JSONSerialization.data(withJSONObject: candidates[1], options: .sortedKeys))
            #expect(candidates[0].first { $0["operator_id"] as? String == shift[3] }?["standing"] as? String == "there")
            let text = try await desk.run("what-if", "--queue", shift[0], "--at", "2026-10-26T10:00", "--all")
            #expect(text.exitCode == 0, "\(text)")
            #expect(text.standardOutput.contains("cannot"))
        }
    }

    @Test(
        "says what is wrong with a question",
        arguments: [
            (["--queue", "nowhere", "--at", "2026-10-26T10:00"], Int32(3), "there is no queue"),
            (["--queue", "ask", "--at", "noon"], 2, "not a time that can be read"),
            (["--queue", "ask", "--at", "2026-11-01T01:00"], 2, "twice"),
            (["--queue", "ask", "--at", "2026-10-26T10:10"], 2, "beginning of a slot"),
            (["--queue", "ask", "--at", "2026-10-26T10:00", "--to", "2026-10-26T09:00"], 2, "is not after"),
            (["--queue", "ask", "--at", "2027-10-26T10:00"], 2, "is not inside"),
        ])
    func refusesQuestions(arguments: [String], code: Int32, words: String) async throws {
        try await withTemporaryFolder { folder in
            _ = try folder.write("queue_id,starts_at,ends_at,operator_id\n", to: "plan.csv")
            let outcome = try await TestProgram.coverdesk.run(
                ["what-if", "--bundle", Example.small, "--plan", "plan.csv"] + arguments, in: folder.path)
            #expect(outcome.exitCode == code, "\(outcome)")
            #expect(outcome.standardError.contains(words), "\(outcome)")
        }
    }

    @Test("tells how fair a plan is, and of those who have nothing of it")
    func fairness() async throws {
        try await withTemporaryFolder { folder in
            _ = try folder.write("queue_id,starts_at,ends_at,operator_id\n", to: "empty.csv")
            let empty = try await TestProgram.coverdesk.run(
                ["fairness", "--bundle", Example.small, "--plan", "empty.csv", "--json"], in: folder.path)
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(empty.standardOutput.utf8)) as? [String: Any])
            #expect(report["operators_without_shift"] as? Int == (report["operators"] as? [Any])?.count)
            #expect(report["libraries_without_shift"] as? Int == (report["libraries"] as? [Any])?.count)
            let made = try await plan(Example.small, folder, "--output", "plan.csv", "--steps", "20")
            #expect(made.standardOutput.contains("fairness         Jain 0."))
            let text = try await TestProgram.coverdesk.run(
                ["fairness", "--bundle", Example.small, "--plan", "plan.csv", "--operators", "--night", "23:00-05:00"],
                in: folder.path)
            #expect(text.exitCode == 0, "\(text)")
            #expect(text.standardOutput.contains("operators, unpopular hours"))
            let refused = try await TestProgram.coverdesk.run(
                ["fairness", "--bundle", Example.small, "--plan", "plan.csv", "--night", "late"], in: folder.path)
            #expect(refused.exitCode == 2)
        }
    }

    @discardableResult
    private func plan(_ bundle: String, _ folder: TemporaryFolder, _ arguments: String...) async throws
        -> ProgramOutcome
    {
        let outcome = try await TestProgram.coverdesk.run(
            ["plan", "--bundle", bundle] + arguments, in: folder.path)
        guard outcome.exitCode == 0 else { throw UnexpectedOutcome(outcome) }
        return outcome
    }

    private func copyExample(into folder: TemporaryFolder) throws -> String {
        let path = folder.path(of: "bundle")
        try FileManager.default.copyItem(atPath: Example.small, toPath: path)
        return path
    }
}
