import BenchmarkSupport
import Foundation

/// One line of the table: decisions beside pgbench's transactions with one number of clients, several times in turns.
struct Comparison {
    static let head = "clients  pgbench/s  p50 ms  p99 ms  decisions/s  p50 ms  p99 ms  ratio"

    let clients: Int
    private var rounds: [(theirs: Latencies, ours: Latencies)] = []

    init(clients: Int) {
        self.clients = clients
    }

    mutating func add(_ theirs: Latencies, _ ours: Latencies) {
        rounds.append((theirs, ours))
    }

    /// The round with the median ratio.
    var text: String {
        let sorted = rounds.sorted {
            $0.ours.perSecond / $0.theirs.perSecond < $1.ours.perSecond / $1.theirs.perSecond
        }
        guard let (theirs, ours) = sorted.isEmpty ? nil : sorted[sorted.count / 2] else { return "" }
        return String(
            format: "%7d  %9.0f  %6.2f  %6.2f  %11.0f  %6.2f  %6.2f  %5.2f", clients, theirs.perSecond,
            theirs.milliseconds(at: 0.5), theirs.milliseconds(at: 0.99), ours.perSecond, ours.milliseconds(at: 0.5),
            ours.milliseconds(at: 0.99), ours.perSecond / theirs.perSecond)
    }
}
