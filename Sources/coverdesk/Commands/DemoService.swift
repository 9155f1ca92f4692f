import API
import BundleFiles
import ChatSimulation
import Coverage
import Foundation
import NIOHTTP1
import PostgresClient
import PrivateCluster
import Storage

/// The service of the demo: a process that goes on after the command, with what belongs to it in the demo's folder.
struct DemoService: Sendable {
    let folder: String
    let databaseURL: String
    let program: BackgroundProgram

    init(folder: String, databaseURL: String) {
        self.folder = folder
        self.databaseURL = databaseURL
        program = Self.program(in: folder)
    }

    static func program(in folder: String) -> BackgroundProgram {
        BackgroundProgram(pidFile: "\(folder)/serve.pid", logFile: "\(folder)/serve.log")
    }

    var tokenFile: String { "\(folder)/token" }
    var planFile: String { "\(folder)/plan.csv" }

    // MARK: The process

    /// The same as ``start(port:clock:zone:)``, on whichever port is free where another process has the one preferred.
    ///
    /// To look beforehand whether it is free would not do: somebody could come in between.
    func start(preferring port: Int, clock: PacedClock, zone: TimeZoneRules) async throws -> (url: String, port: Int) {
        do {
            return try await start(port: port, clock: clock, zone: zone)
        } catch {
            guard port != 0, log.contains("Address already in use") else { throw error }
            return try await start(port: 0, clock: clock, zone: zone)
        }
    }

    /// Starts `coverdesk serve` with a clock of its own and waits until it can be asked.
    ///
    /// - Parameters:
    ///   - port: 0 for whichever is free.
    ///   - clock: What time it is there.
    ///   - zone: The consortium's, in which that is written.
    /// - Returns: Its address and port.
    /// - Throws: ``CommandFailure`` with the last lines of its log.
    func start(port: Int, clock: PacedClock, zone: TimeZoneRules) async throws -> (url: String, port: Int) {
        let since = Instant(secondsSince1970: Int64(clock.since))
        try program.start(
            Self.executable,
            [
                "serve", "--host", "127.0.0.1", "--port", "\(port)", "--clock-from", clock.from.text(in: zone),
                "--clock-since", since.rfc3339, "--clock-speed", "\(clock.speed)",
            ], environment: ["COVERDESK_DATABASE_URL": databaseURL])
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(60) {
            if let port = listeningPort, await isReady(port) { return ("http://127.0.0.1:\(port)", port) }
            guard program.processID != nil else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        program.stop()
        throw CommandFailure.refused("the service did not start; its log, \(program.logFile), ends with:\n\(lastLines)")
    }

    private var log: String { (try? String(contentsOfFile: program.logFile, encoding: .utf8)) ?? "" }

    private var lastLines: String { log.split(separator: "\n").suffix(5).joined(separator: "\n") }

    /// The port that the log tells.
    private var listeningPort: Int? {
        for line in log.split(separator: "\n") where line.contains("\"message\":\"listening\"") {
            let entry = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            return entry?["serve.port"].flatMap { Int($0) }
        }
        return nil
    }

    private func isReady(_ port: Int) async -> Bool {
        guard let client = try? ServiceClient(base: "http://127.0.0.1:\(port)", token: "", leaseSeconds: 5) else {
            return false
        }
        let answer = try? await client.ask(.GET, "/readyz", nil, key: nil)
        await client.close()
        return answer?.0 == 200
    }

    /// The program that runs, wherever it was called from.
    private static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    // MARK: What it is given

    /// Makes a token for the demo's chat server, and revokes the one of the last demo.
    func makeToken(for consortium: Consortium.ID, in pool: PostgresPool, _ context: CommandContext) async throws
        -> String
    {
        var generator = SystemRandomNumberGenerator()
        let text = TokenText.make(for: consortium, using: &generator)
        try await pool.withTransaction { transaction in
            let tokens = TokenRepository(consortium: consortium)
            for token in try await tokens.all(in: transaction) where token.chatServer == "demo" {
                _ = try await tokens.revoke(token.number, at: context.now, in: transaction)
            }
            _ = try await tokens.insert(
                TokenRepository.NewToken(
                    chatServer: "demo", hash: TokenText.hash(text),
                    scopes: Scope.allCases.filter { !$0.isOfLibrary }.map(\.rawValue),
                    requestsPerSecond: 10_000), by: context.settings.actor, at: context.now, in: transaction)
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: context.now, actor: context.settings.actor, action: "create token", subject: "token of demo"),
                in: transaction)
        }
        try? FileManager.default.removeItem(atPath: tokenFile)
        guard
            FileManager.default.createFile(
                atPath: tokenFile, contents: Data("\(text)\n".utf8), attributes: [.posixPermissions: 0o600])
        else { throw CommandFailure.unexpected("cannot write \(tokenFile)") }
        return text
    }
}
