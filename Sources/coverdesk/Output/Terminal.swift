import Foundation
import Synchronization

/// Where words for people go: results to standard output, progress and complaints to standard error.
struct Terminal: Sendable {
    /// How a piece of text stands out.
    enum Style: String, Sendable {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    /// Colour on standard output: a terminal that has not asked for none (https://no-color.org).
    let hasColour: Bool
    /// Progress is shown only to somebody who is looking.
    let showsProgress: Bool

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let plain = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        hasColour = !plain && isatty(STDOUT_FILENO) == 1
        showsProgress = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    /// Whether standard output can be redrawn in place.
    var isBoard: Bool { hasColour }

    /// Columns and rows of standard output; 80 and 24 where it does not say.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    func styled(_ text: String, _ style: Style) -> String {
        hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Writes a line to standard output.
    func say(_ line: String = "") {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes a line to standard error.
    func complain(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Shows a passing state on standard error, in place of the last; nothing where nobody looks.
    func progress(_ text: String) {
        guard showsProgress else { return }
        write("\r\u{1B}[K" + text, to: STDERR_FILENO)
    }

    func endProgress() {
        guard showsProgress else { return }
        write("\r\u{1B}[K", to: STDERR_FILENO)
    }

    private func write(_ text: String, to descriptor: Int32) {
        // A closed pipe (`coverdesk schedule | head`) is the reader's wish, not an error.
        try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
    }
}
