/// Everything that is wrong in a bundle, found in one reading.
package struct BundleFaults: Error, Sendable, CustomStringConvertible {
    /// By file in the bundle's order, then by line.
    package let faults: [BundleFault]
    /// Faults beyond those listed, by file: a file that is wrong throughout fills no memory.
    package let unlistedCounts: [String: Int]

    init(_ lists: [FaultList]) {
        faults = lists.flatMap(\.sorted)
        unlistedCounts = Dictionary(
            lists.filter { $0.unlistedCount > 0 }.map { ($0.file, $0.unlistedCount) }, uniquingKeysWith: +)
    }

    /// All faults, listed or not.
    package var count: Int {
        faults.count + unlistedCounts.values.reduce(0, +)
    }

    /// One fault a line; below the last of a file how many more there are.
    package var description: String {
        var lines: [String] = []
        for (index, fault) in faults.enumerated() {
            lines.append(fault.description)
            let isLastOfFile = index + 1 == faults.count || faults[index + 1].file != fault.file
            if isLastOfFile, let more = unlistedCounts[fault.file] {
                lines.append("\(fault.file): and \(more) more")
            }
        }
        return lines.joined(separator: "\n")
    }
}
