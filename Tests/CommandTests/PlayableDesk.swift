import Foundation
import Synchronization
import TestSupport
import Testing

/// A database with a published plan, a token, and files from which a few minutes of a day can be played.
final class PlayableDesk: Sendable {
    let desk: Desk
    private let token: String
    private let service = Mutex<RunningProgram?>(nil)
    /// When the service's clock was set: as it is started first.
    private let since = Mutex<String?>(nil)

    static let patrons = 24

    init(desk: Desk, token: String) {
        self.desk = desk
        self.token = token
    }

    /// Runs the service, on Tuesday morning and a hundred times as fast as the world.
    func serving(port: Int = 0, _ body: (Int) async throws -> Void) async throws {
        try await TestProgram.coverdesk.withRunning(
            [
                "serve", "--port", "\(port)", "--clock-from", "2026-10-27T11:00:00-04:00", "--clock-since", clockSince,
                "--clock-speed", "100",
            ], environment: desk.settings
        ) { program in
            service.withLock { $0 = program }
            try await program.waitUntilPrinted("\"message\":\"listening\"")
            try await body(try #require(Self.port(of: program)))
        }
    }

    func killService() {
        service.withLock { $0 }?.kill()
    }

    /// Plays some minutes of that morning, and lends the program while it runs.
    func simulating(
        _ port: Int, _ arguments: [String], token: String? = nil, _ body: (RunningProgram) async throws -> Void
    ) async throws {
        try await TestProgram.coverdesk.withRunning(
            [
                "chat-sim", "--service", "http://127.0.0.1:\(port)", "--bundle", Example.small, "--plan", "plan.csv",
                "--history", "past.csv", "--day", "2026-10-27", "--from", "11:00", "--until", "11:11", "--overtime",
                // Who gives up leaves their question by email, where nobody is on shift: it waits until then.
                "60", "--speed", "100", "--clock-since", clockSince,
            ] + arguments, environment: ["COVERDESK_TOKEN": token ?? self.token], in: desk.folder.path, body)
    }

    private var clockSince: String {
        since.withLock { since in
            let known = since ?? Date().ISO8601Format()
            since = known
            return known
        }
    }

    /// The last JSON object that a simulation printed.
    func report(_ outcome: ProgramOutcome) throws -> [String: Any]? {
        let last = outcome.standardOutput.split(separator: "\n").last ?? ""
        return try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
    }

    private static func port(of program: RunningProgram) -> Int? {
        for line in program.standardError.split(separator: "\n") where line.contains("\"message\":\"listening\"") {
            let log = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            return log?["serve.port"].flatMap { Int($0) }
        }
        return nil
    }
}

/// Lends a desk on which a day can be played.
func withPlayableDesk(_ body: (PlayableDesk) async throws -> Void) async throws {
    try await withDesk { desk in
        let plan = ["plan", "--bundle", Example.small, "--output", "plan.csv", "--steps", "200", "--threads", "1"]
        let planned = try await TestProgram.coverdesk.run(plan, in: desk.folder.path)
        #expect(planned.exitCode == 0, "\(planned)")
        let past = (0..<PlayableDesk.patrons).map { number in
            "ask,2026-10-20T11:0\(5 + number / 12 * 4):\(10 + 4 * (number % 12))-04:00,120,arrowbury"
        }
        _ = try desk.folder.write(
            (["queue_id,started_at,handle_seconds,library_id"] + past).joined(separator: "\n") + "\n", to: "past.csv")
        #expect(try await desk.run("import", Example.small).exitCode == 0)
        let token = try await desk.run("token", "create", "--chat-server", "sim")
        #expect(token.exitCode == 0, "\(token)")
        let text = token.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
        try await body(PlayableDesk(desk: desk, token: text))
    }
}
