/// How a program ended and what it printed.
package struct ProgramOutcome: Sendable, CustomStringConvertible {
    /// How it ended.
    package enum Ending: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    package let ending: Ending
    package let standardOutput: String
    package let standardError: String

    /// The exit code; nil if a signal ended the program.
    package var exitCode: Int32? {
        guard case .exited(let code) = ending else {
            return nil
        }
        return code
    }

    package var description: String {
        "\(ending), printed:\n\(standardOutput)\nand on standard error:\n\(standardError)"
    }
}
