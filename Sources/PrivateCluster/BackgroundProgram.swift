import Foundation

/// A program that is started by one command, goes on after its end, and is found again and stopped by another.
///
/// Its number is kept in a file together with its start, so that another process that has the same number later is
/// never taken for it.
package struct BackgroundProgram: Sendable {
    private let pidFile: String
    /// What it prints, newest last.
    package let logFile: String

    /// - Parameters:
    ///   - pidFile: Where its number is kept.
    ///   - logFile: Where what it prints goes.
    package init(pidFile: String, logFile: String) {
        self.pidFile = pidFile
        self.logFile = logFile
    }

    /// Its process; nil where none runs, whatever the file says.
    package var processID: Int32? { running?.processID }

    private var running: ProcessTable.Identity? {
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8) else { return nil }
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let number = Int32(parts[0]), let ticks = UInt64(parts[1]) else { return nil }
        let process = ProcessTable.Identity(processID: number, startTicks: ticks)
        return ProcessTable.isAlive(process) ? process : nil
    }

    /// Starts the program, with an empty log; it is in a process group of its own, which Ctrl-C in the terminal does
    /// not reach.
    ///
    /// - Parameters:
    ///   - program: Its path.
    ///   - arguments: What follows its name.
    ///   - environment: Variables set over the inherited ones.
    /// - Throws: ``ClusterError`` if one runs already, or this one cannot be started.
    package func start(_ program: String, _ arguments: [String], environment: [String: String]) throws(ClusterError) {
        if let running {
            throw ClusterError(.folderInUse, "process \(running.processID) runs already: stop it first")
        }
        do {
            _ = FileManager.default.createFile(atPath: logFile, contents: nil, attributes: [.posixPermissions: 0o644])
            let log = try FileHandle(forWritingTo: URL(fileURLWithPath: logFile))
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = log
            process.standardError = log
            try process.run()
            try log.close()
            try note(process.processIdentifier)
        } catch {
            throw ClusterError(.commandFailed, "could not start \(program)", cause: error)
        }
    }

    private func note(_ number: Int32) throws {
        // Where it has ended already there is nothing to find again.
        guard let identity = ProcessTable.identity(of: number) else { return }
        try "\(identity.processID) \(identity.startTicks)\n".write(toFile: pidFile, atomically: true, encoding: .utf8)
    }

    /// Tells the program to stop and waits until it has; kills it where that takes longer than a minute.
    ///
    /// Blocks: not for the cooperative pool's threads where others need them.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    package func stop() -> Bool {
        defer { try? FileManager.default.removeItem(atPath: pidFile) }
        guard let running else { return false }
        _ = kill(running.processID, SIGTERM)
        if waitUntil(seconds: 60, { !ProcessTable.isAlive(running) }) { return true }
        _ = kill(running.processID, SIGKILL)
        _ = waitUntil(seconds: 5) { !ProcessTable.isAlive(running) }
        return true
    }
}
