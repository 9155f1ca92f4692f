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
            let first = try await demo("--once")
            #expect(first.exitCode == 0, "\(first)")
            for words in ["hours wanted", "critical gaps", "Contribution by library", "published plan 1"] {
                #expect(first.standardOutput.contains(words))
            }
            #expect(try await demo("--once").standardOutput.contains("published plan 2"))
            #expect(try await demo("--once", "--reset").standardOutput.contains("published plan 1"))
            #expect(try await demo("--stop").exitCode == 0)
            #expect(!FileManager.default.fileExists(atPath: "\(cluster)/data/postmaster.pid"))
        }
    }
}
