-- The desk: who is present, which sessions are live, what happened, and how queues are routed.
--
-- Whoever changes any of it first takes the consortium's row of routing_head, so changes of one consortium come one
-- after the other, each a short transaction with many decisions. The constraints hold without that too.
--
-- Live rows are few and change often; they are kept apart from those of ended sessions, of which there are millions
-- and which are never touched again. Pages of live tables leave room for the new versions of rows, so that most
-- changes touch no index, and are vacuumed early. No foreign key stands between them and the table of all sessions: each
-- would be checked row by row in every batch, and routing_fault at the end of this file tells the same. For the same
-- reason their ids are plain texts: they were checked where they were given.

-- What counts the consortium's sessions, events and batches of decisions. Numbers are given while the row is locked and
-- so become visible in their order: a reader of events can go on after the last number that it has seen.
CREATE TABLE routing_head (
    consortium_id identifier PRIMARY KEY REFERENCES consortium,
    last_batch    bigint NOT NULL DEFAULT 0 CHECK (last_batch >= 0),
    -- Drawn anew by each batch: tells two histories apart that have the same number.
    batch_token   bigint NOT NULL DEFAULT 0,
    last_event    bigint NOT NULL DEFAULT 0 CHECK (last_event >= 0),
    last_session  bigint NOT NULL DEFAULT 0 CHECK (last_session >= 0),
    -- When the last batch was decided. No batch is decided at an earlier time, whatever its node's clock says.
    decided_at    timestamptz NOT NULL DEFAULT to_timestamp(0)
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);

-- What each batch has touched, so that another process that follows the desk reads no more than that anew. Kept for a
-- while only.
CREATE TABLE routing_batch (
    consortium_id text COLLATE "C" NOT NULL,
    batch_number  bigint NOT NULL,
    batch_token   bigint NOT NULL,
    decided_at    timestamptz NOT NULL,
    sessions      bigint[] NOT NULL,
    operators     text[] NOT NULL,
    PRIMARY KEY (consortium_id, batch_number)
);

CREATE TABLE queue_routing (
    consortium_id      identifier NOT NULL,
    queue_id           identifier NOT NULL,
    -- Rungs in the order of trying, each with the seconds after which it opens.
    rungs              text[] NOT NULL,
    opens_after        integer[] NOT NULL,
    rings_at_once      integer NOT NULL DEFAULT 1 CHECK (rings_at_once BETWEEN 1 AND 10),
    accept_seconds     integer NOT NULL DEFAULT 30 CHECK (accept_seconds BETWEEN 1 AND 86400),
    ask_again_seconds  integer NOT NULL DEFAULT 60 CHECK (ask_again_seconds BETWEEN 1 AND 86400),
    check_back_seconds integer NOT NULL DEFAULT 300 CHECK (check_back_seconds BETWEEN 1 AND 604800),
    grace_seconds      integer NOT NULL DEFAULT 60 CHECK (grace_seconds BETWEEN 1 AND 86400),
    wrap_up_seconds    integer NOT NULL DEFAULT 120 CHECK (wrap_up_seconds BETWEEN 1 AND 86400),
    handle_seconds     integer NOT NULL DEFAULT 600 CHECK (handle_seconds BETWEEN 1 AND 604800),
    email_queue_id     identifier,
    partner_name       text,
    partner_contact    text,
    PRIMARY KEY (consortium_id, queue_id),
    FOREIGN KEY (consortium_id, queue_id) REFERENCES queue ON DELETE CASCADE,
    FOREIGN KEY (consortium_id, email_queue_id) REFERENCES queue ON DELETE SET NULL (email_queue_id),
    CONSTRAINT ladder_has_known_rungs CHECK (
        rungs <@ ARRAY['own_library', 'other_libraries', 'overflow', 'partner', 'email']),
    CONSTRAINT ladder_times_each_rung CHECK (cardinality(rungs) = cardinality(opens_after)),
    CONSTRAINT partner_is_whole CHECK ((partner_name IS NULL) = (partner_contact IS NULL))
);

-- When a library answers its telephone.
CREATE TABLE library_hours (
    consortium_id identifier NOT NULL,
    library_id    identifier NOT NULL,
    weekday       smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    -- Minutes by the wall clock of the library.
    opens         smallint NOT NULL CHECK (opens BETWEEN 0 AND 1439),
    closes        smallint NOT NULL CHECK (closes BETWEEN 1 AND 1440),
    PRIMARY KEY (consortium_id, library_id, weekday, opens),
    FOREIGN KEY (consortium_id, library_id) REFERENCES library ON DELETE CASCADE,
    CHECK (opens < closes)
);

