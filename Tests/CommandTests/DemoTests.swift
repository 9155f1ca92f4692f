import Foundation
import TestSupport
import Testing

@Suite("The demo")
struct DemoTests {
    @Test("it plans and publishes, twice in a row, can begin anew, and is stopped again")
    func runs() async throws {
        try await withTemporaryFolder { folder in
            let cluster = folder.path(of: "cluster")
            func demo(_ arguments: String...) async throws -> ProgramOutcome {
                try await TestProgram.coverdesk.run(
                    ["demo", "--folder", cluster, "--bundle", Example.small, "--seconds", "1"] + arguments)
            }
            let first = try await demo("--once", "--speed", "400")
            #expect(first.exitCode == 0, "\(first)")
            for words in [
                "hours wanted", "critical gaps", "Contribution by library", "published plan 1", "no difference",
                "coordinator@demo.example", "reader@demo.example",
            ] {
                #expect(first.standardOutput.contains(words), "\(first)")
            }
            let second = try await demo("--once", "--speed", "400")
            #expect(second.exitCode == 0, "\(second)")
            #expect(second.standardOutput.contains("published plan 2"))
            #expect(second.standardOutput.contains("Tue 2026-10-27 at the desk"))
            #expect(try await demo("--no-service", "--reset").standardOutput.contains("published plan 1"))
            #expect(try await demo("--stop").exitCode == 0)
            #expect(!FileManager.default.fileExists(atPath: "\(cluster)/data/postmaster.pid"))
        }
    }

    @Test("it leaves the service up when its day is ended with Ctrl-C, with commands that work as pasted")
    func staysUp() async throws {
        try await withTemporaryFolder { folder in
            let cluster = folder.path(of: "cluster")
            let arguments = ["demo", "--folder", cluster, "--bundle", Example.small, "--seconds", "1"]
            try await TestProgram.coverdesk.withRunning(arguments) { demo in
                try await demo.waitUntilPrinted("came")
                demo.send(SIGINT)
                let outcome = try await demo.end()
                #expect(outcome.exitCode == 130, "\(outcome)")
                let paste = Self.commands(in: outcome.standardOutput)
                let pasted = try await TestProgram(path: "/bin/bash").run(["-c", paste])
                #expect(pasted.exitCode == 0, "\(paste)\n\(pasted)")
                #expect(pasted.standardOutput.contains(#""availability":"available""#), "\(pasted)")
                #expect(pasted.standardOutput.contains(#""state":"offered""#), "\(pasted)")
            }
            let stopped = try await TestProgram.coverdesk.run(["demo", "--stop", "--folder", cluster])
            #expect(stopped.exitCode == 0)
            #expect(!FileManager.default.fileExists(atPath: "\(cluster)/serve.pid"))
        }
    }

    @Test("it goes on when its service is killed, and says so")
    func serviceDies() async throws {
        try await withTemporaryFolder { folder in
            let cluster = folder.path(of: "cluster")
            let pidFile = "\(cluster)/serve.pid"
            let arguments = ["demo", "--folder", cluster, "--bundle", Example.small, "--seconds", "1"]
            try await TestProgram.coverdesk.withRunning(arguments) { demo in
                try await demo.waitUntilPrinted("came")
                let before = try String(contentsOfFile: pidFile, encoding: .utf8)
                kill(try #require(before.split(separator: " ").first.flatMap { Int32($0) }), SIGKILL)
                try await eventually("it runs again") {
                    let now = try? String(contentsOfFile: pidFile, encoding: .utf8)
                    return now.map { $0 != before } ?? false
                }
                demo.send(SIGINT)
                let outcome = try await demo.end()
                #expect(outcome.exitCode == 130, "\(outcome)")
                #expect(outcome.standardError.contains("the service died once"), "\(outcome)")
            }
            _ = try await TestProgram.coverdesk.run(["demo", "--stop", "--folder", cluster])
        }
    }

    /// The requests that the demo proposes, but for the stream, which does not end.
    private static func commands(in output: String) -> String {
        let lines = output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let wanted = lines.filter { line in
            ["export B=", "alias ask=", "curl ", "ask -X"].contains { line.hasPrefix($0) }
        }
        // A shell that is not spoken to by a person does not look for aliases unless it is told.
        return "shopt -s expand_aliases\nset -e\n" + wanted.joined(separator: "\n")
    }
}
