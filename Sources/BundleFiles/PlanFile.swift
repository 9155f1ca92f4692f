package import Coverage
import Foundation

/// A plan as a CSV file: `queue_id,starts_at,ends_at,operator_id`, one shift a line.
package struct PlanFile: Sendable {
    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// Writes a plan, by start, queue and operator, in the place of the file that may be there.
    ///
    /// - Parameters:
    ///   - shifts: In any order.
    ///   - zone: The consortium's, in whose offsets times are written.
    /// - Throws: Where the file cannot be written; then what was there is as it was.
    package func write(_ shifts: [Shift], in zone: TimeZoneRules) throws(BundleWritingRefusal) {
        let target = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath()
        var generator = SystemRandomNumberGenerator()
        let name = ".\(target.lastPathComponent).writing-\(String(generator.next(), radix: 36))"
        let working = target.deletingLastPathComponent().appendingPathComponent(name)
        do {
            var writer = try CSVWriter(path: working.path, columns: PlanColumn.names)
            for shift in shifts.sorted(by: Shift.precedes) { try writer.append(shift.tableValues(in: zone)) }
            try writer.finish()
            try FileReplacement.replace(target.path, by: working.path)
        } catch {
            try? FileManager.default.removeItem(at: working)
            throw .cannotWrite(path: path)
        }
    }

    /// Reads a plan.
    ///
    /// - Parameters:
    ///   - bundle: Whose queues and operators the shifts are of.
    ///   - allowsStrangers: Whether shifts may be of queues and operators who are not in the bundle, as in the plan of
    ///     a time before somebody left.
    ///   - limits: How large the file may be.
    /// - Returns: The shifts, by start, queue and operator.
    /// - Throws: Every fault of the file.
    package func read(
        of bundle: ConsortiumBundle, allowsStrangers: Bool = false, limits: BundleLimits = BundleLimits()
    ) throws(BundleFaults) -> [Shift] {
        var queues = IdentifierIndex<Queue>(of: .queues, noun: "queue")
        var operators = IdentifierIndex<Operator>(of: .operators, noun: "operator")
        (queues.isClosed, operators.isClosed) = (!allowsStrangers, !allowsStrangers)
        for queue in bundle.queues { _ = queues.insert(queue.id.rawValue, line: 0) }
        for person in bundle.operators { _ = operators.insert(person.id.rawValue, line: 0) }
        let zone = try? TimeZoneRules(identifier: bundle.consortium.timeZone)
        var table = TableReader<PlanColumn>(
            path: path, name: URL(fileURLWithPath: path).lastPathComponent, limits: limits, bytes: limits.fileBytes,
            rows: limits.rows)
        var shifts: [Shift] = []
        while table.next() {
            let shift = table.row.shift(queues: queues, operators: operators, zones: zone.map { [$0] } ?? [])
            if let shift { shifts.append(shift) }
        }
        guard table.faults.isEmpty else { throw BundleFaults([table.faults]) }
        return shifts.sorted(by: Shift.precedes)
    }
}

/// The columns of a plan.
enum PlanColumn: String, TableColumn {
    case queue = "queue_id"
    case startsAt = "starts_at"
    case endsAt = "ends_at"
    case `operator` = "operator_id"
}

extension TableRow<PlanColumn> {
    fileprivate mutating func shift(
        queues: IdentifierIndex<Queue>, operators: IdentifierIndex<Operator>, zones: [TimeZoneRules]
    ) -> Shift? {
        let queue = reference(.queue, to: queues)
        let during = span(from: .startsAt, to: .endsAt, in: zones)
        let id = reference(.operator, to: operators)
        guard let queue, let during, let id, !during.isEmpty else { return nil }
        return Shift(queue: queue, operator: id, during: during)
    }
}

extension Shift {
    /// In the order of ``PlanColumn``.
    fileprivate func tableValues(in zone: TimeZoneRules) -> [String] {
        [
            queue.rawValue, during.lowerBound.text(in: zone), during.upperBound.text(in: zone), `operator`.rawValue,
        ]
    }
}
