package import Coverage
package import PostgresClient
package import Routing
import Storage

/// How a consortium's queues are routed, with what was learned of them, and when its libraries answer their telephones.
package struct RoutingOverview: Sendable {
    package struct Entry: Sendable {
        package let queue: Queue
        package let routing: QueueRouting
        /// Whether nothing was set, so that the standard holds.
        package let isStandard: Bool
        package let pace: HandlePace
        /// How readily patrons give up.
        package let patience: Patience

        /// What waits are told by.
        package var handleSeconds: Int { pace.seconds(configured: routing.handleSeconds) }
    }

    package let name: String
    /// By id.
    package let queues: [Entry]
    /// By id; those without hours too.
    package let libraries: [(library: Library, hours: [LibraryHours])]

    /// Reads all of it as it is at one moment.
    ///
    /// - Throws: ``UnknownConsortium`` if nothing was imported; ``PostgresError``.
    package static func read(_ consortium: Consortium.ID, in pool: PostgresPool) async throws -> RoutingOverview {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let repository = ConsortiumRepository(consortium: consortium)
            guard let settings = try await repository.settings(in: transaction) else {
                throw UnknownConsortium(id: consortium)
            }
            let queues = try await repository.queues(in: transaction)
            let set = Dictionary(
                try await repository.routings(in: transaction).map { ($0.queue, $0.routing) },
                uniquingKeysWith: { first, _ in first })
            let paces = try await DeskRepository(consortium: consortium).paces(in: transaction)
            let hours = Dictionary(grouping: try await repository.libraryHours(in: transaction), by: \.library)
            return RoutingOverview(
                name: settings.name,
                queues: queues.map { queue in
                    Entry(
                        queue: queue, routing: set[queue.id] ?? .standard(for: queue, among: queues),
                        isStandard: set[queue.id] == nil, pace: paces[queue.id]?.handling ?? HandlePace(),
                        patience: paces[queue.id]?.patience ?? Patience())
                },
                libraries: try await repository.libraries(in: transaction).map { ($0, hours[$0.id] ?? []) })
        }
    }
}
