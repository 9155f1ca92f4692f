import Dispatch
import Foundation

/// A program that takes mails on its standard input, as sendmail does and Postfix, Exim, OpenSMTPD and msmtp too.
package struct Sendmail: Sendable {
    private let program: String
    private let arguments: [String]

    /// Takes a command, `/usr/sbin/sendmail -t -i`; nil if its program is named by no whole path.
    ///
    /// No shell reads it: spaces part the arguments, and nothing else has a meaning.
    package init?(command: String) {
        let parts = command.split(separator: " ").map(String.init)
        guard let program = parts.first, program.hasPrefix("/") else { return nil }
        self.program = program
        arguments = Array(parts.dropFirst())
    }

    /// A program that has not ended by then is killed.
    private static let timeoutSeconds = 60

    /// Hands a mail over.
    ///
    /// - Returns: Nil if the program took it; otherwise what happened instead.
    package func send(_ message: MailMessage) async -> String? {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("coverdesk-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            // By way of files: neither a program that reads nothing nor one that says much can hold this up.
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let (input, output) = (folder.appendingPathComponent("mail"), folder.appendingPathComponent("said"))
            try Data(message.text.utf8).write(to: input)
            try Data().write(to: output)
            let status = try await run(
                reading: try FileHandle(forReadingFrom: input), writing: try FileHandle(forWritingTo: output))
            return status == 0 ? nil : Self.words(status, try Data(contentsOf: output))
        } catch {
            return "could not run \(program): \(error.localizedDescription)"
        }
    }

    private func run(reading input: FileHandle, writing output: FileHandle) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        // It need not know of passwords that the service was started with.
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { waiting in
            process.terminationHandler = { ended in
                let isExit = ended.terminationReason == .exit
                waiting.resume(returning: isExit ? ended.terminationStatus : -ended.terminationStatus)
            }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                waiting.resume(throwing: error)
                return
            }
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.timeoutSeconds)) {
                if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            }
        }
    }

    /// What a program that failed has to say for itself, in a line.
    private static func words(_ status: Int32, _ said: Data) -> String {
        let text = String(decoding: said.prefix(2000), as: UTF8.self).split(whereSeparator: \.isNewline).last ?? ""
        let how = status < 0 ? "was ended by signal \(-status)" : "ended with status \(status)"
        return "the mail program \(how)" + (text.isEmpty ? "" : ": \(text.prefix(300))")
    }
}
