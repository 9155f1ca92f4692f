/// The consortium of a storm: one queue that rings two operators at once, and one for email, both always open; few
/// operators, and times so short that offers run out and leases lapse while it blows.
enum StormStage {
    static let consortium = "storm"
    static let queue = "ask"
    static let email = "mail"
    static let libraryCount = 4
    static let operatorCount = 12

    static func operatorID(_ number: Int) -> String { "operator-\(number)" }
    static func libraryID(_ number: Int) -> String { "library-\(number)" }

    static let sql = """
        INSERT INTO consortium VALUES ('storm', 'Storm', 'America/New_York', 60, '2026-10-26', 4);
        INSERT INTO library SELECT 'storm', 'library-' || n, 'Library ' || n, 'public', 'America/New_York', 10,
            '+1-410-555-0100', '', '' FROM generate_series(0, \(libraryCount - 1)) AS n;
        INSERT INTO operator SELECT 'storm', 'operator-' || n, 'library-' || n % \(libraryCount),
            'Operator ' || n, '', 20, 8, 2 FROM generate_series(0, \(operatorCount - 1)) AS n;
        INSERT INTO operator_skill SELECT 'storm', 'operator-' || n, 'general'
        FROM generate_series(0, \(operatorCount - 1)) AS n;
        INSERT INTO queue VALUES ('storm', 'ask', 'Ask', 'chat', 'general', 60, 240, 30, 0.8, 1),
            ('storm', 'mail', 'Mail', 'email', 'general', 60, 240, 86400, 0.8, 1);
        INSERT INTO opening_hours SELECT 'storm', queue, day, 0, 1440
        FROM unnest(ARRAY['ask', 'mail']) AS queue, generate_series(0, 6) AS day;
        INSERT INTO queue_routing (consortium_id, queue_id, rungs, opens_after, rings_at_once, accept_seconds,
            ask_again_seconds, check_back_seconds, grace_seconds, wrap_up_seconds, email_queue_id)
        VALUES ('storm', 'ask', ARRAY['own_library', 'other_libraries', 'overflow', 'email'], ARRAY[0, 1, 1, 5], 2, 2,
            1, 2, 2, 2, 'mail'),
            ('storm', 'mail', ARRAY['own_library', 'other_libraries', 'overflow'], ARRAY[0, 1, 1], 1, 3, 1, 4, 3, 2,
            NULL);
        """
}
