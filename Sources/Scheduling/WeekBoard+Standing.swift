package import Coverage
package import PostgresClient
package import Storage

extension WeekBoard {
    /// Whether nothing was committed since it was read that would make it another.
    ///
    /// - Parameters:
    ///   - consortium: Whose it is.
    ///   - session: Of the database that it was read from.
    /// - Returns: False where it must be read anew.
    /// - Throws: ``PostgresError``
    package func stands(of consortium: Consortium.ID, in session: some PostgresSession) async throws -> Bool {
        if try await ChangeRepository(consortium: consortium).hasChanged(since: snapshot, in: session) { return false }
        // Drafts are in no change log.
        guard case .plan(let number) = source else { return true }
        let lastEdit = try await PlanRepository(consortium: consortium).lastEdit(of: number, in: session)
        return lastEdit == plans.first?.lastEdit
    }

    /// The edit that changed it last; 0 is none.
    package var lastEdit: Int { plans.map(\.lastEdit).max() ?? 0 }

    /// The plan that holds a time.
    package func plan(of during: Range<Instant>) -> PlanRepository.Plan? {
        plans.first { $0.period.lowerBound <= during.lowerBound && during.upperBound <= $0.period.upperBound }
    }
}
