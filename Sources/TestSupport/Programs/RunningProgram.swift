import Dispatch
import Foundation
import Synchronization
import SystemPackage

/// A program that a test has started.
///
/// What it prints is read on threads of its own, and all waiting is by continuation: the cooperative pool stays free.
package final class RunningProgram: Sendable {
    private enum Stream: Int, CaseIterable {
        case output, error
    }

    private struct Progress {
        var printed: [Stream: Data] = [:]
        var openStreams = Set(Stream.allCases)
        var ending: ProgramOutcome.Ending?
        var waiters: [Int: Waiter] = [:]
        var lastNumber = 0

        func text(_ stream: Stream) -> String {
            String(decoding: printed[stream] ?? Data(), as: UTF8.self)
        }

        var outcome: ProgramOutcome? {
            guard let ending, openStreams.isEmpty else {
                return nil
            }
            return ProgramOutcome(ending: ending, standardOutput: text(.output), standardError: text(.error))
        }
    }

    private struct Waiter {
        /// What is awaited, once it is there; an error if it never will be.
        let look: @Sendable (Progress) -> Result<ProgramOutcome?, any Error>?
        let continuation: CheckedContinuation<ProgramOutcome?, any Error>
    }

    private let process: Process
    private let progress = Mutex(Progress())

    init(path: String, arguments: [String], environment: [String: String], folder: String?) {
        process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        if let folder {
            process.currentDirectoryURL = URL(fileURLWithPath: folder)
        }
    }

    /// The number of its process.
    package var processID: Int32 { process.processIdentifier }

    /// What it has printed so far.
    package var standardOutput: String { progress.withLock { $0.text(.output) } }

    /// What it has printed on standard error so far.
    package var standardError: String { progress.withLock { $0.text(.error) } }

    /// Sends SIGKILL, which it can neither catch nor survive; does nothing if it has ended.
    package func kill() {
        send(SIGKILL)
    }

    /// Sends a signal, such as `SIGTERM`; does nothing if the program has ended.
    package func send(_ signal: Int32) {
        progress.withLock { progress in
            // Under the lock that its end is noted under: the number may be another process's afterwards.
            if progress.ending == nil, process.isRunning {
                _ = Foundation.kill(processID, signal)
            }
        }
    }

    /// Waits until it has ended and all that it printed has been read.
    ///
    /// - Throws: ``ProgramFault`` with what it printed, if it does not end in time; it is killed then.
    package func end(within limit: Duration = .seconds(300)) async throws -> ProgramOutcome {
        let outcome = try await wait(for: "its end", within: limit) { progress in
            progress.outcome.map { .success($0) }
        }
        guard let outcome else {
            throw ProgramFault("the program's end was not told of")
        }
        return outcome
    }

    /// Waits until it has printed the text, on standard output or standard error.
    ///
    /// - Throws: ``ProgramFault`` with what it printed instead, if it ends first or the time runs out.
    package func waitUntilPrinted(_ text: String, within limit: Duration = .seconds(300)) async throws {
        let wanted = Data(text.utf8)
        _ = try await wait(for: "'\(text)'", within: limit) { progress in
            if Stream.allCases.contains(where: { progress.printed[$0]?.range(of: wanted) != nil }) {
                return .success(nil)
            }
            return progress.outcome.map { .failure(ProgramFault("the program ended without '\(text)': \($0)")) }
        }
    }

    // MARK: Start

    func start(input: String) throws {
        let pipes = [Stream.output: Pipe(), .error: Pipe()]
        process.standardOutput = pipes[.output]
        process.standardError = pipes[.error]
        process.standardInput = try Self.inputFile(input)
        process.terminationHandler = { [weak self] process in
            let status = process.terminationStatus
            self?.update { progress in
                progress.ending = process.terminationReason == .exit ? .exited(status) : .killed(signal: status)
            }
        }
        do {
            try process.run()
        } catch {
            throw ProgramFault("could not start \(process.executableURL?.path ?? "the program"): \(error)")
        }
        for (stream, pipe) in pipes {
            read(pipe.fileHandleForReading, as: stream)
        }
    }

    /// Reads on a thread of its own, by calls that block: Dispatch's channels can crash on a pipe whose other end is
    /// closed while they are being closed.
    private func read(_ handle: FileHandle, as stream: Stream) {
        Thread.detachNewThread {
            let descriptor = FileDescriptor(rawValue: handle.fileDescriptor)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
            defer { unsafe buffer.deallocate() }
            while let count = try? unsafe descriptor.read(into: buffer), count > 0 {
                let data = unsafe Data(buffer[..<count])
                self.update { $0.printed[stream, default: Data()].append(data) }
            }
            // Or the descriptor stays open, and hundreds of programs use up what a process may have.
            try? handle.close()
            self.update { $0.openStreams.remove(stream) }
        }
    }

    /// A file rather than a pipe, which would end the tests with SIGPIPE if the program did not read it.
    private static func inputFile(_ text: String) throws -> FileHandle {
        let path = FilePath("\(NSTemporaryDirectory())/coverdesk-input-\(UUID().uuidString)")
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        try FileManager.default.removeItem(atPath: path.string)
        try file.writeAll(text.utf8)
        try file.seek(offset: 0, from: .start)
        return FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: true)
    }

    // MARK: Waiting

    /// Changes the progress and tells those who waited for it.
    private func update(_ change: (inout Progress) -> Void) {
        let ready = progress.withLock { progress in
            change(&progress)
            var ready: [(Waiter, Result<ProgramOutcome?, any Error>)] = []
            for (number, waiter) in progress.waiters {
                if let result = waiter.look(progress) {
                    ready.append((waiter, result))
                    progress.waiters[number] = nil
                }
            }
            return ready
        }
        for (waiter, result) in ready {
            waiter.continuation.resume(with: result)
        }
    }

    private func wait(
        for what: String, within limit: Duration,
        _ look: @escaping @Sendable (Progress) -> Result<ProgramOutcome?, any Error>?
    ) async throws -> ProgramOutcome? {
        let number = progress.withLock { progress in
            progress.lastNumber += 1
            return progress.lastNumber
        }
        let deadline = DispatchTime.now() + .seconds(Int(limit.components.seconds))
        DispatchQueue.global().asyncAfter(deadline: deadline) { [weak self] in
            self?.giveUp(number, waitingFor: what, after: limit)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = progress.withLock { progress -> Result<ProgramOutcome?, any Error>? in
                    // Looked at under the lock: a cancellation that comes later finds the waiter.
                    let known = Task.isCancelled ? .failure(CancellationError()) : look(progress)
                    if known == nil {
                        progress.waiters[number] = Waiter(look: look, continuation: continuation)
                    }
                    return known
                }
                if let result {
                    continuation.resume(with: result)
                }
            }
        } onCancel: {
            let waiter = progress.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    private func giveUp(_ number: Int, waitingFor what: String, after limit: Duration) {
        let (waiter, output, error) = progress.withLock { progress in
            (progress.waiters.removeValue(forKey: number), progress.text(.output), progress.text(.error))
        }
        guard let waiter else {
            return
        }
        kill()
        waiter.continuation.resume(
            throwing: ProgramFault(
                "waited \(limit) in vain for \(what); printed:\n\(output)\nand on standard error:\n\(error)"))
    }
}
