package import Coverage
package import PostgresClient
package import Storage
package import TestSupport

extension DatabaseTemplate {
    /// A database with the service's schema and nothing in it.
    package static let service = DatabaseTemplate("service") { connectionString in
        try await PostgresConnection.withConnection(
            PostgresConfiguration(connectionString: connectionString)
        ) { connection in
            _ = try await SchemaMigrator().migrate(connection)
        }
    }
}

/// Lends a pool on a database of its own that has the service's schema, gone afterwards.
package func withServiceDatabase(_ body: (PostgresPool) async throws -> Void) async throws {
    try await withPool(on: .service, body)
}

/// Lends a pool on an empty database of its own.
package func withEmptyDatabase(_ body: (PostgresPool) async throws -> Void) async throws {
    try await withPool(on: .empty, body)
}

private func withPool(on template: DatabaseTemplate, _ body: (PostgresPool) async throws -> Void) async throws {
    try await withDatabase(from: template) { database in
        let pool = PostgresPool(
            configuration: try PostgresConfiguration(connectionString: database.connectionString),
            maximumConnections: 4, waitingDeadline: .seconds(60))
        do {
            try await body(pool)
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }
}

/// What the tests of the repositories do to the consortium `two`.
extension PostgresPool {
    /// Imports a bundle as the service does.
    @discardableResult
    package func importing(_ bundle: ConsortiumBundle) async throws -> ConsortiumRepository.Leavers {
        let repository = ConsortiumRepository(consortium: "two")
        let zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
        return try await withTransaction { transaction in
            try await repository.lock(in: transaction)
            let stored = try await repository.bundle(
                in: transaction, demandIn: bundle.consortium.period(in: zone))
            let difference = BundleDifference(from: stored, to: bundle, zone: zone)
            return try await repository.apply(
                difference, at: Instant(secondsSince1970: 1_790_000_000), in: transaction)
        }
    }

    /// The bundle as stored, with the demand of all times.
    package func stored() async throws -> ConsortiumBundle? {
        let always = Instant(secondsSince1970: 0)..<Instant(secondsSince1970: 4_000_000_000)
        return try await withConnection { connection in
            try await ConsortiumRepository(consortium: "two").bundle(in: connection, demandIn: always)
        }
    }

    /// Writes a draft and gives its number.
    package func drafting(
        _ shifts: [Shift], startsOn: String = "2026-10-26", weeks: Int = 1
    ) async throws -> Int {
        let bundle = ConsortiumBundle.valid(startsOn: startsOn, weeks: weeks)
        let period = bundle.consortium.period(in: try TimeZoneRules(identifier: bundle.consortium.timeZone))
        return try await withTransaction { transaction in
            try await PlanRepository(consortium: "two").insertDraft(
                shifts, period: period, author: "test", at: Instant(secondsSince1970: 1_790_000_000), making: "{}",
                in: transaction)
        }
    }

    /// Publishes a draft and gives the numbers of those it took the place of.
    package func publishing(_ number: Int) async throws -> [Int] {
        try await withTransaction { transaction in
            try await PlanRepository(consortium: "two").publish(
                number, by: "test", message: "", at: Instant(secondsSince1970: 1_790_000_000), in: transaction)
        }
    }

    /// The published shifts of all times.
    package func publishedShifts() async throws -> [Shift] {
        let always = Instant(secondsSince1970: 0)..<Instant(secondsSince1970: 4_000_000_000)
        return try await withConnection { connection in
            try await PlanRepository(consortium: "two").publishedShifts(touching: always, in: connection)
        }
    }

    /// How many changes were logged.
    package func changeCount() async throws -> Int {
        try await withConnection { connection in
            try await connection.query("SELECT count(*) FROM change_log").single().decode(Int.self)
        }
    }
}
