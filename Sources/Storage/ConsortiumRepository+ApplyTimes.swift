import Coverage
import PostgresClient

/// What a difference says of hours, demand, availability, absences and closures: first what goes, then what comes, so
/// that no overlap is seen between the two.
extension ConsortiumRepository {
    func applyHours(_ hours: CollectionDifference<OpeningHours>, in transaction: some PostgresSession) async throws {
        let columns = "queue text, weekday smallint, opens smallint, closes smallint"
        try await transaction.stage(hours.removed, as: "outgoing_hours", columns: columns, write: writeHours) {
            """
            DELETE FROM opening_hours AS h USING outgoing_hours AS g WHERE consortium_id = \(consortium)
                AND queue_id = g.queue AND h.weekday = g.weekday AND h.opens = g.opens
            """
        }
        let arriving = hours.changed.map(\.after) + hours.added
        try await transaction.stage(arriving, as: "incoming_hours", columns: columns, write: writeHours) {
            """
            INSERT INTO opening_hours (consortium_id, queue_id, weekday, opens, closes)
            SELECT \(consortium), queue, weekday, opens, closes FROM incoming_hours
            ON CONFLICT (consortium_id, queue_id, weekday, opens) DO UPDATE SET closes = EXCLUDED.closes
            """
        }
    }

    private func writeHours(_ writer: PostgresCopyWriter, _ hours: OpeningHours) async throws {
        try await writer.writeRow(
            hours.queue, Int16(hours.weekday.rawValue), Int16(hours.opens.rawValue), Int16(hours.closes.rawValue))
    }

    func applyDemand(_ demand: CollectionDifference<Demand>, in transaction: some PostgresSession) async throws {
        let columns = "queue text, starts timestamptz, ends timestamptz, minimum int, target int"
        try await transaction.stage(demand.removed, as: "outgoing_demand", columns: columns, write: writeDemand) {
            """
            DELETE FROM demand AS d USING outgoing_demand AS g WHERE consortium_id = \(consortium)
                AND queue_id = g.queue AND during = tstzrange(starts, ends)
            """
        }
        let changed = demand.changed.map(\.after)
        try await transaction.stage(changed, as: "changed_demand", columns: columns, write: writeDemand) {
            """
            UPDATE demand AS d SET minimum = g.minimum, target = g.target FROM changed_demand AS g
            WHERE consortium_id = \(consortium) AND queue_id = g.queue AND during = tstzrange(starts, ends)
            """
        }
        try await transaction.stage(demand.added, as: "incoming_demand", columns: columns, write: writeDemand) {
            """
            INSERT INTO demand (consortium_id, queue_id, during, minimum, target)
            SELECT \(consortium), queue, tstzrange(starts, ends), minimum, target FROM incoming_demand
            """
        }
    }

    private func writeDemand(_ writer: PostgresCopyWriter, _ demand: Demand) async throws {
        try await writer.writeRow(
            demand.queue, demand.during.lowerBound, demand.during.upperBound, Int32(demand.minimum),
            Int32(demand.target))
    }

    func applyAvailability(
        _ availability: CollectionDifference<Availability>, in transaction: some PostgresSession
    ) async throws {
        let columns = "operator text, weekday smallint, starts smallint, ends smallint, preference smallint"
        try await transaction.stage(
            availability.removed, as: "outgoing_availability", columns: columns, write: writeAvailability
        ) {
            """
            DELETE FROM availability AS a USING outgoing_availability AS g WHERE consortium_id = \(consortium)
                AND operator_id = g.operator AND a.weekday = g.weekday AND from_minute = starts
                AND to_minute = ends AND a.preference = g.preference
            """
        }
        try await transaction.stage(
            availability.added, as: "incoming_availability", columns: columns, write: writeAvailability
        ) {
            """
            INSERT INTO availability (consortium_id, operator_id, weekday, from_minute, to_minute, preference)
            SELECT \(consortium), operator, weekday, starts, ends, preference FROM incoming_availability
            """
        }
    }

    private func writeAvailability(_ writer: PostgresCopyWriter, _ row: Availability) async throws {
        try await writer.writeRow(
            row.operator, Int16(row.weekday.rawValue), Int16(row.from.rawValue), Int16(row.to.rawValue),
            Int16(row.preference))
    }

    func applyAbsences(_ absences: CollectionDifference<Absence>, in transaction: some PostgresSession) async throws {
        let columns = "operator text, starts timestamptz, ends timestamptz, reason text"
        try await transaction.stage(absences.removed, as: "outgoing_absence", columns: columns, write: writeAbsence) {
            """
            DELETE FROM absence AS a USING outgoing_absence AS g WHERE consortium_id = \(consortium)
                AND operator_id = g.operator AND during = tstzrange(starts, ends) AND a.reason = g.reason
            """
        }
        try await transaction.stage(absences.added, as: "incoming_absence", columns: columns, write: writeAbsence) {
            """
            INSERT INTO absence (consortium_id, operator_id, during, reason)
            SELECT \(consortium), operator, tstzrange(starts, ends), reason FROM incoming_absence
            """
        }
    }

    private func writeAbsence(_ writer: PostgresCopyWriter, _ absence: Absence) async throws {
        try await writer.writeRow(
            absence.operator, absence.during.lowerBound, absence.during.upperBound, absence.reason)
    }

    func applyClosures(_ closures: CollectionDifference<Closure>, in transaction: some PostgresSession) async throws {
        let columns = "library text, closed_on date, reason text"
        try await transaction.stage(closures.removed, as: "outgoing_closure", columns: columns, write: writeClosure) {
            """
            DELETE FROM closure AS c USING outgoing_closure AS g WHERE consortium_id = \(consortium)
                AND library_id IS NOT DISTINCT FROM g.library AND c.closed_on = g.closed_on
            """
        }
        let arriving = closures.changed.map(\.after) + closures.added
        try await transaction.stage(arriving, as: "incoming_closure", columns: columns, write: writeClosure) {
            """
            INSERT INTO closure (consortium_id, library_id, closed_on, reason)
            SELECT \(consortium), library, closed_on, reason FROM incoming_closure
            ON CONFLICT (consortium_id, library_id, closed_on) DO UPDATE SET reason = EXCLUDED.reason
            """
        }
    }

    private func writeClosure(_ writer: PostgresCopyWriter, _ closure: Closure) async throws {
        try await writer.writeRow(closure.library, closure.date, closure.reason)
    }
}
