import Foundation
import Routing
import Synchronization

/// Everything that the storm's clients asked and were told, in the order of being told.
package final class ToldBook: Sendable {
    private let lines = Mutex<[Acknowledgement]>([])

    package init() {}

    func note(_ line: Acknowledgement) {
        lines.withLock { $0.append(line) }
    }

    package var count: Int { lines.withLock { $0.count } }

    /// How often each was asked, and how often each was answered with what.
    package var tally: [String: Int] {
        lines.withLock { lines in
            lines.reduce(into: [:]) { tally, line in
                let answer = line.problem ?? line.status.map { "\($0)" } ?? "no answer"
                tally["\(line.asked.rawValue) \(answer)", default: 0] += 1
            }
        }
    }

    /// Writes them as `coverdesk check-log --acknowledgements` reads them.
    package func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = Data()
        for line in lines.withLock({ $0 }) {
            data.append(try encoder.encode(line))
            data.append(UInt8(ascii: "\n"))
        }
        try data.write(to: URL(fileURLWithPath: path))
    }
}
