package import Coverage
package import PostgresClient
package import Storage

/// What the database holds of a consortium.
package struct ServiceStatus: Sendable {
    package let consortium: Consortium.ID
    /// Nil before the first import.
    package let settings: Consortium?
    package let zone: TimeZoneRules?
    /// Of PostgreSQL, `15.18`.
    package let serverVersion: String
    package let schemaVersion: Int
    /// How many there are of each kind of thing, in a fixed order.
    package let counts: [(name: String, count: Int)]
    /// The newest first.
    package let plans: [PlanRepository.Plan]
    /// The newest first, ten at most.
    package let latestActs: [AuditRepository.Entry]

    package static func read(_ consortium: Consortium.ID, in pool: PostgresPool) async throws -> ServiceStatus {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let repository = ConsortiumRepository(consortium: consortium)
            let settings = try await repository.settings(in: transaction)
            return ServiceStatus(
                consortium: consortium, settings: settings,
                zone: try settings.map { try TimeZoneRules(identifier: $0.timeZone) },
                serverVersion: try await repository.serverVersion(in: transaction),
                schemaVersion: SchemaMigrator().latestVersion,
                counts: try await repository.counts(in: transaction),
                plans: try await PlanRepository(consortium: consortium).all(in: transaction),
                latestActs: try await AuditRepository(consortium: consortium).latest(10, in: transaction))
        }
    }
}
