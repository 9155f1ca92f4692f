/// The faults of one file, of which only so many are kept.
struct FaultList {
    let file: String
    private let limit: Int
    private var listed: [BundleFault] = []
    private(set) var unlistedCount = 0

    init(file: String, limit: Int) {
        self.file = file
        self.limit = max(1, limit)
    }

    var isEmpty: Bool { listed.isEmpty }

    /// Whether another fault would be listed, and so is worth putting into words.
    var hasRoom: Bool { listed.count < limit }

    /// By line; faults of one line stay in the order in which they were found.
    var sorted: [BundleFault] {
        listed.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    }

    mutating func addUnlisted(_ count: Int) {
        unlistedCount += count
    }

    mutating func add(
        line: Int, field: String? = nil, _ problem: @autoclosure () -> String, _ remedy: @autoclosure () -> String
    ) {
        guard hasRoom else {
            unlistedCount += 1
            return
        }
        listed.append(BundleFault(file: file, line: line, field: field, problem: problem(), remedy: remedy()))
    }
}
