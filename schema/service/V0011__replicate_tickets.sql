-- Tickets in libraries' replicas: questions by email that have not ended.
--
-- A ticket is a live session on a queue of the channel email. It has a row of its own beside the desk's, so that what
-- the desk does with chats, thousands of times a second, pays nothing for it: a chat's row is looked at once, when it is
-- created or goes to another queue; the triggers for all else fire for tickets alone.

ALTER TABLE live_session ADD COLUMN is_ticket boolean NOT NULL DEFAULT false;

CREATE TABLE ticket (
    consortium_id  text COLLATE "C" NOT NULL,
    session_number bigint NOT NULL,
    queue_id       text COLLATE "C" NOT NULL,
    -- The patron's.
    library_id     text COLLATE "C",
    -- Who has it.
    operator_id    text COLLATE "C",
    state          text NOT NULL CHECK (state IN ('waiting', 'offered', 'held', 'writing_up')),
    created_at     timestamptz NOT NULL,
    -- When the patron was told to have an answer by; null where the queue does not open for long enough.
    due_at         timestamptz,
    note           text NOT NULL,
    -- Who may see it: the patron's library, and those whose operators have it or are to take it.
    libraries      text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (consortium_id, session_number),
    CONSTRAINT held_ticket_has_an_operator CHECK ((operator_id IS NOT NULL) = (state IN ('held', 'writing_up')))
) WITH (fillfactor = 70);

-- When so many seconds have passed in which a queue is open, as the desk tells patrons; null if they do not in two
-- months. Of the two hours that clocks go through twice in autumn the later one counts.
CREATE FUNCTION answer_due(consortium text, queue text, since timestamptz) RETURNS timestamptz
STABLE LANGUAGE sql AS $$
    SELECT t.ends - (t.passed - make_interval(secs => q.answer_seconds))
    FROM queue AS q CROSS JOIN LATERAL (
        SELECT s.starts, s.ends, sum(s.ends - s.starts) OVER (ORDER BY s.starts) AS passed
        FROM consortium AS c
            CROSS JOIN generate_series(0, 60) AS n
            CROSS JOIN LATERAL (SELECT (answer_due.since AT TIME ZONE c.time_zone)::date + n AS on_day) AS d
            JOIN opening_hours AS h ON h.consortium_id = c.consortium_id AND h.queue_id = answer_due.queue
                AND h.weekday = extract(isodow FROM d.on_day) - 1
            CROSS JOIN LATERAL (SELECT
                greatest(answer_due.since, (d.on_day + make_interval(mins => h.opens)) AT TIME ZONE c.time_zone)
                    AS starts,
                (d.on_day + make_interval(mins => h.closes)) AT TIME ZONE c.time_zone AS ends) AS s
        WHERE c.consortium_id = answer_due.consortium AND s.starts < s.ends AND NOT EXISTS (
            SELECT FROM closure AS x WHERE x.consortium_id = c.consortium_id AND x.library_id IS NULL
                AND x.closed_on = d.on_day)
    ) AS t
    WHERE q.consortium_id = answer_due.consortium AND q.queue_id = answer_due.queue
        AND t.passed >= make_interval(secs => q.answer_seconds)
    ORDER BY t.starts LIMIT 1
$$;

-- The libraries that may see a ticket. A wish is written as the desk writes it: operator=id=seconds, library=id=seconds.
CREATE FUNCTION ticket_libraries(l live_session, patrons text) RETURNS text[] STABLE LANGUAGE sql AS $$
    SELECT coalesce(array_agg(library_id::text ORDER BY library_id), '{}') FROM library
    WHERE consortium_id = l.consortium_id AND library_id IN (
        SELECT patrons
        UNION ALL
        SELECT split_part(l.wish, '=', 2) WHERE split_part(l.wish, '=', 1) = 'library'
        UNION ALL
        SELECT o.library_id FROM operator AS o WHERE o.consortium_id = l.consortium_id AND o.operator_id IN (
            SELECT l.operator_id
            UNION ALL
            SELECT split_part(l.wish, '=', 2) WHERE split_part(l.wish, '=', 1) = 'operator'
            UNION ALL
            SELECT s.operator_id FROM seat AS s WHERE s.consortium_id = l.consortium_id
                AND s.session_number = l.session_number AND s.claim = 'offered'))
