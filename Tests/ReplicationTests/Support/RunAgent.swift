import Foundation
import Logging
import Replication
import TestSupport

/// An agent with short limits, in a folder of its own.
struct AgentFolder: Sendable {
    let folder: TemporaryFolder
    let service: String

    var cachePath: String { folder.path(of: "desk.sqlite") }
    var rows: CacheRows { CacheRows(path: cachePath) }

    func agent(verifies: Bool = false, _ change: (inout SyncLimits) -> Void = { _ in }) throws -> SyncAgent {
        try folder.write("secret\n", to: "token")
        var settings = SyncAgent.Settings(
            service: service, cachePath: cachePath, tokenFile: folder.path(of: "token"),
            healthPath: folder.path(of: "health"))
        settings.verifies = verifies
        settings.limits.firstPause = .milliseconds(10)
        settings.limits.longestPause = .milliseconds(50)
        settings.limits.outboxPause = .milliseconds(20)
        settings.limits.idlePause = .milliseconds(20)
        settings.limits.repairRows = 8
        change(&settings.limits)
        return try SyncAgent(
            settings, now: { Int64(Date().timeIntervalSince1970 * 1_000_000) },
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs an agent while the body runs.
    func following(
        _ change: (inout SyncLimits) -> Void = { _ in }, _ body: @Sendable () async throws -> Void
    ) async throws {
        let agent = try agent(change)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await agent.run() }
            try await body()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Runs the program as a person would.
    func arguments(_ more: String...) -> [String] {
        ["sync", "--service", service, "--cache", cachePath, "--token-file", folder.path(of: "token")] + more
    }

    func health() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(try folder.text(of: "health").utf8)) as? [String: Any] ?? [:]
    }
}

/// Lends a folder for an agent of a service that answers by a script.
func withAgent(
    of script: @escaping ScriptedService.Script, _ body: @Sendable (AgentFolder) async throws -> Void
) async throws {
    try await ScriptedService.with(script) { address in
        try await withTemporaryFolder { folder in
            try folder.write("secret\n", to: "token")
            try await body(AgentFolder(folder: folder, service: address))
        }
    }
}
