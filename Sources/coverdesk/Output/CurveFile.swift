import Foundation
import Planning
import Synchronization

/// How a search came to its plan over time: a CSV file of seconds, steps, best cost and lower bound.
final class CurveFile: Sendable {
    private let path: String
    private let lines = Mutex<[String]>(["seconds,steps,cost,lower_bound"])
    private let last = Mutex<(cost: PlanCost, bound: PlanCost)?>(nil)

    init(path: String) {
        self.path = path
    }

    /// Adds a line where the cost or the bound has changed.
    func note(_ progress: PlanProgress, at time: Duration) {
        let isNew = last.withLock { last in
            defer { last = (progress.cost, progress.lowerBound) }
            return last.map { $0 != (progress.cost, progress.lowerBound) } ?? true
        }
        guard isNew else { return }
        let seconds = String(format: "%.3f", time / .seconds(1))
        lines.withLock { $0.append("\(seconds),\(progress.steps),\(progress.cost),\(progress.lowerBound)") }
    }

    /// - Throws: ``CommandFailure`` if the file cannot be written.
    func write() throws {
        do {
            let text = lines.withLock { $0.joined(separator: "\n") + "\n" }
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure.refused("--curve: “\(path)” cannot be written: does its folder exist, and may you?")
        }
    }
}