$$;

-- Writes a ticket as its live session is now. A row that stays as it was is left alone.
CREATE FUNCTION put_ticket(l live_session) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    asked session;
    known ticket;
    put   ticket;
BEGIN
    SELECT * INTO asked FROM session AS s
    WHERE s.consortium_id = l.consortium_id AND s.session_number = l.session_number;
    SELECT * INTO known FROM ticket AS t
    WHERE t.consortium_id = l.consortium_id AND t.session_number = l.session_number;
    put := ROW(l.consortium_id, l.session_number, l.queue_id, asked.library_id, l.operator_id,
        CASE WHEN l.wrap_up_until IS NOT NULL THEN 'writing_up' WHEN l.operator_id IS NOT NULL THEN 'held'
            WHEN EXISTS (SELECT FROM seat AS s WHERE s.consortium_id = l.consortium_id
                AND s.session_number = l.session_number AND s.claim = 'offered') THEN 'offered'
            ELSE 'waiting' END,
        asked.created_at,
        CASE WHEN known.queue_id = l.queue_id THEN known.due_at
            ELSE answer_due(l.consortium_id, l.queue_id, asked.created_at) END,
        asked.note, ticket_libraries(l, asked.library_id));
    IF known.session_number IS NULL THEN
        INSERT INTO ticket SELECT (put).*;
    ELSIF put IS DISTINCT FROM known THEN
        UPDATE ticket SET queue_id = put.queue_id, operator_id = put.operator_id, state = put.state,
            due_at = put.due_at, libraries = put.libraries
        WHERE consortium_id = l.consortium_id AND session_number = l.session_number;
    END IF;
END;
$$;

-- A session that is created is a ticket if its queue's channel says so.
CREATE FUNCTION mark_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_ticket := EXISTS (SELECT FROM queue
        WHERE consortium_id = NEW.consortium_id AND queue_id = NEW.queue_id AND channel = 'email');
    RETURN NEW;
END;
$$;
CREATE TRIGGER mark_ticket BEFORE INSERT ON live_session FOR EACH ROW EXECUTE FUNCTION mark_ticket();

-- Replicas hear of what is committed. The desk may commit before that is on disk, and tells people later; a server that
-- crashes in between forgets it, and replicas would not. So what they are told of is on disk when others see it.
CREATE FUNCTION record_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_email boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        SET LOCAL synchronous_commit TO DEFAULT;
        DELETE FROM ticket WHERE consortium_id = OLD.consortium_id AND session_number = OLD.session_number;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.queue_id <> NEW.queue_id THEN
        SELECT channel = 'email' INTO is_email FROM queue
        WHERE consortium_id = NEW.consortium_id AND queue_id = NEW.queue_id;
        IF is_email <> NEW.is_ticket THEN
            -- Fires this anew, for a row whose queue stays.
            UPDATE live_session SET is_ticket = is_email
            WHERE consortium_id = NEW.consortium_id AND session_number = NEW.session_number;
            RETURN NULL;
        END IF;
    END IF;
    IF NEW.is_ticket THEN
        SET LOCAL synchronous_commit TO DEFAULT;
        PERFORM put_ticket(NEW);
    ELSIF OLD.is_ticket THEN
        SET LOCAL synchronous_commit TO DEFAULT;
        DELETE FROM ticket WHERE consortium_id = NEW.consortium_id AND session_number = NEW.session_number;
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER record_new_ticket AFTER INSERT ON live_session FOR EACH ROW
    WHEN (NEW.is_ticket) EXECUTE FUNCTION record_ticket();
CREATE TRIGGER record_ticket AFTER UPDATE ON live_session FOR EACH ROW
    WHEN (OLD.is_ticket OR NEW.is_ticket OR OLD.queue_id <> NEW.queue_id) EXECUTE FUNCTION record_ticket();
