import Foundation
package import PrivateCluster

/// PostgreSQL's own benchmark program, written in C on libpq.
package struct PgBench: Sendable {
    let cluster: PostgresCluster
    let seconds: Int

    package init(cluster: PostgresCluster, seconds: Int) {
        self.cluster = cluster
        self.seconds = seconds
    }

    /// pgbench failed, or said something else than expected.
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs a script with prepared statements and two threads.
    ///
    /// - Parameters:
    ///   - script: What each transaction is, in pgbench's language.
    ///   - clients: How many there are.
    ///   - timesEach: Whether to have it write down how long each takes, which costs it some of its speed.
    ///   - perSecond: How many transactions are begun in a second; nil is as many as there can be. How long one takes
    ///     counts from the moment at which it was due.
    /// - Returns: How many transactions there were in a second, and how long each took.
    /// - Throws: ``Failed``.
    package func run(
        _ script: String, clients: Int, timesEach: Bool = true, perSecond: Double? = nil
    ) async throws -> Latencies {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("coverdesk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("transaction.sql")
        try Data(script.utf8).write(to: file)
        let arguments =
            [
                "-n", "-M", "prepared", "-f", file.path, "-c", "\(clients)", "-j", "\(min(2, clients))",
                "-T", "\(seconds)",
            ] + (perSecond.map { ["-R", "\(max(1, Int($0)))"] } ?? [])
        let logging = timesEach ? ["-l", "--log-prefix=\(folder.path)/log"] : []
        let text = try await output(
            of: "\(cluster.binDirectory)/pgbench", arguments + logging + [cluster.connectionString()])
        let line = text.split(separator: "\n").first { $0.hasPrefix("tps = ") }
        guard let number = line?.split(separator: " ").dropFirst(2).first, let rate = Double(number) else {
            throw Failed(description: "pgbench told no throughput: \(text)")
        }
        return Latencies(microseconds: try latencies(in: folder), perSecond: rate)
    }

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
