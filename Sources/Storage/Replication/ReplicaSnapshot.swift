/// What a reader has seen: PostgreSQL's `pg_snapshot`.
///
/// Snapshots of one database are in line: of two, the later one shows all that the earlier one shows.
package struct ReplicaSnapshot: Hashable, Sendable {
    /// All transactions before this one are shown, if they were committed.
    package let xmin: UInt64
    /// This one and all behind it are not shown.
    package let xmax: UInt64
    /// Those in between that are not shown, as they were running; in order.
    package let running: [UInt64]

    /// Reads PostgreSQL's form, `xmin:xmax:xip,xip`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let xmin = Self.number(parts[0]), let xmax = Self.number(parts[1]), xmin > 0,
            xmin <= xmax
        else { return nil }
        var running: [UInt64] = []
        for part in parts[2].split(separator: ",", omittingEmptySubsequences: false) where !parts[2].isEmpty {
            guard let id = Self.number(part), id >= xmin, id < xmax, id > running.last ?? 0 else { return nil }
            running.append(id)
        }
        self.xmin = xmin
        self.xmax = xmax
        self.running = running
    }

    /// As PostgreSQL writes it: no sign, no zeros in front.
    private static func number(_ text: some StringProtocol) -> UInt64? {
        guard let number = UInt64(text), number < UInt64(Int64.max), String(number) == text else { return nil }
        return number
    }

    package var text: String { "\(xmin):\(xmax):\(running.map(String.init).joined(separator: ","))" }

    /// Whether what a transaction committed is shown.
    package func shows(_ transaction: UInt64) -> Bool {
        transaction < xmin || (transaction < xmax && !running.contains(transaction))
    }

    /// Whether a snapshot of the same database shows all that this one does.
    package func isShown(by other: ReplicaSnapshot) -> Bool {
        xmax <= other.xmax && other.running.allSatisfy { !shows($0) }
    }
}
