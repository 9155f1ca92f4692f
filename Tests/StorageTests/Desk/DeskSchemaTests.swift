import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("The desk's tables keep their promises, whoever writes to them")
struct DeskSchemaTests {
    /// A change that must be refused, and by what.
    struct Refused: Sendable, CustomTestStringConvertible {
        let what: String
        let sql: String
        let constraint: String

        var testDescription: String { what }
    }

    private static let setting = """
        INSERT INTO presence VALUES ('two', 'pub01-01', 'available', '{chat}', NULL, 2, true, '{}', now(), NULL, 1),
            ('two', 'pub01-02', 'available', '{chat}', NULL, 2, true, '{}', now(), NULL, 1);
        INSERT INTO seat (consortium_id, operator_id, seat_number, claim, session_number)
        VALUES ('two', 'pub01-01', 1, 'held', 1), ('two', 'pub01-01', 2, NULL, NULL),
            ('two', 'pub01-02', 1, NULL, NULL);
        INSERT INTO session VALUES ('two', 1, 'chat', 'one', 'ask', NULL, NULL, '', now());
        INSERT INTO session_key VALUES ('two', 'chat', 'one', 1);
        INSERT INTO live_session (consortium_id, session_number, queue_id, operator_id, seat_number, held_since,
            active_at, passed, fallbacks) VALUES ('two', 1, 'ask', 'pub01-01', 1, now(), now(), '', '');
        INSERT INTO request_key VALUES ('two', 'chat', 'key', 'x', 1, NULL, now());
        """

    static let refused: [Refused] = [
        Refused(
            what: "a session with two operators",
            sql: "UPDATE seat SET claim = 'held', session_number = 1 WHERE operator_id = 'pub01-02'",
            constraint: "one_operator_a_session"),
        Refused(
            what: "a seat with a claim but no session",
            sql: "UPDATE seat SET claim = 'held' WHERE operator_id = 'pub01-02'",
            constraint: "claim_names_its_session"),
        Refused(
            what: "an offer without its end",
            sql: "UPDATE seat SET claim = 'offered', session_number = 1 WHERE operator_id = 'pub01-02'",
            constraint: "offer_is_whole"),
        Refused(
            what: "more seats than an operator's rows: the same seat twice",
            sql: "INSERT INTO seat (consortium_id, operator_id, seat_number) VALUES ('two', 'pub01-01', 1)",
            constraint: "seat_pkey"),
        Refused(
            what: "a seat of somebody who is not present",
            sql: "INSERT INTO seat (consortium_id, operator_id, seat_number) VALUES ('two', 'acad01-01', 1)",
            constraint: "seat_consortium_id_operator_id_fkey"),
        Refused(
            what: "a live session that is with nobody and nowhere in line",
            sql: "UPDATE live_session SET operator_id = NULL, seat_number = NULL, held_since = NULL",
            constraint: "live_session_is_somewhere"),
        Refused(
            what: "a live session that is with somebody and in line",
            sql: "UPDATE live_session SET line_since = now(), line_front = false",
            constraint: "live_session_is_somewhere"),
        Refused(
            what: "a held session without a seat", sql: "UPDATE live_session SET seat_number = NULL",
            constraint: "held_session_has_a_seat"),
        Refused(
            what: "a held session of which nobody knows since when", sql: "UPDATE live_session SET held_since = NULL",
            constraint: "held_session_tells_since_when"),
        Refused(
            what: "a second session for a chat server's id",
            sql: "INSERT INTO session_key VALUES ('two', 'chat', 'one', 2)", constraint: "one_session_per_key"),
        Refused(
            what: "a second effect of a key",
            sql: "INSERT INTO request_key VALUES ('two', 'chat', 'key', 'y', 1, NULL, now())",
            constraint: "one_effect_per_key"),
        Refused(
            what: "an end without its outcome", sql: "UPDATE session SET ended_at = now()",
            constraint: "session_end_is_whole"),
        Refused(
            what: "a ladder with a rung that nobody knows",
            sql:
                "INSERT INTO queue_routing (consortium_id, queue_id, rungs, opens_after) VALUES ('two', 'ask', '{x}', '{0}')",
            constraint: "ladder_has_known_rungs"),
    ]

    @Test("refuse", arguments: refused)
    func refuses(change: Refused) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await pool.withConnection { connection in
                try await connection.executeScript(Self.setting)
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.executeScript(change.sql)
                }
                #expect(error?.constraint == change.constraint)
            }
        }
    }

    @Test(
        "tell of what no constraint can see",
        arguments: [
            ("UPDATE seat SET claim = NULL, session_number = NULL", "a held session that its seat does not hold"),
            ("DELETE FROM live_session", "a seat that holds a session that is not there"),
            ("DELETE FROM live_session", "a session that has neither ended nor is live"),
            (
                "UPDATE session SET outcome = 'answered', ended_at = now()",
                "a live session that has ended, or was never created"
            ),
            ("DELETE FROM session_key", "a session whose key is not its own"),
        ])
    func tellsFaults(change: String, fault: String) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let faults = try await pool.withConnection { connection in
                try await connection.executeScript(Self.setting)
                let before = try await connection.query("SELECT count(*) FROM routing_fault").single().decode(Int.self)
                #expect(before == 0)
                try await connection.executeScript(change)
                return try await connection.query("SELECT fault FROM routing_fault").decode(String.self)
            }
            #expect(faults.contains(fault))
        }
    }
}
