import Foundation
import PrivateCluster

/// PostgreSQL's own benchmark program, written in C on libpq.
struct PgBench {
    let cluster: PostgresCluster
    let seconds: Int

    /// pgbench failed, or said something else than expected.
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs the workload's script with prepared statements and two threads.
    ///
    /// - Returns: Transactions per second, the time for connecting left out.
    func run(_ workload: Workload, clients: Int) async throws -> Double {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("coverdesk-\(UUID().uuidString).sql")
        try Data(workload.script.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let arguments = [
            "-n", "-M", "prepared", "-f", file.path, "-c", "\(clients)", "-j", "\(min(2, clients))", "-T", "\(seconds)",
            cluster.connectionString(),
        ]
        let text = try await output(of: "\(cluster.binDirectory)/pgbench", arguments)
        let line = text.split(separator: "\n").first { $0.hasPrefix("tps = ") }
        guard let number = line?.split(separator: " ").dropFirst(2).first, let rate = Double(number) else {
            throw Failed(description: "pgbench told no throughput: \(text)")
        }
        return rate
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
