package import Coverage
package import PostgresClient

/// What libraries tell colleagues elsewhere.
package struct PolicyPageRepository: Sendable {
    /// A version of a library's page.
    package struct Page: Hashable, Sendable {
        package var library: Library.ID
        /// Counted from 1 in the library.
        package var version: Int
        package var content: Content
        package var writtenAt: Instant
        package var writtenBy: String
        /// When somebody last said that it is all still so.
        package var confirmedAt: Instant

        package init(
            library: Library.ID, version: Int, content: Content, writtenAt: Instant, writtenBy: String,
            confirmedAt: Instant
        ) {
            self.library = library
            self.version = version
            self.content = content
            self.writtenAt = writtenAt
            self.writtenBy = writtenBy
            self.confirmedAt = confirmedAt
        }
    }

    /// What a page says.
    package struct Content: Hashable, Sendable {
        package var greeting: String
        package var hours: String
        package var cardsAndLoans: String
        /// A JSON array.
        package var databases: String
        /// A JSON array.
        package var referTo: String
        package var body: String

        package init(
            greeting: String, hours: String, cardsAndLoans: String, databases: String, referTo: String, body: String
        ) {
            self.greeting = greeting
            self.hours = hours
            self.cardsAndLoans = cardsAndLoans
            self.databases = databases
            self.referTo = referTo
            self.body = body
        }
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Whether there is such a library.
    package func hasLibrary(_ library: Library.ID, in session: some PostgresSession) async throws -> Bool {
        try await !session.query(
            "SELECT FROM library WHERE consortium_id = \(consortium) AND library_id = \(library)"
        ).isEmpty
    }

    /// The page that counts; nil if the library has none.
    package func latest(of library: Library.ID, in session: some PostgresSession) async throws -> Page? {
        try await pages(of: library, limit: 1, in: session).first
    }

    /// A version; nil if there is none of this number.
    package func page(_ version: Int, of library: Library.ID, in session: some PostgresSession) async throws -> Page? {
        try await pages(of: library, version: version, limit: 1, in: session).first
    }

    /// The versions of a library's page, the newest first.
    package func history(
        of library: Library.ID, limit: Int, in session: some PostgresSession
    ) async throws -> [Page] {
        try await pages(of: library, limit: limit, in: session)
    }

    private func pages(
        of library: Library.ID, version: Int? = nil, limit: Int, in session: some PostgresSession
    ) async throws -> [Page] {
        try await session.query(
            """
            SELECT version, greeting, hours, cards_and_loans, databases::text, refer_to::text, body, written_at,
                written_by, confirmed_at
            FROM policy_page WHERE consortium_id = \(consortium) AND library_id = \(library)
                AND (\(version)::bigint IS NULL OR version = \(version)::bigint)
            ORDER BY version DESC LIMIT \(limit)
            """
        ).map { try Self.page($0, of: library) }
    }

    /// Whether a version says just this.
    ///
    /// The database compares: it hands JSON back with its members in another order.
    package func says(
        _ content: Content, in version: Int, of library: Library.ID, _ session: some PostgresSession
    ) async throws -> Bool {
        try await !session.query(
            """
            SELECT FROM policy_page
            WHERE consortium_id = \(consortium) AND library_id = \(library) AND version = \(version)
                AND greeting = \(content.greeting) AND hours = \(content.hours)
                AND cards_and_loans = \(content.cardsAndLoans) AND body = \(content.body)
                AND databases = \(content.databases)::text::jsonb AND refer_to = \(content.referTo)::text::jsonb
            """
        ).isEmpty
    }

    /// Keeps others from writing the library's page until the transaction ends.
    ///
    /// - Returns: Whether there is such a library.
    package func lock(_ library: Library.ID, in transaction: PostgresTransaction) async throws -> Bool {
        try await !transaction.query(
            """
            SELECT FROM library WHERE consortium_id = \(consortium) AND library_id = \(library)
            FOR NO KEY UPDATE
            """
        ).isEmpty
    }

    /// Adds a version; its number must be one more than the latest one's.
    package func insert(_ page: Page, in transaction: PostgresTransaction) async throws {
        let content = page.content
        try await transaction.execute(
            """
            INSERT INTO policy_page (consortium_id, library_id, version, greeting, hours, cards_and_loans, databases,
                refer_to, body, written_at, written_by, confirmed_at)
            VALUES (\(consortium), \(page.library), \(page.version)::bigint::integer, \(content.greeting),
                \(content.hours), \(content.cardsAndLoans), \(content.databases)::text::jsonb,
                \(content.referTo)::text::jsonb, \(content.body), \(page.writtenAt), \(page.writtenBy),
                \(page.confirmedAt))
            """)
    }

    /// Notes that the latest version is all still so.
    package func confirm(
        _ library: Library.ID, version: Int, at now: Instant, in transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE policy_page SET confirmed_at = greatest(\(now), confirmed_at)
            WHERE consortium_id = \(consortium) AND library_id = \(library) AND version = \(version)
            """)
    }

    private static func page(_ row: PostgresRow, of library: Library.ID) throws -> Page {
        let (version, greeting, hours, cards, databases, referTo, body, writtenAt, writtenBy, confirmedAt) =
            try row.decode(
                (Int, String, String, String, String, String, String, Instant, String, Instant).self)
        return Page(
            library: library, version: version,
            content: Content(
                greeting: greeting, hours: hours, cardsAndLoans: cards, databases: databases, referTo: referTo,
                body: body),
            writtenAt: writtenAt, writtenBy: writtenBy, confirmedAt: confirmedAt)
    }
}
