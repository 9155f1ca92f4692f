import Foundation
import PrivateCluster

/// PostgreSQL's own benchmark program: one row changed in each transaction.
struct PgBench {
    let cluster: PostgresCluster
    let seconds: Int

    /// pgbench failed, or said something else than expected.
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs with prepared statements and two threads.
    ///
    /// - Parameter clients: How many there are.
    /// - Returns: How long each transaction took.
    /// - Throws: ``Failed``.
    func run(clients: Int) async throws -> Latencies {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("coverdesk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appendingPathComponent("update.sql")
        try Data(Self.script.utf8).write(to: script)
        let arguments = [
            "-n", "-M", "prepared", "-f", script.path, "-c", "\(clients)", "-j", "\(min(2, clients))",
            "-T", "\(seconds)", "-l", "--log-prefix=\(folder.path)/log", cluster.connectionString(),
        ]
        let text = try await output(of: "\(cluster.binDirectory)/pgbench", arguments)
        guard text.contains("tps = ") else { throw Failed(description: "pgbench told no throughput: \(text)") }
        return Latencies(microseconds: try latencies(in: folder), seconds: Double(seconds))
    }

    private static let script = """
        \\set id random(1, 100000)
        UPDATE measured SET value = value + 1 WHERE id = :id;
        """

    /// The third column of its logs: microseconds.
    private func latencies(in folder: URL) throws -> [Int64] {
        let logs = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasPrefix("log") }
        return try logs.flatMap { log in
            try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap { line in
                line.split(separator: " ").dropFirst(2).first.flatMap { Int64($0) }
            }
        }
    }

    private func output(of program: String, _ arguments: [String]) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                // Swift's threads block all signals, which programs inherit; pgbench ends by an alarm.
                var none = sigset_t()
                unsafe sigemptyset(&none)
                unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
                continuation.resume(with: Result { try Self.run(program, arguments) })
            }
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Failed(description: "pgbench failed: \(text)") }
        return text
    }
}
