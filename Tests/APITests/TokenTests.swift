import API
import Coverage
import Logging
import NIOHTTP1
import PostgresClient
import Storage
import StorageTestSupport
import TestSupport
import Testing

@Suite("A token")
struct TokenTests {
    @Test("lets in at once when it is made, and not once it is revoked")
    func madeAndRevoked() async throws {
        try await withService { service in
            let (number, token) = try await service.pool.makeToken()
            try await eventually("the new token is known") {
                try await service.ask(.GET, "/v1/webhooks", token: token).status == 200
            }
            _ = try await service.pool.withConnection { connection in
                try await TokenRepository(consortium: "two").revoke(number, at: service.clock.now, in: connection)
            }
            try await eventually("the revoked token is refused") {
                try await service.ask(.GET, "/v1/webhooks", token: token).status == 401
            }
        }
    }

    @Test("made a moment ago lets in though the tokens were being read before it was made")
    func madeWhileReading() async throws {
        try await withGatedTokens { pool, gate in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let book = TokenBook(
                pool: pool, consortium: "two", now: { Instant(secondsSince1970: 1_790_000_000) }, logger: logger)
            try await gate.execute("SELECT pg_advisory_lock(\(GatedTokens.gate))")
            async let earlier = try? book.access(for: "made up")
            try await eventually("the tokens are being read") {
                try await gate.query(GatedTokens.waiting).single().decode(Int.self) == 1
            }
            let text = try await GatedTokens.add(on: gate)
            async let access = book.access(for: text)
            try await eventually("the new token waits for that reading") { book.waitingCount == 1 }
            try await gate.execute("SELECT pg_advisory_unlock(\(GatedTokens.gate))")
            #expect(await earlier == nil)
            #expect(try await access.chatServer == "prosody")
        }
    }

    @Test(
        "that is none is refused",
        arguments: ["coverdesk~two~00", "x", "coverdesk~two~" + String(repeating: "0", count: 64)])
    func unknown(token: String) async throws {
        try await withService { service in
            let answer = try await service.ask(.GET, "/v1/webhooks", token: token)
            #expect(answer.status == 401)
            #expect(answer.problem == "unauthorized")
            #expect(answer.headers.first(name: "WWW-Authenticate")?.hasPrefix("Bearer") == true)
        }
    }

    @Test("allows what its scopes say, and no more")
    func scopes() async throws {
        try await withService { service in
            let token = try await service.makeToken(scopes: [.policyRead])
            #expect(try await service.ask(.GET, "/v1/libraries/pub01/policy-page", token: token).status == 404)
            let answer = try await service.ask(.GET, "/v1/webhooks", token: token)
            #expect(answer.status == 403)
            #expect(answer.problem == "forbidden")
            #expect(answer.headers.first(name: "WWW-Authenticate")?.contains("scope=\"webhooks\"") == true)
        }
    }

    @Test("that asks too often is told how long to wait")
    func rate() async throws {
        try await withService { service in
            let token = try await service.makeToken(scopes: [.webhooks], requestsPerSecond: 1)
            // All at once: one after the other they could take longer than what the token may do again meanwhile.
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<40 { group.addTask { try await service.ask(.GET, "/v1/webhooks", token: token) } }
                return try await group.reduce(into: [HTTPAnswer]()) { $0.append($1) }
            }
            let refused = answers.filter { $0.status == 429 }
            #expect(!refused.isEmpty)
            #expect(refused.allSatisfy { $0.problem == "too-many-requests" })
            #expect(refused.allSatisfy { $0.headers.first(name: "Retry-After") == "1" })
            // Others are not made to wait for it.
            #expect(try await service.ask(.GET, "/v1/webhooks").status == 200)
        }
    }

    @Test("is not in the database, only its hash is")
    func hashed() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let (_, token) = try await pool.makeToken()
            let rows = try await pool.withConnection { try await $0.query("SELECT to_jsonb(t)::text FROM api_token t") }
            let secret = try #require(token.split(separator: "~").last)
            #expect(try !rows.decode(String.self).joined().contains(secret))
        }
    }
}

/// A table of tokens whose readings see what was there when they began, and take until a lock is free.
private enum GatedTokens {
    static let gate = 42

    /// How many readings are held up.
    static let waiting: PostgresQuery = """
        SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database
        WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
        """

    static let script = """
        CREATE FUNCTION pass_gate() RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_lock_shared(42);
            PERFORM pg_advisory_unlock_shared(42);
            RETURN true;
        END;
        $$;
        ALTER TABLE api_token RENAME TO kept_token;
        CREATE VIEW api_token AS SELECT * FROM kept_token WHERE (SELECT pass_gate());
        """

    /// Adds a token past the gate.
    static func add(on connection: PostgresConnection) async throws -> String {
        var generator = SystemRandomNumberGenerator()
        let text = TokenText.make(for: "two", using: &generator)
        try await connection.execute(
            """
            INSERT INTO kept_token (consortium_id, token_number, chat_server, token_hash, scopes,
                requests_per_second, created_at, created_by)
            VALUES ('two', 1, 'prosody', \(PostgresBytes(TokenText.hash(text))), '{webhooks}', 10, now(), 'test')
            """)
        return text
    }
}

private func withGatedTokens(_ body: (PostgresPool, PostgresConnection) async throws -> Void) async throws {
    try await withServiceDatabase { pool in
        try await pool.importing(.valid())
        try await pool.withConnection { connection in
            try await connection.executeScript(GatedTokens.script)
            try await body(pool, connection)
        }
    }
}