-- Processes that route read both anew when they change.
DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY['queue_routing', 'library_hours'] LOOP
        EXECUTE format('CREATE TRIGGER record_inserts AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_inserts()', watched);
        EXECUTE format('CREATE TRIGGER record_deletes AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_deletes()', watched);
        EXECUTE format('CREATE TRIGGER record_update AFTER UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION record_update()', watched);
    END LOOP;
END;
$$;

CREATE TABLE presence (
    consortium_id identifier NOT NULL,
    operator_id   identifier NOT NULL,
    availability  text NOT NULL CHECK (availability IN ('available', 'busy', 'away')),
    channels      text[] NOT NULL CHECK (channels <@ ARRAY['chat', 'email']),
    -- Null is every queue that the operator's skills allow.
    queues        text[],
    seat_count    integer NOT NULL CHECK (seat_count BETWEEN 1 AND 50),
    is_willing    boolean NOT NULL,
    languages     text[] NOT NULL,
    lease_until   timestamptz NOT NULL,
    -- Set while the operator is gone with sessions in hand.
    grace_until   timestamptz,
    -- The event that began the presence: the smaller, the longer idle. What has freed a seat since is with the seat.
    idle_since    bigint NOT NULL,
    PRIMARY KEY (consortium_id, operator_id),
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator
) WITH (fillfactor = 60, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.05);

-- Every session there has been. Its number, origin and key stay; how it ended is written once.
CREATE TABLE session (
    consortium_id  text COLLATE "C" NOT NULL,
    session_number bigint NOT NULL,
    -- The program that patrons chat through, and its own id of the session.
    chat_server_id text COLLATE "C" NOT NULL,
    external_id    text COLLATE "C" NOT NULL,
    -- Where it was asked; a live session may have gone to another queue since.
    queue_id       text COLLATE "C" NOT NULL,
    library_id     text COLLATE "C",
    language       text,
    note           text NOT NULL,
    created_at     timestamptz NOT NULL,
    outcome        text CHECK (outcome IN (
        'answered', 'referred', 'abandoned', 'patron_left', 'partner', 'spam', 'unrecorded')),
    ended_at       timestamptz,
    operator_id    text COLLATE "C",
    PRIMARY KEY (consortium_id, session_number),
    CONSTRAINT session_end_is_whole CHECK ((outcome IS NULL) = (ended_at IS NULL))
) WITH (fillfactor = 85);

-- The keys of all creations. A table of its own, so that session has one index alone, by which its rows are found
-- whatever the planner thinks of it.
CREATE TABLE session_key (
    consortium_id  text COLLATE "C" NOT NULL,
    chat_server_id text COLLATE "C" NOT NULL,
    external_id    text COLLATE "C" NOT NULL,
    session_number bigint NOT NULL,
    CONSTRAINT one_session_per_key PRIMARY KEY (consortium_id, chat_server_id, external_id)
);

-- The sessions that have not ended. Each is with an operator or has a place in line, never neither and never both.
CREATE TABLE live_session (
    consortium_id   text COLLATE "C" NOT NULL,
    session_number  bigint NOT NULL,
    queue_id        text COLLATE "C" NOT NULL,
    -- The place in line: those at the front first, then by time, then by number.
    line_front      boolean,
    line_since      timestamptz,
    operator_id     text COLLATE "C",
    seat_number     integer,
    -- Set once the patron has left and the operator writes up.
    wrap_up_until   timestamptz,
    active_at       timestamptz NOT NULL,
    checked_back_at timestamptz,
    -- Operators not to be asked for a while: operator=reason=seconds since 1970, with spaces between.
    passed          text NOT NULL,
    -- Whom it was transferred to: operator=id=seconds or library=id=seconds.
    wish            text,
    -- The rungs without operators that have opened for it, with spaces between.
    fallbacks       text NOT NULL,
    PRIMARY KEY (consortium_id, session_number),
    CONSTRAINT live_session_is_somewhere CHECK (
        (operator_id IS NULL) = (line_since IS NOT NULL) AND (line_since IS NULL) = (line_front IS NULL)),
    CONSTRAINT held_session_has_a_seat CHECK ((operator_id IS NULL) = (seat_number IS NULL)),
    CONSTRAINT only_the_held_is_written_up CHECK (wrap_up_until IS NULL OR operator_id IS NOT NULL)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.05);

