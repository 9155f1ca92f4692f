import Foundation
import TestSupport
import Testing

@Suite("A search that is cut short or made again")
struct InterruptionTests {
    @Test("by Ctrl-C or SIGTERM keeps the best plan so far as a draft", arguments: [SIGINT, SIGTERM])
    func keepsDraft(signal: Int32) async throws {
        try await withDesk { desk in
            _ = try await desk.json("import", try Example.unproven(in: desk.folder))
            let outcome = try await TestProgram.coverdesk.withRunning(
                ["plan", "--seconds", "600", "--json"], environment: desk.settings, in: desk.folder.path
            ) { program in
                try await program.interruptedByAndBy(signal)
            }
            #expect(outcome.exitCode == 128 + signal, "\(outcome)")
            #expect(outcome.standardError.contains("interrupted"))
            let plan = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any])
            #expect(plan["violations"] as? Int == 0)
            #expect((plan["search"] as? [String: Any])?["ended_by"] as? String == "signal")
            let gaps = try await desk.run("gaps")
            #expect(gaps.standardOutput.contains("plan 1 (draft)"))
            // What was kept can be made again, to the shift.
            let again = try await desk.json("plan", "--replay", "1")
            for key in ["shifts", "cost", "steps"] {
                #expect(again[key] as? Double == plan[key] as? Double, "\(key)")
            }
        }
    }

    @Test("by Ctrl-C writes the best plan so far to the file, and is made again from its record")
    func keepsFile() async throws {
        try await withTemporaryFolder { folder in
            let bundle = try Example.unproven(in: folder)
            let outcome = try await TestProgram.coverdesk.withRunning([
                "plan", "--bundle", bundle, "--output", folder.path(of: "plan.csv"), "--steps", "1000000000",
                "--record", folder.path(of: "search.json"),
            ]) { program in
                try await program.interruptedByAndBy(SIGINT)
            }
            #expect(outcome.exitCode == 130, "\(outcome)")
            let again = try await TestProgram.coverdesk.run([
                "plan", "--bundle", bundle, "--output", folder.path(of: "again.csv"), "--replay",
                folder.path(of: "search.json"),
            ])
            #expect(again.exitCode == 0, "\(again)")
            #expect(again.standardError.isEmpty)
            #expect(try folder.text(of: "plan.csv") == folder.text(of: "again.csv"))
        }
    }

    @Test("by Ctrl-C writes the best roster so far, also while it keeps all processors")
    func keepsRoster() async throws {
        try await withTemporaryFolder { folder in
            try folder.write(Self.twoDays, to: "days.txt")
            // Rounds between which a search would look up by itself take a quarter of an hour.
            let outcome = try await TestProgram.coverdesk.withRunning(
                [
                    "solve", "days.txt", "--seconds", "36000", "--output", "days.roster", "--threads",
                    "\(ProcessInfo.processInfo.activeProcessorCount)",
                ], in: folder.path
            ) { program in
                try await eventually("the program searches") { try program.hasWorked() }
                return try await program.interruptedByAndBy(SIGINT)
            }
            #expect(outcome.exitCode == 130, "\(outcome)")
            #expect(try folder.text(of: "days.roster") == "D\tD\n")
        }
    }

    private static let twoDays = """
        SECTION_HORIZON
        2
        SECTION_SHIFTS
        D,480,
        SECTION_STAFF
        ann,D=2,960,0,2,1,1,1
        SECTION_DAYS_OFF
        SECTION_SHIFT_ON_REQUESTS
        SECTION_SHIFT_OFF_REQUESTS
        SECTION_COVER
        0,D,1,10,1
        1,D,1,10,1

        """

    @Test("a second signal ends the program at once")
    func endsAtOnce() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await TestProgram.coverdesk.withRunning(
                ["plan", "--bundle", try Example.unproven(in: folder), "--output", "plan.csv", "--seconds", "600"],
                in: folder.path
            ) { program in
                // Two of one kind that come together may arrive as one; which of these comes first is open.
                try await program.interruptedByAndBy(SIGINT, SIGTERM)
            }
            #expect([130, 143].contains(outcome.exitCode), "\(outcome)")
            // A search that one signal ended would have told of its plan.
            #expect(outcome.standardOutput.isEmpty)
        }
    }

    @Test("by seconds tells the command that makes the same plan")
    func tellsCommand() async throws {
        try await withTemporaryFolder { folder in
            let first = try await TestProgram.coverdesk.run(
                [
                    "plan", "--bundle", Example.small, "--output", "plan.csv", "--seconds", "1", "--record",
                    "my search.json",
                ], in: folder.path)
            #expect(first.exitCode == 0, "\(first)")
            let command = "coverdesk plan --bundle \(Example.small) --output plan.csv --replay 'my search.json'"
            #expect(first.standardOutput.contains("to make it again: \(command)\n"))
            let plan = try folder.text(of: "plan.csv")
            let again = try await TestProgram.coverdesk.run(
                ["plan", "--bundle", Example.small, "--output", "plan.csv", "--replay", "my search.json"],
                in: folder.path)
            #expect(again.exitCode == 0, "\(again)")
            #expect(try folder.text(of: "plan.csv") == plan)
        }
    }

    @Test("and was one of other data is told apart")
    func tellsDifference() async throws {
        try await withTemporaryFolder { folder in
            let arguments = ["plan", "--bundle", Example.small, "--output", "plan.csv"]
            _ = try await TestProgram.coverdesk.run(
                arguments + ["--steps", "30", "--record", "search.json"], in: folder.path)
            let other = try await TestProgram.coverdesk.run(
                arguments + ["--week", "2026-10-28", "--replay", "search.json"], in: folder.path)
            #expect(other.exitCode == 0)
            #expect(other.standardError.contains("have changed since"))
        }
    }

    @Test("from what holds no search is refused", arguments: ["nothing.json", "9"])
    func refusesReplay(name: String) async throws {
        let outcome = try await TestProgram.coverdesk.run([
            "plan", "--bundle", Example.small, "--output", "plan.csv", "--replay", name,
        ])
        #expect(outcome.exitCode == 2)
        #expect(outcome.standardError.contains("coverdesk plan --record"))
    }
}

extension RunningProgram {
    /// Sends signals once the search may have begun, and waits for the end: a signal that comes before a search has
    /// begun ends the program as ever, which is no test of the search, so it waits for the program's own handler.
    fileprivate func interruptedByAndBy(_ signals: Int32...) async throws -> ProgramOutcome {
        try await eventually("the program handles signals itself") { try Self.handlesSignals(of: processID) }
        signals.forEach(send)
        return try await end()
    }

    /// Whether all its threads together have worked for half a second, as reading and writing do not.
    fileprivate func hasWorked() throws -> Bool {
        let numbers =
            try String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8)
            .split(separator: ")").last?.split(separator: " ") ?? []
        return numbers.count > 11 && (Int(numbers[11]) ?? 0) >= 50
    }

    /// Whether the process has a handler of its own for SIGINT, by what the system knows of it.
    private static func handlesSignals(of process: Int32) throws -> Bool {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
        let mask = line.flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
        return mask >> UInt64(SIGINT - 1) & 1 == 1
    }
}
