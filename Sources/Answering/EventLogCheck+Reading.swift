package import Coverage
package import PostgresClient
package import Routing
import Storage

extension EventLogCheck {
    /// How many events are read at once.
    private static let pageSize = 10_000

    /// Reads a consortium's event log from its beginning, and checks it, together with the tables and with what
    /// clients were told.
    ///
    /// All is read from one state, so that it may be done while the service runs.
    ///
    /// - Parameters:
    ///   - consortium: Whose.
    ///   - pool: The database.
    ///   - acknowledgements: All that clients asked until then, or none.
    /// - Returns: The check with every fault.
    /// - Throws: ``PostgresError``, or `UnreadableEvent`.
    /// - Complexity: Some ten microseconds for each event, and memory for each session.
    package static func reading(
        _ consortium: Consortium.ID, in pool: PostgresPool, comparing acknowledgements: [Acknowledgement] = []
    ) async throws -> EventLogCheck {
        let repository = DeskRepository(consortium: consortium)
        return try await pool.withTransaction(isolation: .repeatableRead) { transaction in
            var check = EventLogCheck()
            while true {
                let events = try await repository.events(
                    after: check.lastEvent, limit: pageSize, in: transaction)
                for event in events { check.take(event) }
                if events.count < pageSize { break }
            }
            check.finish()
            check.compare(with: try await repository.tables(in: transaction))
            check.compare(with: acknowledgements)
            return check
        }
    }
}
