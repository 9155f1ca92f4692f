import Foundation
import TestSupport
import Testing

@Suite("A program that a test runs")
struct TestProgramTests {
    private let shell = TestProgram(path: "/bin/sh")

    @Test("its exit code and both of its outputs are told")
    func outcome() async throws {
        let outcome = try await shell.run(["-c", "echo out; echo err >&2; exit 3"])
        #expect(outcome.exitCode == 3)
        #expect(outcome.standardOutput == "out\n")
        #expect(outcome.standardError == "err\n")
    }

    @Test("it reads what the test gives it, more than a pipe holds, and need not read it")
    func input() async throws {
        let text = String(repeating: "a line of some length\n", count: 20_000)
        let echoed = try await TestProgram(path: "/bin/cat").run(input: text)
        #expect(echoed.standardOutput == text)
        let ignored = try await TestProgram(path: "/bin/true").run(input: text)
        #expect(ignored.exitCode == 0)
    }

    @Test("variables given to it arrive; the project's own and libpq's, set by whoever runs the tests, do not")
    func environment() async throws {
        let outcome = try await shell.run(
            ["-c", "echo $GIVEN $COVERDESK_GIVEN"], environment: ["GIVEN": "a", "COVERDESK_GIVEN": "b"])
        #expect(outcome.standardOutput == "a b\n")
        await #expect(processExitsWith: .success) {
            unsafe setenv("COVERDESK_DATABASE_URL", "somewhere", 1)
            unsafe setenv("PGHOST", "somewhere", 1)
            let inner = try await TestProgram(path: "/bin/sh").run(["-c", "echo $COVERDESK_DATABASE_URL$PGHOST"])
            try #require(inner.standardOutput == "\n")
        }
    }

    @Test("it can be killed once it has printed what was waited for")
    func killed() async throws {
        let outcome = try await shell.withRunning(["-c", "echo ready; exec sleep 3600"]) { program in
            try await program.waitUntilPrinted("ready")
            program.kill()
            return try await program.end()
        }
        #expect(outcome.ending == .killed(signal: 9))
    }

    @Test("waiting for what it never prints ends with the program, and says what it did print")
    func neverPrinted() async throws {
        let fault = await #expect(throws: ProgramFault.self) {
            try await shell.withRunning(["-c", "echo something else"]) { program in
                try await program.waitUntilPrinted("ready")
            }
        }
        #expect(fault?.description.contains("something else") == true)
    }

    @Test("a program that hangs is killed when its time is over")
    func hangs() async throws {
        let fault = await #expect(throws: ProgramFault.self) {
            try await shell.run(["-c", "echo before; exec sleep 3600"], within: .seconds(3))
        }
        #expect(fault?.description.contains("before") == true)
    }

    @Test("a program that cannot be started is named")
    func missing() async throws {
        let fault = await #expect(throws: ProgramFault.self) {
            try await TestProgram(path: "/no/such/program").run()
        }
        #expect(fault?.description.contains("/no/such/program") == true)
    }
}
