import Coverage
import Foundation
import NIOCore
import PostgresClient
import PrivateCluster
import ServiceLoad
import Storage
import TestSupport

/// A `coverdesk serve` to measure, on a stage of its own.
struct MeasuredService: Sendable {
    let port: Int
    let token: String
    let cluster: PostgresCluster
    let processID: Int32

    /// Could not be set up.
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Lends one with all operators present.
    static func lend(_ stage: Stage, on cluster: PostgresCluster, _ body: (MeasuredService) async throws -> Void)
        async throws
    {
        try await stage.set(on: cluster)
        let environment = [
            "COVERDESK_DATABASE_URL": cluster.connectionString(),
            "COVERDESK_CONSORTIUM": Stage.consortium.rawValue,
        ]
        let made = try await TestProgram.coverdesk.run(
            ["token", "create", "--chat-server", "chat.example.org", "--rate", "1000000"], environment: environment)
        guard made.exitCode == 0 else { throw Failed(description: "no token: \(made)") }
        let token = made.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
        try await TestProgram.coverdesk.withRunning(["serve", "--port", "0"], environment: environment) { program in
            try await program.waitUntilPrinted("\"message\":\"listening\"")
            guard let port = program.loggedPort else { throw Failed(description: program.standardError) }
            let service = MeasuredService(port: port, token: token, cluster: cluster, processID: program.processID)
            try await service.bring(stage.operators)
            try await body(service)
        }
    }

    /// Has every operator say that they are here, with four seats, for an hour.
    private func bring(_ operators: Int) async throws {
        let lines = 16
        try await withThrowingTaskGroup(of: Void.self) { group in
            for first in 0..<min(lines, operators) {
                group.addTask {
                    let line = try await HTTPLine.open(port: port, patience: .seconds(60))
                    defer { line.close() }
                    for number in stride(from: first, to: operators, by: lines) {
                        let answer = try await line.ask(
                            RequestText.bytes(
                                "PUT", "/v1/presence/\(Stage.operatorID(number))", token: token,
                                json: #"{"availability":"available","seats":4,"lease_seconds":3600}"#))
                        guard answer.status == 200 else {
                            throw Failed(description: "presence: \(String(buffer: answer.body))")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// How much of the machine's memory the service's process has now.
    var residentMegabytes: Int {
        get throws {
            let status = try String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }) ?? []
            guard words.count == 3, let kilobytes = Int(words[1]) else {
                throw Failed(description: "the kernel does not tell the memory of process \(processID)")
            }
            return kilobytes / 1024
        }
    }

    /// How many transactions the database has done, as far as it has counted them.
    func transactions() async throws -> Int {
        // The server's processes tell of what they have done once a second at most.
        try await Task.sleep(for: .seconds(1.5))
        return try await PostgresConnection.withConnection(
            PostgresConfiguration(connectionString: cluster.connectionString())
        ) { connection in
            try await connection.query(
                "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
            ).single().decode(Int.self)
        }
    }
}
