import PostgresClient

/// What is measured: one statement on one row of many.
enum Workload: String, CaseIterable, Sendable {
    case select, update

    static let rowCount = 100_000

    /// Half of each page is left free, so that updates find room beside the old row.
    static let preparation = """
        CREATE TABLE measured (id bigint PRIMARY KEY, amount bigint NOT NULL) WITH (fillfactor = 50);
        INSERT INTO measured SELECT n, 0 FROM generate_series(1, \(rowCount)) AS n;
        ANALYZE measured;
        """

    /// The script that pgbench runs.
    var script: String {
        let statement =
            switch self {
            case .select: "SELECT amount FROM measured WHERE id = :id;"
            case .update: "UPDATE measured SET amount = amount + 1 WHERE id = :id;"
            }
        return "\\set id random(1, \(Self.rowCount))\n\(statement)\n"
    }

    /// The same statement as this side runs it.
    func query(id: Int) -> PostgresQuery {
        switch self {
        case .select: "SELECT amount FROM measured WHERE id = \(id)"
        case .update: "UPDATE measured SET amount = amount + 1 WHERE id = \(id)"
        }
    }
}

/// Rows in an order that jumps about.
///
/// The generator is that of S. K. Park and K. W. Miller, "Random number generators: good ones are hard to find",
/// CACM 31 (1988), https://doi.org/10.1145/63039.63042.
struct RowNumbers {
    private var state: Int

    init(client: Int) {
        state = 1 + client * 7_919
    }

    mutating func next() -> Int {
        state = state * 48_271 % 2_147_483_647
        return 1 + state % Workload.rowCount
    }
}
