import Foundation
import Replication
import TestSupport
import Testing

@Suite("A full disk", .serialized, .timeLimit(.minutes(3)))
struct FullDiskTests {
    @Test(
        "leaves the cache as it was, is told, and is got over once there is room",
        .enabled(if: geteuid() == 0, "only root can mount a small file system to fill"))
    func survives() async throws {
        let service = ModelService()
        try await withAgent(of: { try await service.answer($0, $1) }) { outer in
            try await outer.folder.withSmallDisk(kilobytes: 700) { disk in
                let path = "\(disk)/desk.sqlite"
                let arguments = [
                    "sync", "--service", outer.service, "--cache", path, "--token-file", outer.folder.path(of: "token"),
                ]
                let first = try await TestProgram.coverdesk.run(arguments + ["--once"])
                #expect(first.exitCode == 0, "\(first)")
                let before = service.rows()
                service.commit(
                    (1...60_000).map {
                        ModelService.put("demand", ["chat", "\($0 * 3600)", "\($0 * 3600 + 3600)", "1", "2"])
                    })
                try await TestProgram.coverdesk.withRunning(
                    arguments + ["--health", outer.folder.path(of: "health")]
                ) { program in
                    try await eventually("the agent tells of the full disk") {
                        (try? outer.health()["trouble"] as? String)?.contains("is full: make room") == true
                    }
                    let held = try CacheRows(path: path).all()
                    #expect(held == before, "\(held.count) rows")
                    try outer.folder.grow(disk, kilobytes: 60_000)
                    try await eventually("the cache is in step") { try CacheRows(path: path).all() == service.rows() }
                    program.send(SIGTERM)
                    #expect(try await program.end().exitCode == 0)
                }
            }
        }
    }
}

extension TemporaryFolder {
    /// Lends a file system of its own, of a size.
    fileprivate func withSmallDisk(kilobytes: Int, _ body: (String) async throws -> Void) async throws {
        let disk = path(of: "disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        try run("/bin/mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", disk)
        defer { try? run("/bin/umount", "-l", disk) }
        try await body(disk)
    }

    fileprivate func grow(_ disk: String, kilobytes: Int) throws {
        try run("/bin/mount", "-o", "remount,size=\(kilobytes)k", disk)
    }

    private func run(_ program: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    }
}
