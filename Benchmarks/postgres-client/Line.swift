import Foundation

/// One line of the table: what was measured of one workload with one number of clients.
struct Line {
    let workload: Workload
    let clients: Int
    /// Statements per second, one for each round.
    var pgbench: [Double] = []
    var single: [Double] = []
    var batches: [Double] = []

    static func head(depth: Int) -> String {
        row(["statement", "clients", "pgbench/s", "ours/s", "ratio", "ours/s in batches of \(depth)", "ratio"])
    }

    var text: String {
        let (base, single, batches) = (Self.median(pgbench), Self.median(single), Self.median(batches))
        return Self.row([
            workload.rawValue.uppercased(), "\(clients)", Self.rounded(base), Self.rounded(single),
            Self.ratio(single, base), Self.rounded(batches), Self.ratio(batches, base),
        ])
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private static func rounded(_ value: Double) -> String { String(format: "%.0f", value) }

    private static func ratio(_ value: Double, _ base: Double) -> String { String(format: "%.2f", value / base) }

    private static func row(_ cells: [String]) -> String {
        let widths = [9, 7, 9, 9, 5, 26, 5]
        return zip(cells, widths).enumerated().map { index, cell in
            let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return index == 0 ? cell.0 + padding : padding + cell.0
        }.joined(separator: "  ")
    }
}