-- A seat is a row, with at most one session. What is offered claims it until the offer's end, what is held until then.
CREATE TABLE seat (
    consortium_id  text COLLATE "C" NOT NULL,
    operator_id    text COLLATE "C" NOT NULL,
    seat_number    integer NOT NULL CHECK (seat_number BETWEEN 1 AND 50),
    claim          text CHECK (claim IN ('offered', 'held')),
    session_number bigint,
    -- Of an offer.
    rung           text CHECK (rung IN ('own_library', 'other_libraries', 'overflow')),
    made_at        timestamptz,
    accept_by      timestamptz,
    -- The event before which it came free last.
    freed_at_event bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (consortium_id, operator_id, seat_number),
    -- Who has left has no seats: the rows go with the presence.
    FOREIGN KEY (consortium_id, operator_id) REFERENCES presence ON DELETE CASCADE,
    CONSTRAINT claim_names_its_session CHECK ((claim IS NULL) = (session_number IS NULL)),
    CONSTRAINT offer_is_whole CHECK (
        (claim IS NOT DISTINCT FROM 'offered') = (rung IS NOT NULL)
        AND (rung IS NULL) = (made_at IS NULL) AND (rung IS NULL) = (accept_by IS NULL))
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.05);
CREATE UNIQUE INDEX one_operator_a_session ON seat (consortium_id, session_number) WHERE claim = 'held';
CREATE UNIQUE INDEX one_offer_an_operator ON seat (consortium_id, session_number, operator_id) WHERE claim = 'offered';

-- What happened, in order and without a gap.
CREATE TABLE session_event (
    consortium_id  text COLLATE "C" NOT NULL,
    event_number   bigint NOT NULL,
    at             timestamptz NOT NULL,
    kind           text NOT NULL,
    session_number bigint,
    operator_id    text COLLATE "C",
    queue_id       text COLLATE "C",
    details        json NOT NULL,
    PRIMARY KEY (consortium_id, event_number)
);
CREATE INDEX session_event_by_session ON session_event (consortium_id, session_number, event_number)
    WHERE session_number IS NOT NULL;

-- Requests that carry a key of their own, so that each has its effect once. A creation's key is in session_key.
CREATE TABLE request_key (
    consortium_id  text COLLATE "C" NOT NULL,
    chat_server_id text COLLATE "C" NOT NULL,
    key            text COLLATE "C" NOT NULL,
    -- What was asked, so that another request with the same key is told so.
    request        text NOT NULL,
    session_number bigint,
    operator_id    text COLLATE "C",
    at             timestamptz NOT NULL,
    CONSTRAINT one_effect_per_key PRIMARY KEY (consortium_id, chat_server_id, key)
);
CREATE INDEX request_key_by_time ON request_key (consortium_id, at);

-- Operators whom the plan has on shift and who are not there.
CREATE TABLE live_gap (
    consortium_id text COLLATE "C" NOT NULL,
    operator_id   text COLLATE "C" NOT NULL,
    queue_id      text COLLATE "C" NOT NULL,
    shift         tstzrange NOT NULL,
    PRIMARY KEY (consortium_id, operator_id, queue_id, shift)
);

-- Every broken promise that the constraints cannot see, one row each: empty, or something is wrong.
CREATE VIEW routing_fault AS
SELECT l.consortium_id, 'a held session that its seat does not hold' AS fault, l.session_number, l.operator_id
FROM live_session AS l LEFT JOIN seat AS s ON s.consortium_id = l.consortium_id AND s.operator_id = l.operator_id
    AND s.seat_number = l.seat_number AND s.claim = 'held' AND s.session_number = l.session_number
WHERE l.operator_id IS NOT NULL AND s.session_number IS NULL
UNION ALL
SELECT s.consortium_id, 'a seat that holds a session that is not there', s.session_number, s.operator_id
FROM seat AS s LEFT JOIN live_session AS l ON l.consortium_id = s.consortium_id
    AND l.session_number = s.session_number AND l.operator_id = s.operator_id AND l.seat_number = s.seat_number
WHERE s.claim = 'held' AND l.session_number IS NULL
UNION ALL
SELECT s.consortium_id, 'an offer of a session that is not in line', s.session_number, s.operator_id
FROM seat AS s LEFT JOIN live_session AS l ON l.consortium_id = s.consortium_id
    AND l.session_number = s.session_number AND l.line_since IS NOT NULL
WHERE s.claim = 'offered' AND l.session_number IS NULL
UNION ALL
SELECT l.consortium_id, 'a live session that has ended, or was never created', l.session_number, NULL
FROM live_session AS l LEFT JOIN session AS s USING (consortium_id, session_number)
WHERE s.session_number IS NULL OR s.outcome IS NOT NULL
UNION ALL
SELECT s.consortium_id, 'a session that has neither ended nor is live', s.session_number, NULL
FROM session AS s LEFT JOIN live_session AS l USING (consortium_id, session_number)
WHERE s.outcome IS NULL AND l.session_number IS NULL
UNION ALL
SELECT s.consortium_id, 'a session whose key is not its own', s.session_number, NULL
FROM session AS s LEFT JOIN session_key AS k USING (consortium_id, chat_server_id, external_id)
WHERE k.session_number IS DISTINCT FROM s.session_number
UNION ALL
SELECT consortium_id, 'more offers than seats', NULL, operator_id
FROM seat JOIN presence USING (consortium_id, operator_id)
WHERE seat_number > seat_count AND claim = 'offered';
