import Answering
import Coverage
import PostgresClient
import PrivateCluster
import Routing
import Storage

/// The consortium that is measured: forty libraries, a queue that is always open, nobody on shift.
struct Stage {
    let operators: Int
    let past: Int

    static let consortium = Consortium.ID("main")
    private static let libraries = 40

    static func library(_ number: Int) -> Library.ID {
        Library.ID("library-\(number % libraries)")
    }

    /// Of the server, over what benchmarks have in common.
    static let settings = ["shared_buffers": "512MB", "max_wal_size": "4GB", "max_connections": "300"]

    /// What pgbench does in each transaction.
    static let update = """
        \\set id random(1, 100000)
        UPDATE measured SET value = value + 1 WHERE id = :id;
        """

    /// Makes the tables and fills them.
    func set(on cluster: PostgresCluster) async throws {
        let configuration = try PostgresConfiguration(connectionString: cluster.connectionString())
        try await PostgresConnection.withConnection(configuration) { connection in
            _ = try await SchemaMigrator().migrate(connection)
            try await connection.executeScript(sql)
        }
        try await cluster.execute("VACUUM ANALYZE")
    }

    /// How many promises the database finds broken.
    static func faultCount(on cluster: PostgresCluster) async throws -> Int {
        let configuration = try PostgresConfiguration(connectionString: cluster.connectionString())
        return try await PostgresConnection.withConnection(configuration) { connection in
            try await connection.query("SELECT count(*) FROM routing_fault").single().decode(Int.self)
        }
    }

    static func operatorID(_ number: Int) -> Operator.ID { Operator.ID("operator-\(number)") }

    /// Everything but the operators' presence, and the table that pgbench changes.
    var sql: String {
        """
        INSERT INTO consortium VALUES ('main', 'Measured', 'America/New_York', 60, '2026-10-26', 4);
        INSERT INTO library SELECT 'main', 'library-' || n, 'Library ' || n, 'public', 'America/New_York', 10,
            '+1-410-555-0100', '', '' FROM generate_series(0, \(Self.libraries - 1)) AS n;
        INSERT INTO operator SELECT 'main', 'operator-' || n, 'library-' || n % \(Self.libraries),
            'Operator ' || n, '', 20, 8, 2 FROM generate_series(0, \(operators - 1)) AS n;
        INSERT INTO operator_skill SELECT 'main', 'operator-' || n, 'general'
        FROM generate_series(0, \(operators - 1)) AS n;
        INSERT INTO queue VALUES ('main', 'ask', 'Ask', 'chat', 'general', 60, 240, 30, 0.8, 1),
            ('main', 'mail', 'Mail', 'email', 'general', 60, 240, 86400, 0.8, 1);
        INSERT INTO opening_hours SELECT 'main', queue, day, 0, 1440
        FROM unnest(ARRAY['ask', 'mail']) AS queue, generate_series(0, 6) AS day;
        \(past > 0 ? pastSQL : "")
        INSERT INTO routing_head (consortium_id, last_event, last_session) VALUES ('main', \(past * 4), \(past));
        CREATE TABLE measured (id integer PRIMARY KEY, value integer NOT NULL) WITH (fillfactor = 90);
        INSERT INTO measured SELECT n, 0 FROM generate_series(1, 100000) AS n;
        """
    }

    // MARK: The past

    /// Sessions of the past, as they leave their rows behind: one, its key and four events.
    ///
    /// Indexes are made when the rows are there: with them in the way it takes several times as long.
    private var pastSQL: String {
        """
        CREATE TEMPORARY TABLE left_off AS
        SELECT conrelid::regclass::text AS relation, conname AS name, true AS is_constraint,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS sql
        FROM pg_constraint WHERE contype = 'p' AND conrelid = ANY(\(Self.pastTables))
        UNION ALL
        SELECT indrelid::regclass::text, indexrelid::regclass::text, false, pg_get_indexdef(indexrelid)
        FROM pg_index WHERE NOT indisprimary AND indrelid = ANY(\(Self.pastTables));
        SET maintenance_work_mem = '512MB';
        DO $$ DECLARE one record; BEGIN
            FOR one IN SELECT * FROM left_off LOOP
                EXECUTE CASE WHEN one.is_constraint THEN format('ALTER TABLE %s DROP CONSTRAINT %I', one.relation, one.name)
                    ELSE format('DROP INDEX %s', one.name) END;
            END LOOP;
        END $$;
        INSERT INTO session SELECT 'main', n, 'chat.example.org', 'past ' || md5(n::text), 'ask',
            'library-' || n % \(Self.libraries), NULL, '', now() - n * interval '10 seconds', 'answered', now(),
            'operator-' || n % \(operators) FROM generate_series(1, \(past)) AS n;
        INSERT INTO session_key SELECT consortium_id, chat_server_id, external_id, session_number FROM session;
        INSERT INTO session_event SELECT 'main', (n - 1) * 4 + k, now(),
            (ARRAY['created', 'offered', 'accepted', 'ended'])[k], n, NULL, 'ask', '{}'
        FROM generate_series(1, \(past)) AS n, generate_series(1, 4) AS k;
        DO $$ DECLARE one record; BEGIN
            FOR one IN SELECT * FROM left_off LOOP EXECUTE one.sql; END LOOP;
        END $$;
        DROP TABLE left_off;
        """
    }

    private static let pastTables =
        "ARRAY['session', 'session_key', 'session_event']::regclass[]"

    /// Has every operator say that they are here, with four seats, for an hour.
    func bringOperators(to desk: Desk) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<operators {
                group.addTask {
                    _ = try await desk.perform(
                        .setPresence(NewPresence(operator: Self.operatorID(number), seats: 4, leaseSeconds: 3600)))
                }
            }
            try await group.waitForAll()
        }
    }
}
