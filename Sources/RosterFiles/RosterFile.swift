import Foundation
package import Planning

/// A roster as a text file: a line for each employee in the instance's order, a shift id or `-` for each day, with tabs
/// between them.
package struct RosterFile: Sendable {
    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// Writes a roster in the place of the file that may be there.
    ///
    /// - Throws: Where the file cannot be written; then what was there is as it was.
    package func write(_ roster: Roster, of problem: RosterProblem) throws(RosterFileRefusal) {
        let lines = roster.rows.map { row in
            row.map { $0.map { problem.shifts[$0].id } ?? "-" }.joined(separator: "\t") + "\n"
        }
        do {
            // Written beside it and renamed, so that nobody ever sees half a roster.
            try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw .cannotWrite(path: path)
        }
    }
}

/// Why a roster was not written.
package enum RosterFileRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case cannotWrite(path: String)

    package var description: String {
        switch self {
        case .cannotWrite(let path):
            "\(path) cannot be written: check that its folder is there, may be written to and has room"
        }
    }
}
