import Dispatch
import Foundation

/// A program to run to its end, with what it prints kept.
struct Command: Sendable {
    /// How a program ended.
    struct Outcome: Sendable {
        /// The exit status; the negated signal number if a signal ended it.
        let status: Int32
        /// Standard output and standard error, in the order written.
        let text: String

        var succeeded: Bool { status == 0 }
    }

    /// The program's absolute path.
    var program: String
    var arguments: [String]
    /// Variables set over the inherited ones.
    var environment: [String: String] = [:]

    /// Runs the program and blocks until it has ended; to be called off the cooperative pool.
    ///
    /// The folder of work is `/`, since the server's user may not be able to enter ours. libpq's variables are not
    /// handed on: a `PGHOST` or `PGOPTIONS` of the person at the keyboard must not reach a private cluster.
    func run(timeoutSeconds: Int = 120) throws(ClusterError) -> Outcome {
        let process = prepared()
        let output = Pipe()
        let ended = DispatchSemaphore(value: 0)
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { _ in ended.signal() }
        try start(process)
        let deadline = Deadline(processID: process.processIdentifier, seconds: timeoutSeconds)
        let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        try? output.fileHandleForReading.close()
        ended.wait()
        deadline.cancel()
        let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Outcome(status: status, text: String(decoding: data, as: UTF8.self))
    }

    /// Starts the program and does not wait for its end.
    func launch(output: FileHandle) throws(ClusterError) -> Process {
        let process = prepared()
        process.standardOutput = output
        process.standardError = output
        try start(process)
        return process
    }

    private func prepared() -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = mergedEnvironment()
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        return process
    }

    private func start(_ process: Process) throws(ClusterError) {
        do {
            try process.run()
        } catch {
            throw ClusterError(.commandFailed, "could not run \(program)", cause: error)
        }
    }

    private func mergedEnvironment() -> [String: String] {
        var merged = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
        merged["LC_ALL"] = "C"
        merged.merge(environment) { $1 }
        return merged
    }
}

/// Kills a process that has run for too long.
private struct Deadline {
    private let work: DispatchWorkItem

    init(processID: Int32, seconds: Int) {
        work = DispatchWorkItem { _ = kill(processID, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: work)
    }

    func cancel() {
        work.cancel()
    }
}

/// Blocks until the condition holds, looking every few milliseconds; to be called off the cooperative pool.
///
/// - Returns: Whether the condition held in time.
func waitUntil(seconds: Double, _ condition: () -> Bool) -> Bool {
    let start = ContinuousClock.now
    while !condition() {
        guard ContinuousClock.now - start < .seconds(seconds) else {
            return false
        }
        Thread.sleep(forTimeInterval: 0.005)
    }
    return true
}
