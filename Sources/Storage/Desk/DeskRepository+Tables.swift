import Coverage
package import PostgresClient
package import Routing

extension DeskRepository {
    /// What the tables say of the desk, to compare with the event log.
    ///
    /// - Parameter session: Where to read; it must see one state throughout, the same as the events are read from.
    /// - Returns: Live sessions, open offers, who is present, and what the view of broken promises tells.
    /// - Throws: ``PostgresError``.
    package func tables(in session: some PostgresSession) async throws -> EventLogCheck.Tables {
        let answers = try await session.queryPipelined([
            "SELECT session_number, operator_id FROM live_session WHERE consortium_id = \(consortium)",
            """
            SELECT session_number, operator_id FROM seat
            WHERE consortium_id = \(consortium) AND claim = 'offered'
            """,
            "SELECT operator_id FROM presence WHERE consortium_id = \(consortium)",
            """
            SELECT concat_ws(' ', fault || ':', 'session ' || session_number, 'operator ' || operator_id)
            FROM routing_fault WHERE consortium_id = \(consortium) LIMIT 1000
            """,
        ])
        var live: [Session.Number: Operator.ID?] = [:]
        for row in answers[0] {
            let (number, id) = try row.decode((Int64, Operator.ID?).self)
            live[Session.Number(rawValue: number)] = .some(id)
        }
        var offers: [Session.Number: Set<Operator.ID>] = [:]
        for row in answers[1] {
            let (number, id) = try row.decode((Int64, Operator.ID).self)
            offers[Session.Number(rawValue: number), default: []].insert(id)
        }
        return EventLogCheck.Tables(
            live: live, offers: offers, present: Set(try answers[2].map { try $0.decode(Operator.ID.self) }),
            faults: try answers[3].map { try $0.decode(String.self) })
    }
}
