import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("A replica sees its own library alone")
struct SyncScopeTests {
    private func withTwoLibraries(_ body: (PostgresPool) async throws -> Void) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.publishing(
                try await pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)]))
            try await pool.run(
                """
                INSERT INTO absence SELECT 'two', operator_id, tstzrange(to_timestamp(1), to_timestamp(2)), 'x' FROM operator;
                INSERT INTO shift_decline (consortium_id, request_id, plan_number, shift_number, operator_id, library_id,
                    reason, made_at) VALUES ('two', gen_random_uuid(), 1, 1, 'acad01-01', 'acad01', '', now());
                INSERT INTO swap_request (consortium_id, request_id, plan_number, shift_number, operator_id, library_id,
                    reason, made_at) VALUES ('two', gen_random_uuid(), 1, 1, 'acad01-01', 'acad01', '', now());
                INSERT INTO intent VALUES ('two', 'acad01', gen_random_uuid(), 'absence_add', '{}', 'applied', '', NULL, now());
                INSERT INTO ticket VALUES ('two', 1, 'ask', 'acad01', NULL, 'waiting', now(), NULL, '', '{acad01}'),
                    ('two', 2, 'ask', NULL, 'acad01-01', 'held', now(), NULL, '', '{acad01}');
                INSERT INTO consortium SELECT 'three', name, time_zone, slot_minutes, starts_on, weeks FROM consortium;
                INSERT INTO library SELECT 'three', library_id, name, kind, time_zone, 1, phone, email, url FROM library;
                INSERT INTO operator SELECT 'three', 'o3-' || operator_id, library_id, name, email, 1, 1, 1 FROM operator;
                """)
            try await body(pool)
        }
    }

    static let privateTables = [
        "operator", "operator_skill", "availability", "absence", "swap_request", "shift_decline", "intent", "ticket",
        "change_log",
    ]

    /// Of another library, or another consortium.
    private static let isForeign = """
        to_jsonb(t) ->> 'library_id' IN ('acad01') OR to_jsonb(t) ->> 'operator_id' ~ 'acad01' OR consortium_id = 'three'
        """

    @Test("the database shows no other library's rows, whatever is asked", arguments: privateTables)
    func rowSecurity(table: String) async throws {
        try await withTwoLibraries { pool in
            let foreign = try await pool.ask(
                "SELECT count(*) FROM \(table) AS t WHERE \(Self.isForeign)", for: "pub01")
            #expect(foreign == 0)
            let all = try await pool.withConnection { connection in
                try await connection.query(
                    PostgresQuery(unescaped: "SELECT count(*) FROM \(table) AS t WHERE \(Self.isForeign)")
                ).single().decode(Int.self)
            }
            #expect(all > 0)
        }
    }

    @Test(
        "tables that replicas have no business with cannot be read at all",
        arguments: [
            "shift", "plan", "audit_log", "api_token", "session", "consortium", "past_session", "webhook", "account",
            "account_session", "invitation", "sign_in_attempt",
        ])
    func noGrants(table: String) async throws {
        try await withTwoLibraries { pool in
            await #expect {
                _ = try await pool.ask("SELECT count(*) FROM \(table)", for: "pub01")
            } throws: { ($0 as? PostgresError)?.code.rawValue == "42501" }
        }
    }

    @Test("where no library is named nothing private is seen", arguments: privateTables.dropLast())
    func namesNobody(table: String) async throws {
        try await withTwoLibraries { pool in
            let seen = try await pool.ask("SELECT count(*) FROM \(table)", for: nil)
            #expect(seen == 0)
        }
    }

    @Test("ranges and digests show other libraries' rows neither", arguments: ReplicaTable.all.map(\.name))
    func ranges(name: String) async throws {
        try await withTwoLibraries { pool in
            let table = try #require(ReplicaTable.named(name))
            try await pool.sync { reading in
                let mine = try await reading.everything(for: "pub01").lines(of: name)
                var shown = ModelReplica()
                _ = try await reading.rangeLines(of: table, in: KeyRange()) { shown.apply($0) }
                #expect(shown.lines(of: name) == mine)
                let digests = try await reading.digests(of: table, in: KeyRange(), parts: 1)
                #expect(digests.map(\.rows) == [mine.count])
            }
        }
    }

    @Test("a swap is seen by the libraries of both shifts, and by no third")
    func swapOfTwo() async throws {
        try await withTwoLibraries { pool in
            try await pool.run(
                """
                INSERT INTO library SELECT 'two', 'third', name, kind, time_zone, 1, phone, email, url FROM library
                WHERE consortium_id = 'two' LIMIT 1;
                """)
            var replicas = [
                try await Followed("acad01", in: pool), try await Followed("pub01", in: pool),
                try await Followed("third", in: pool),
            ]
            try await pool.run(
                """
                UPDATE swap_request SET with_plan_number = 1, with_shift_number = 1, with_library_id = 'pub01', state = 'agreed',
                    decided_at = made_at, decided_by = 'ada'
                """)
            for index in replicas.indices {
                #expect(try await replicas[index].follow(in: pool) == replicas[index].replica)
            }
            #expect(replicas.map { $0.replica.lines(of: "swap_request").count } == [1, 1, 0])
        }
    }
}

extension PostgresPool {
    /// Runs a statement as wrong code might for a replica: with none of the service's own conditions.
    ///
    /// - Returns: The number that it gives.
    fileprivate func ask(_ sql: String, for library: String?) async throws -> Int {
        try await withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            try await transaction.execute(
                """
                SELECT set_config('coverdesk.consortium', 'two', true),
                    set_config('coverdesk.library', \(library ?? ""), true)
                """)
            try await transaction.executeScript("SET LOCAL ROLE coverdesk_replica")
            return try await transaction.query(PostgresQuery(unescaped: sql)).single().decode(Int.self)
        }
    }
}
