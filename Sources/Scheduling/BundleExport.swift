package import BundleFiles
package import Coverage
package import PostgresClient
import Storage

/// Writing what the database holds as a bundle.
package struct BundleExport: Sendable {
    private let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Writes a consistent snapshot: what is changed meanwhile is not in it.
    ///
    /// - Parameters:
    ///   - writer: Where to.
    ///   - withHistory: Whether past sessions are written as well; they are streamed, never all in memory.
    ///   - pool: The database.
    /// - Returns: The number of past sessions written.
    /// - Throws: ``SchedulingRefusal`` if nothing was imported; what the writer says of the folder.
    package func run(to writer: BundleWriter, withHistory: Bool, in pool: PostgresPool) async throws -> Int {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let repository = ConsortiumRepository(consortium: consortium)
            guard let settings = try await repository.settings(in: transaction) else {
                throw SchedulingRefusal.nothingImported(consortium)
            }
            let period = settings.period(in: try TimeZoneRules(identifier: settings.timeZone))
            guard let bundle = try await repository.bundle(in: transaction, demandIn: period) else {
                throw SchedulingRefusal.nothingImported(consortium)
            }
            let history = HistoryRepository(consortium: consortium)
            let count = withHistory ? try await history.count(in: transaction) : 0
            guard count > 0 else {
                try writer.write(bundle)
                return 0
            }
            try await writer.write(bundle) { write in
                try await history.read(in: transaction) { batch in try await write(batch) }
            }
            return count
        }
    }
}
