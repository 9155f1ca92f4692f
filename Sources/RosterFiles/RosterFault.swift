/// One thing wrong in an instance: where it is, what is wrong, and what would be right.
package struct RosterFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file's name.
    package let file: String
    /// From 1; what concerns the whole file is on line 1, what is missing from it on its last.
    package let line: Int
    /// As the format's comments name it; nil where the fault lies in no single field.
    package let field: String?
    package let problem: String
    package let remedy: String

    /// `week.txt:12: ShiftID: there is no shift “X”, expected one of D, E`.
    package var description: String {
        "\(file):\(line): \(field.map { "\($0): " } ?? "")\(problem), \(remedy)"
    }
}

/// Everything that is wrong in an instance, found in one reading.
package struct RosterFaults: Error, Sendable, CustomStringConvertible {
    /// By line.
    package private(set) var faults: [RosterFault] = []
    /// Faults beyond those listed.
    package private(set) var unlisted = 0
    let file: String
    private let limit: Int

    init(file: String, limit: Int = 100) {
        self.file = file
        self.limit = limit
    }

    var isEmpty: Bool { faults.isEmpty }

    mutating func add(_ line: Int, _ problem: @autoclosure () -> String, _ remedy: @autoclosure () -> String) {
        add(line, nil, problem(), remedy())
    }

    mutating func add(
        _ line: Int, _ field: String?, _ problem: @autoclosure () -> String, _ remedy: @autoclosure () -> String
    ) {
        guard faults.count < limit else {
            unlisted += 1
            return
        }
        faults.append(RosterFault(file: file, line: line, field: field, problem: problem(), remedy: remedy()))
    }

    mutating func sort() {
        let sorted = faults.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
        faults = sorted.map(\.element)
    }

    /// One fault a line; below the last how many more there are.
    package var description: String {
        (faults.map(\.description) + (unlisted > 0 ? ["\(file): and \(unlisted) more"] : [])).joined(separator: "\n")
    }
}
