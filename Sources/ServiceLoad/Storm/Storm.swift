import Foundation
import PostgresClient
package import PrivateCluster
import Storage
package import TestSupport

/// Several `coverdesk serve` over one PostgreSQL, chat servers that race, and nodes and the database killed under them.
package struct Storm: Sendable {
    package var seconds = 10
    package var nodes = 3
    package var clients = 16
    package var seed: UInt64 = 1
    /// About how many seconds lie between two kills.
    package var pause = 1.5

    package init() {}

    /// What a storm came to.
    package struct Outcome: Sendable {
        /// Everything that clients asked and were told.
        package var told: ToldBook
        package var nodeKills: Int
        package var databaseKills: Int
        /// Error lines of the nodes' logs.
        package var errors: [String]
        /// What `coverdesk check-log` said of log, tables and acknowledgements, once when the storm was over and once
        /// after every session had been ended.
        package var checks: [ProgramOutcome]
        /// Sessions that were left and could not be ended: each with the status.
        package var stuck: [String]

        package var isClean: Bool { checks.allSatisfy { $0.exitCode == 0 } && stuck.isEmpty && errors.isEmpty }
    }

    /// Lets it blow.
    ///
    /// - Parameters:
    ///   - cluster: A server of the storm's own, which runs; it is killed and started again.
    ///   - folder: Where the acknowledgements are written, as `told.ndjson`.
    ///   - progress: Told a line now and then.
    /// - Returns: What was found.
    /// - Throws: Only what has to do with the set-up, or if a node does not come up again.
    package func run(
        on cluster: PostgresCluster, in folder: String, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Outcome {
        try await prepare(cluster)
        let environment = [
            "COVERDESK_DATABASE_URL": cluster.connectionString(), "COVERDESK_CONSORTIUM": StormStage.consortium,
        ]
        let tokens = try await tokens(environment)
        let all = (0..<nodes).map { _ in StormNode() }
        var outcome = Outcome(told: ToldBook(), nodeKills: 0, databaseKills: 0, errors: [], checks: [], stuck: [])
        let told = outcome.told
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in all { group.addTask { try await node.run(environment: environment) } }
            try await waitUntilUp(all)
            outcome.databaseKills = try await rage(all, cluster, tokens, told, progress)
            try await waitUntilUp(all)
            try told.write(to: "\(folder)/told.ndjson")
            outcome.checks.append(try await check(environment, folder))
            outcome.stuck = try await endEverything(all[0], cluster, token: tokens[0].token)
            outcome.checks.append(try await check(environment, folder))
            for node in all { node.end() }
            try await group.waitForAll()
        }
        outcome.nodeKills = all.reduce(0) { $0 + $1.killCount }
        outcome.errors = all.flatMap(\.errors)
        return outcome
    }

    // MARK: The set-up

    private func prepare(_ cluster: PostgresCluster) async throws {
        let connectionString = cluster.connectionString()
        try await PostgresConnection.withConnection(PostgresConfiguration(connectionString: connectionString)) {
            _ = try await SchemaMigrator().migrate($0)
            try await $0.executeScript(StormStage.sql)
        }
    }

    private func tokens(_ environment: [String: String]) async throws -> [(chatServer: String, token: String)] {
        var tokens: [(String, String)] = []
        for chatServer in ["alpha", "beta"] {
            let made = try await TestProgram.coverdesk.run(
                ["token", "create", "--chat-server", chatServer, "--rate", "1000000"], environment: environment)
            guard made.exitCode == 0 else { throw StormFailure(description: "no token: \(made)") }
            tokens.append((chatServer, made.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        return tokens
    }

    private func waitUntilUp(_ all: [StormNode]) async throws {
        for (index, node) in all.enumerated() {
            try await eventually("node \(index) is ready") {
                guard let port = node.port, let line = try? await HTTPLine.open(port: port) else { return false }
                defer { line.close() }
                return (try? await line.ask(RequestText.bytes("GET", "/readyz")))?.status == 200
            }
        }
    }

    // MARK: The storm

    /// - Returns: How often the database was killed.
    private func rage(
        _ all: [StormNode], _ cluster: PostgresCluster, _ tokens: [(chatServer: String, token: String)],
        _ told: ToldBook, _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> Int {
        let end = ContinuousClock.now + .seconds(seconds)
        let floor = StormFloor()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<clients {
                group.addTask {
                    var client = StormClient(number, seed: seed, nodes: all, tokens: tokens, book: told, floor: floor)
                    await client.run(until: end)
                    return 0
                }
            }
            group.addTask { try await kill(all, cluster, until: end, told, progress) }
            return try await group.reduce(0, +)
        }
    }

    private func kill(
        _ all: [StormNode], _ cluster: PostgresCluster, until end: ContinuousClock.Instant, _ told: ToldBook,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> Int {
        var random = SplitMix64(seed: seed)
        var databaseKills = 0
        var kills = 0
        while true {
            try await Task.sleep(for: .milliseconds(Int(pause * Double(Int.random(in: 500...1500, using: &random)))))
            // A node first and then the database, however slow the machine is; after that as it comes.
            guard ContinuousClock.now < end || kills < 2 else { return databaseKills }
            let isNode = kills == 0 || (kills > 1 && Int.random(in: 0..<4, using: &random) > 0)
            kills += 1
            if isNode {
                let number = Int.random(in: 0..<all.count, using: &random)
                progress("\(told.count) asked; node \(number) is killed")
                all[number].kill()
            } else {
                progress("\(told.count) asked; the database is killed")
                databaseKills += 1
                if Bool.random(using: &random) { try await cluster.kill() } else { try await cluster.stop(.immediate) }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...400, using: &random)))
                try await cluster.start()
            }
        }
    }

    // MARK: Afterwards

    private func check(_ environment: [String: String], _ folder: String) async throws -> ProgramOutcome {
        try await TestProgram.coverdesk.run(
            ["check-log", "--acknowledgements", "\(folder)/told.ndjson"], environment: environment)
    }

    /// Ends every session that is left, for what is stuck cannot be ended.
    private func endEverything(_ node: StormNode, _ cluster: PostgresCluster, token: String) async throws -> [String] {
        guard let port = node.port else { throw StormFailure(description: "the node is down") }
        let line = try await HTTPLine.open(port: port)
        defer { line.close() }
        let numbers = try await liveSessions(cluster)
        var stuck: [String] = []
        for number in numbers {
            let question = RequestText.bytes(
                "POST", "/v1/sessions/\(number)/end", token: token, json: #"{"outcome":"unrecorded"}"#)
            let answer = try await line.ask(question)
            // What was being written up may have ended by itself meanwhile.
            if answer.status != 200, answer.status != 409 { stuck.append("session \(number): \(answer.status)") }
        }
        return stuck + (try await liveSessions(cluster)).map { "session \($0) is live after its end" }
    }

    private func liveSessions(_ cluster: PostgresCluster) async throws -> [Int64] {
        try await PostgresConnection.withConnection(
            PostgresConfiguration(connectionString: cluster.connectionString())
        ) { connection in
            try await connection.query("SELECT session_number FROM live_session").map { try $0.decode(Int64.self) }
        }
    }
}

/// The storm could not be set up.
package struct StormFailure: Error, CustomStringConvertible {
    package let description: String
}
