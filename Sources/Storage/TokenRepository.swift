package import Coverage
package import PostgresClient

/// The tokens with which chat servers use the service.
package struct TokenRepository: Sendable {
    /// A token, without what it is: only its hash is kept.
    package struct Token: Hashable, Sendable {
        /// Counted from 1 in the consortium.
        package var number: Int
        package var chatServer: String
        /// Whose replica it opens, and nothing else; nil for chat servers' tokens.
        package var library: Library.ID?
        package var scopes: [String]
        package var requestsPerSecond: Int
        package var createdAt: Instant
        package var createdBy: String
        package var revokedAt: Instant?
        /// To the minute or so.
        package var lastUsedAt: Instant?
    }

    /// What a new token is to be.
    package struct NewToken: Hashable, Sendable {
        package var chatServer: String
        package var library: Library.ID?
        /// SHA-256 of the token.
        package var hash: [UInt8]
        package var scopes: [String]
        package var requestsPerSecond: Int

        package init(
            chatServer: String, library: Library.ID? = nil, hash: [UInt8], scopes: [String], requestsPerSecond: Int
        ) {
            self.chatServer = chatServer
            self.library = library
            self.hash = hash
            self.scopes = scopes
            self.requestsPerSecond = requestsPerSecond
        }
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// All tokens, revoked ones too, the oldest first.
    package func all(in session: some PostgresSession) async throws -> [Token] {
        try await session.query(
            """
            SELECT token_number, chat_server, scopes, requests_per_second, created_at, created_by, revoked_at,
                last_used_at, library_id
            FROM api_token WHERE consortium_id = \(consortium) ORDER BY token_number
            """
        ).map(Self.token)
    }

    /// The tokens that may be used, by their hashes.
    package func usable(in session: some PostgresSession) async throws -> [[UInt8]: Token] {
        let rows = try await session.query(
            """
            SELECT token_number, chat_server, scopes, requests_per_second, created_at, created_by, revoked_at,
                last_used_at, library_id, token_hash
            FROM api_token WHERE consortium_id = \(consortium) AND revoked_at IS NULL
            """)
        var tokens: [[UInt8]: Token] = [:]
        for row in rows { tokens[try PostgresBytes.decode(row[9]).bytes] = try Self.token(row) }
        return tokens
    }

    /// Adds a token.
    ///
    /// - Returns: Its number.
    /// - Throws: ``PostgresError`` with the code `foreignKeyViolation` if there is no such consortium or library.
    package func insert(
        _ token: NewToken, by author: String, at now: Instant, in transaction: PostgresTransaction
    ) async throws -> Int {
        // Two that add at once wait for each other here, so that no number is given twice.
        try await transaction.execute(
            "SELECT FROM consortium WHERE consortium_id = \(consortium) FOR NO KEY UPDATE")
        return try await transaction.query(
            """
            INSERT INTO api_token (consortium_id, token_number, chat_server, library_id, token_hash, scopes,
                requests_per_second, created_at, created_by)
            SELECT \(consortium), coalesce(max(token_number), 0) + 1, \(token.chatServer), \(token.library)::text,
                \(PostgresBytes(token.hash)), \(token.scopes), \(token.requestsPerSecond)::bigint::integer, \(now),
                \(author)
            FROM api_token WHERE consortium_id = \(consortium)
            RETURNING token_number
            """
        ).single().decode(Int.self)
    }

    /// Revokes a token for good.
    ///
    /// - Returns: Whose it was; nil if there is no such token, or it was revoked before.
    package func revoke(_ number: Int, at now: Instant, in session: some PostgresSession) async throws -> String? {
        try await session.query(
            """
            UPDATE api_token SET revoked_at = \(now)
            WHERE consortium_id = \(consortium) AND token_number = \(number) AND revoked_at IS NULL
            RETURNING chat_server
            """
        ).first?.decode(String.self)
    }

    /// Notes that tokens were used.
    package func touch(_ numbers: [Int], at now: Instant, in session: some PostgresSession) async throws {
        try await session.execute(
            """
            UPDATE api_token SET last_used_at = \(now)
            WHERE consortium_id = \(consortium) AND token_number = ANY (\(numbers))
                AND (last_used_at IS NULL OR last_used_at < \(now))
            """)
    }

    private static func token(_ row: PostgresRow) throws -> Token {
        Token(
            number: try Int.decode(row[0]), chatServer: try String.decode(row[1]),
            library: try Library.ID?.decode(row[8]), scopes: try [String].decode(row[2]),
            requestsPerSecond: try Int.decode(row[3]), createdAt: try Instant.decode(row[4]),
            createdBy: try String.decode(row[5]), revokedAt: try Instant?.decode(row[6]),
            lastUsedAt: try Instant?.decode(row[7]))
    }
}
