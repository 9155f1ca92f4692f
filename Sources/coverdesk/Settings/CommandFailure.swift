import ArgumentParser

/// Why a command ends without having done its work, with the exit code that says which kind of reason it is.
struct CommandFailure: Error, CustomStringConvertible {
    let code: ExitCode
    /// Whole sentences for a person: what is wrong, and what would help.
    let description: String

    static func unexpected(_ text: String) -> CommandFailure { CommandFailure(code: ExitCode(1), description: text) }
    static func badInput(_ text: String) -> CommandFailure { CommandFailure(code: ExitCode(2), description: text) }
    static func refused(_ text: String) -> CommandFailure { CommandFailure(code: ExitCode(3), description: text) }
    static func database(_ text: String) -> CommandFailure { CommandFailure(code: ExitCode(4), description: text) }
}
