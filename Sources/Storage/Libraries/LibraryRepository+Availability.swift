package import Coverage
package import PostgresClient

/// When a library's people may be placed, every week.
extension LibraryRepository {
    /// What one of the library's people can work.
    package struct PersonAvailability: Hashable, Sendable {
        /// By weekday and time.
        package var rows: [Availability]
        /// Hours from Monday to Sunday for which they may be planned.
        package var maxHoursPerWeek: Thousandths
    }

    /// The rows of one of the library's people.
    ///
    /// - Returns: Nil if there is no such person here, or they have left.
    package func availability(
        of person: Operator.ID, in session: some PostgresSession
    ) async throws -> PersonAvailability? {
        let most = try await session.query(
            """
            SELECT max_hours_per_week FROM operator
            WHERE consortium_id = \(consortium) AND library_id = \(library) AND operator_id = \(person)
                AND retired_at IS NULL
            """
        ).first?.decode(Thousandths.self)
        guard let most else { return nil }
        let rows = try await session.query(
            """
            SELECT weekday, from_minute, to_minute, preference FROM availability
            WHERE consortium_id = \(consortium) AND operator_id = \(person)
            ORDER BY weekday, from_minute, to_minute, preference
            """
        ).map { row in
            let (weekday, from, to, preference) = try row.decode((Weekday, MinuteOfDay, MinuteOfDay, Int).self)
            return Availability(operator: person, weekday: weekday, from: from, to: to, preference: preference)
        }
        return PersonAvailability(rows: rows, maxHoursPerWeek: most)
    }

    /// Puts rows in the place of all that the person has.
    ///
    /// - Parameters:
    ///   - person: One of the library's people.
    ///   - rows: Theirs alone.
    ///   - transaction: All or nothing.
    /// - Throws: ``PostgresError``.
    package func replaceAvailability(
        of person: Operator.ID, with rows: [Availability], in transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            "DELETE FROM availability WHERE consortium_id = \(consortium) AND operator_id = \(person)")
        for row in rows {
            try await transaction.execute(
                """
                INSERT INTO availability (consortium_id, operator_id, weekday, from_minute, to_minute, preference)
                VALUES (\(consortium), \(person), \(row.weekday.rawValue), \(row.from.rawValue), \(row.to.rawValue),
                    \(row.preference))
                """)
        }
    }
}
