package import Coverage
package import PostgresClient
package import Storage

/// A library with its people and its clock.
package struct LibraryBook: Sendable {
    package let library: Library
    /// Those who have not left, by name.
    package let people: [LibraryRepository.Person]
    package let zone: TimeZoneRules

    /// Reads a library.
    ///
    /// - Parameters:
    ///   - id: The library.
    ///   - consortium: Whose member it is.
    ///   - boards: Keeps the clocks that were looked up.
    ///   - pool: The database.
    /// - Returns: Nil if there is none, or it has left.
    /// - Throws: ``PostgresError``, ``UnknownTimeZone``
    package static func read(
        _ id: Library.ID, of consortium: Consortium.ID, boards: WeekBoards, in pool: PostgresPool
    ) async throws -> LibraryBook? {
        let repository = LibraryRepository(consortium: consortium, library: id)
        let found = try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            (try await repository.library(in: transaction), try await repository.people(in: transaction))
        }
        guard let library = found.0 else { return nil }
        return LibraryBook(library: library, people: found.1, zone: try await boards.zone(library.timeZone))
    }

    /// What somebody is called; the id of somebody who is not the library's.
    package func name(of person: Operator.ID) -> String {
        people.first { $0.id == person }?.name ?? person.rawValue
    }
}
