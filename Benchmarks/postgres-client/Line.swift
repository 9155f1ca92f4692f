import Foundation

/// One line of the table: what was measured of one workload with one number of clients.
struct Line {
    let workload: Workload
    let clients: Int
    /// Statements per second, one for each round.
    var pgbench: [Double] = []
    var single: [Double] = []
    var beside: [Double] = []
    var batches: [Double] = []
    var pipelines: [Double] = []

    static func head(depth: Int) -> String {
        row([
            "statement", "clients", "pgbench/s", "single/s", "ratio", "beside socket/s", "ratio",
            "batches of \(depth)/s", "ratio",
            "pipelines of \(depth)/s", "ratio",
        ])
    }

    var text: String {
        let base = Self.median(pgbench)
        return Self.row(
            [
                workload.rawValue.uppercased(), "\(clients)", Self.rounded(base),
            ]
                + [single, beside, batches, pipelines].flatMap { values in
                    [Self.rounded(Self.median(values)), String(format: "%.2f", Self.median(values) / base)]
                })
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private static func rounded(_ value: Double) -> String { String(format: "%.0f", value) }

    private static func row(_ cells: [String]) -> String {
        let widths = [9, 7, 9, 8, 5, 15, 5, 15, 5, 17, 5]
        return zip(cells, widths).enumerated().map { index, cell in
            let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return index == 0 ? cell.0 + padding : padding + cell.0
        }.joined(separator: "  ")
    }
}