CREATE TRIGGER record_ended_ticket AFTER DELETE ON live_session FOR EACH ROW
    WHEN (OLD.is_ticket) EXECUTE FUNCTION record_ticket();

-- An operator who moves takes along the tickets that are theirs; a queue whose channel changes makes tickets of its
-- sessions, or chats of them. Whoever writes to the desk's tables holds the desk's head, so these wait for it: at the
-- end of their transactions, so that the desk does not wait for an import.
CREATE FUNCTION move_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM routing_head WHERE consortium_id = NEW.consortium_id FOR UPDATE;
    PERFORM put_ticket(l) FROM ticket AS t JOIN live_session AS l USING (consortium_id, session_number)
    WHERE t.consortium_id = NEW.consortium_id AND OLD.library_id = ANY (t.libraries);
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER move_tickets AFTER UPDATE ON operator DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.library_id <> NEW.library_id) EXECUTE FUNCTION move_tickets();

CREATE FUNCTION turn_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM routing_head WHERE consortium_id = NEW.consortium_id FOR UPDATE;
    UPDATE live_session AS l SET is_ticket = (q.channel = 'email') FROM queue AS q
    WHERE l.consortium_id = NEW.consortium_id AND l.queue_id = NEW.queue_id
        AND q.consortium_id = NEW.consortium_id AND q.queue_id = NEW.queue_id
        AND l.is_ticket <> (q.channel = 'email');
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER turn_tickets AFTER UPDATE ON queue DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.channel <> NEW.channel) EXECUTE FUNCTION turn_tickets();

-- Each library that sees a ticket, or saw it before, hears of what changes.
CREATE TRIGGER record_inserts AFTER INSERT ON ticket REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_change('ticket', 'ARRAY[r.session_number::text]', 'r.libraries');
CREATE TRIGGER record_deletes AFTER DELETE ON ticket REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_change('ticket', 'ARRAY[r.session_number::text]', 'r.libraries');
CREATE TRIGGER record_updates AFTER UPDATE ON ticket REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_change('ticket', 'ARRAY[r.session_number::text]', 'r.libraries');

-- The desk looks every few seconds whether the newest change of what it looks things up in is one that it knows: not
-- through all changes of tickets that came behind it.
CREATE INDEX change_log_of_the_book ON change_log (consortium_id, transaction_id, change_number)
    WHERE table_name NOT IN ('swap_request', 'shift_decline', 'intent_outcome', 'ticket');

-- Those that are open now enter the log like new ones: replicas that are in step go on.
UPDATE live_session AS l SET is_ticket = true FROM queue AS q
WHERE q.consortium_id = l.consortium_id AND q.queue_id = l.queue_id AND q.channel = 'email';

ALTER TABLE ticket ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON ticket TO coverdesk_replica;
CREATE POLICY service_sees_all ON ticket USING (current_user <> 'coverdesk_replica');
CREATE POLICY replica_sees_its_library ON ticket FOR SELECT TO coverdesk_replica
    USING (consortium_id = (SELECT replica.own_consortium()) AND (SELECT replica.own_library()) = ANY (libraries));

CREATE VIEW replica.ticket WITH (security_invoker = true) AS
SELECT session_number, queue_id, library_id, operator_id, state, extract(epoch FROM created_at)::bigint AS created_at,
    extract(epoch FROM due_at)::bigint AS due_at, note
FROM ticket WHERE consortium_id = replica.own_consortium() AND replica.own_library() = ANY (libraries);
GRANT SELECT ON replica.ticket TO coverdesk_replica;

-- For looking changed closures up: their keys as replicas have them are in no index.
CREATE INDEX closure_by_date ON closure (consortium_id, closed_on);
CREATE OR REPLACE VIEW replica.closure AS
SELECT coalesce(library_id, '')::text AS library_id, to_char(closed_on, 'YYYY-MM-DD') AS closed_on, reason,
    closed_on AS closed_date
FROM closure WHERE consortium_id = replica.own_consortium();
