import Foundation
import PrivateCluster
import TestSupport
import Testing

extension PrivateClusterTests {
    @Suite("A program in the background")
    struct Background {
        @Test("it is found again and stopped by another, and not started twice")
        func startAndStop() async throws {
            try await withTemporaryFolder { folder in
                let (pid, log) = (folder.path(of: "pid"), folder.path(of: "log"))
                let first = BackgroundProgram(pidFile: pid, logFile: log)
                #expect(first.processID == nil)
                // What runs tests may ignore the signal, which its children take over.
                try first.start("/usr/bin/env", ["--default-signal=TERM", "sleep", "600"], environment: [:])
                let process = try #require(first.processID)
                let second = BackgroundProgram(pidFile: pid, logFile: log)
                #expect(second.processID == process)
                #expect(throws: ClusterError.self) { try second.start("/bin/sleep", ["600"], environment: [:]) }
                #expect(second.stop())
                #expect(!FileFacts.isRunning(process))
                #expect(!second.stop())
            }
        }

        @Test("a number that somebody else's process has now is left alone")
        func staleNumber() async throws {
            try await withTemporaryFolder { folder in
                try await TestProgram(path: "/bin/sleep").withRunning(["600"]) { stranger in
                    for text in ["\(stranger.processID) 1\n", "\(stranger.processID)\n", "", "nonsense"] {
                        let pid = try folder.write(text, to: "pid")
                        let program = BackgroundProgram(pidFile: pid, logFile: folder.path(of: "log"))
                        #expect(program.processID == nil)
                        #expect(!program.stop())
                    }
                    #expect(FileFacts.isRunning(stranger.processID))
                }
            }
        }
    }
}
