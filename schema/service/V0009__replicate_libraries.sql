-- What each library's replica holds: what it sees of the tables, what changed since it last looked, and what it asked
-- for while it was away.

-- Tokens of replicas see one library's scope, and open nothing else: a token either belongs to a library or may not
-- read its replica.
ALTER TABLE api_token ADD COLUMN library_id identifier;
ALTER TABLE api_token ADD FOREIGN KEY (consortium_id, library_id) REFERENCES library;
ALTER TABLE api_token DROP CONSTRAINT api_token_scopes_check;
ALTER TABLE api_token ADD CONSTRAINT api_token_scopes_check CHECK (
    cardinality(scopes) >= 1 AND array_position(scopes, NULL) IS NULL
    AND scopes <@ ARRAY['sessions:write', 'sessions:read', 'presence:write', 'events:read', 'policy:read',
        'policy:write', 'webhooks', 'settings:read', 'settings:write', 'replica:read', 'replica:write']);
ALTER TABLE api_token ADD CONSTRAINT replica_token_has_a_library CHECK (
    CASE WHEN library_id IS NULL THEN NOT scopes && ARRAY['replica:read', 'replica:write']
        ELSE scopes <@ ARRAY['replica:read', 'replica:write'] END);

-- An operator's wish to give a shift to a colleague, or to exchange it for another.
CREATE TABLE swap_request (
    consortium_id     identifier NOT NULL,
    -- The intent that asked for it.
    request_id        uuid NOT NULL,
    plan_number       integer NOT NULL,
    shift_number      integer NOT NULL,
    operator_id       identifier NOT NULL,
    library_id        identifier NOT NULL,
    -- Null is anybody who can.
    with_plan_number  integer,
    with_shift_number integer,
    with_library_id   identifier,
    state             text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'agreed', 'refused', 'withdrawn')),
    reason            text NOT NULL,
    made_at           timestamptz NOT NULL,
    PRIMARY KEY (consortium_id, request_id),
    FOREIGN KEY (consortium_id, plan_number) REFERENCES plan,
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator,
    FOREIGN KEY (consortium_id, library_id) REFERENCES library,
    CONSTRAINT swap_names_a_whole_shift CHECK (
        (with_plan_number IS NULL) = (with_shift_number IS NULL)
        AND (with_plan_number IS NULL) = (with_library_id IS NULL))
);
-- One wish at a time for a shift.
CREATE UNIQUE INDEX one_open_swap_a_shift ON swap_request (consortium_id, plan_number, shift_number)
    WHERE state = 'open';
CREATE INDEX swap_request_by_library ON swap_request (consortium_id, library_id);
CREATE INDEX swap_request_by_other_library ON swap_request (consortium_id, with_library_id);
CREATE INDEX swap_request_by_operator ON swap_request (consortium_id, operator_id);

-- An operator's word that a shift cannot be worked; it stays theirs until a coordinator or a colleague takes it.
CREATE TABLE shift_decline (
    consortium_id identifier NOT NULL,
    request_id    uuid NOT NULL,
    plan_number   integer NOT NULL,
    shift_number  integer NOT NULL,
    operator_id   identifier NOT NULL,
    library_id    identifier NOT NULL,
    reason        text NOT NULL,
    state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'refused', 'withdrawn')),
    made_at       timestamptz NOT NULL,
    PRIMARY KEY (consortium_id, request_id),
    FOREIGN KEY (consortium_id, plan_number) REFERENCES plan,
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator,
    FOREIGN KEY (consortium_id, library_id) REFERENCES library
);
CREATE UNIQUE INDEX one_open_decline_a_shift ON shift_decline (consortium_id, plan_number, shift_number)
    WHERE state = 'open';
CREATE INDEX shift_decline_by_library ON shift_decline (consortium_id, library_id);
CREATE INDEX shift_decline_by_operator ON shift_decline (consortium_id, operator_id);

-- What libraries asked for and what became of it: the key makes each have its effect once, however often it is sent.
CREATE TABLE intent (
    consortium_id identifier NOT NULL,
    library_id    identifier NOT NULL,
    intent_id     uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('absence_add', 'shift_decline', 'swap_request')),
    -- What was asked, so that something else with the same id is found out.
    request       jsonb NOT NULL CHECK (jsonb_typeof(request) = 'object'),
    state         text NOT NULL CHECK (state IN ('applied', 'rejected', 'conflicting')),
    -- For people; empty where it was applied.
    reason        text NOT NULL,
    -- What a conflicting intent's subject is now.
    theirs        jsonb,
    decided_at    timestamptz NOT NULL,
    PRIMARY KEY (consortium_id, library_id, intent_id),
    FOREIGN KEY (consortium_id, library_id) REFERENCES library,
    CONSTRAINT conflict_shows_both_sides CHECK ((state = 'conflicting') = (theirs IS NOT NULL)),
    CONSTRAINT refusal_has_a_reason CHECK (state = 'applied' OR reason <> '')
);

-- What changed: which rows, and which libraries are to hear of it. What a row is now, the tables say.
--
-- A reader keeps the snapshot up to which it has read. What is new to it is what that snapshot did not show:
-- transactions that ran then, and those that began since. Transactions may commit in any order; nothing is skipped, and
-- none waits for another.
TRUNCATE change_log;
ALTER TABLE change_log DROP COLUMN old_row, DROP COLUMN new_row;
ALTER TABLE change_log
    -- The row's key as replicas write it, unescaped.
    ADD COLUMN row_key text[] NOT NULL,
    -- Whom it concerns; null is all libraries.
    ADD COLUMN library_id identifier,
    ADD COLUMN at timestamptz NOT NULL DEFAULT now();

-- Changes by transactions before this one are no longer there: who has not seen them starts anew.
CREATE TABLE change_horizon (
    consortium_id  identifier PRIMARY KEY REFERENCES consortium,
    transaction_id xid8 NOT NULL
);

-- Tells databases apart, whose transactions' numbers mean nothing to each other.
CREATE TABLE database_identity (
    database_id uuid NOT NULL,
    is_only     boolean PRIMARY KEY DEFAULT true CHECK (is_only)
);
INSERT INTO database_identity (database_id) VALUES (gen_random_uuid());

CREATE OR REPLACE FUNCTION announce_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The consortium, and the library if it concerns only that one: `two` or `two/pub01`.
    PERFORM pg_notify('coverdesk_change', consortium_id || coalesce('/' || library_id, ''))
    FROM (SELECT DISTINCT consortium_id, library_id FROM new_rows) AS changed;
    RETURN NULL;
END;
$$;

DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY[
        'consortium', 'rule', 'library', 'operator', 'operator_skill', 'availability', 'absence', 'closure', 'queue',
        'opening_hours', 'demand', 'rule_override', 'queue_routing', 'library_hours', 'policy_page', 'shift']
    LOOP
        EXECUTE format('DROP TRIGGER record_inserts ON %I', watched);
        EXECUTE format('DROP TRIGGER record_deletes ON %I', watched);
        EXECUTE format('DROP TRIGGER record_update ON %I', watched);
    END LOOP;
END;
$$;
DROP TRIGGER record_plan_state ON plan;
DROP FUNCTION record_inserts, record_deletes, record_update, record_plan_state, record_published_shift_inserts,
    record_published_shift_deletes, record_published_shift_update;

-- Logs the rows that a statement changed, each once for each library that it concerns.
--
-- Arguments, the last three as SQL over a row r: the table as replicas call it; the key; the libraries, where an array
-- with a null in it is all and null is none; and the table of a parent whose rows must stand still meanwhile. Whether a
-- row is seen depends on its parent: whoever changes that waits for those who change the child, and the other way
-- round, so that one of them knows of both.
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent CONSTANT text := TG_ARGV[3];
    changed CONSTANT text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT *, true AS is_new FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT *, false AS is_new FROM old_rows'
        ELSE 'SELECT *, true AS is_new FROM (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) AS n
            UNION ALL SELECT *, false FROM (SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows) AS o'
    END;
BEGIN
    IF parent IS NOT NULL THEN
        EXECUTE format(
            'SELECT FROM %1$I WHERE (consortium_id, %1$s_id) IN (SELECT consortium_id, %1$s_id FROM (%2$s) AS r)
                ORDER BY consortium_id, %1$s_id FOR SHARE', parent, changed);
    END IF;
    EXECUTE format(
        'INSERT INTO change_log (consortium_id, table_name, operation, row_key, library_id)
            SELECT consortium_id, %L, CASE WHEN bool_and(is_new) THEN ''insert'' WHEN bool_or(is_new) THEN ''update''
                ELSE ''delete'' END, row_key, concerned
            FROM (SELECT r.consortium_id, is_new, %s AS row_key, unnest(%s) AS concerned FROM (%s) AS r) AS c
            GROUP BY consortium_id, row_key, concerned', TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], changed);
    RETURN NULL;
END;
$$;

DO $$
DECLARE
    everybody CONSTANT text := 'ARRAY[NULL]';
    -- An operator that is gone took its rows along: see record_operator_leaving.
    operators_own CONSTANT text := '(SELECT array_agg(p.library_id) FROM operator AS p
        WHERE p.consortium_id = r.consortium_id AND p.operator_id = r.operator_id)';
    starts CONSTANT text := 'extract(epoch FROM lower(r.during))::bigint::text';
    ends CONSTANT text := 'extract(epoch FROM upper(r.during))::bigint::text';
    watched record;
BEGIN
    FOR watched IN
        SELECT * FROM (VALUES
            ('consortium', 'consortium', 'r.consortium_id::text', everybody, NULL),
            ('rule', 'rule', 'r.rule_name', everybody, NULL),
            ('rule_override', 'rule_override', 'r.override_number::text', everybody, NULL),
            ('queue_routing', 'queue_routing', 'r.queue_id::text', everybody, NULL),
            ('policy_page', 'policy_page', 'r.library_id::text, r.version::text', everybody, NULL),
            ('library', 'library', 'r.library_id::text', everybody, NULL),
            ('library_hours', 'library_hours', 'r.library_id::text, r.weekday::text, r.opens::text', everybody, NULL),
            ('queue', 'queue', 'r.queue_id::text', everybody, NULL),
            ('opening_hours', 'opening_hours', 'r.queue_id::text, r.weekday::text, r.opens::text', everybody, 'queue'),
            ('closure', 'closure', 'coalesce(r.library_id, '''')::text, to_char(r.closed_on, ''YYYY-MM-DD'')',
                everybody, NULL),
            ('demand', 'demand', 'r.queue_id::text, ' || starts, everybody, 'queue'),
            ('operator', 'operator', 'r.operator_id::text', 'ARRAY[r.library_id]', NULL),
            ('operator_skill', 'operator_skill', 'r.operator_id::text, r.skill::text', operators_own, 'operator'),
            ('availability', 'availability',
                'r.operator_id::text, r.weekday::text, r.from_minute::text, r.to_minute::text, r.preference::text',
                operators_own, 'operator'),
            ('absence', 'absence', 'r.operator_id::text, ' || starts || ', ' || ends || ', r.reason', operators_own,
                'operator'),
            ('swap_request', 'swap_request', 'r.request_id::text',
                'array_remove(ARRAY[r.library_id, r.with_library_id], NULL)', NULL),
            ('shift_decline', 'shift_decline', 'r.request_id::text', 'ARRAY[r.library_id]', NULL),
            ('intent', 'intent_outcome', 'r.intent_id::text', 'ARRAY[r.library_id]', NULL)
        ) AS t (name, replica_name, row_key, concerned, parent)
    LOOP
        EXECUTE format('CREATE TRIGGER record_inserts AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_change(%L, %L, %L%s)',
            watched.name, watched.replica_name, 'ARRAY[' || watched.row_key || ']', watched.concerned,
            coalesce(', ' || quote_literal(watched.parent), ''));
        EXECUTE format('CREATE TRIGGER record_deletes AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_change(%L, %L, %L%s)',
            watched.name, watched.replica_name, 'ARRAY[' || watched.row_key || ']', watched.concerned,
            coalesce(', ' || quote_literal(watched.parent), ''));
        EXECUTE format('CREATE TRIGGER record_updates AFTER UPDATE ON %I
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_change(%L, %L, %L%s)',
            watched.name, watched.replica_name, 'ARRAY[' || watched.row_key || ']', watched.concerned,
            coalesce(', ' || quote_literal(watched.parent), ''));
    END LOOP;
END;
$$;

-- All rows that are seen only with their operator, with their keys.
CREATE VIEW operator_belonging AS
SELECT consortium_id, operator_id, 'operator_skill' AS table_name, ARRAY[operator_id::text, skill::text] AS row_key
FROM operator_skill
UNION ALL
SELECT consortium_id, operator_id, 'availability',
    ARRAY[operator_id::text, weekday::text, from_minute::text, to_minute::text, preference::text]
FROM availability
UNION ALL
SELECT consortium_id, operator_id, 'absence',
    ARRAY[operator_id::text, extract(epoch FROM lower(during))::bigint::text,
        extract(epoch FROM upper(during))::bigint::text, reason]
FROM absence;

-- An operator that moves to another library, leaves or comes back takes along all that is seen with it, and shifts tell
-- the library anew.
CREATE FUNCTION record_operator_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (consortium_id, table_name, operation, row_key, library_id)
    SELECT b.consortium_id, b.table_name, 'update', b.row_key, l.library_id
    FROM old_rows AS o JOIN new_rows AS n USING (consortium_id, operator_id)
        JOIN operator_belonging AS b USING (consortium_id, operator_id)
        CROSS JOIN LATERAL (SELECT o.library_id UNION SELECT n.library_id) AS l
    WHERE o.library_id <> n.library_id OR (o.retired_at IS NULL) <> (n.retired_at IS NULL);
    INSERT INTO change_log (consortium_id, table_name, operation, row_key)
    SELECT consortium_id, 'shift', 'update', ARRAY[plan_number::text, shift_number::text]
    FROM old_rows AS o JOIN new_rows AS n USING (consortium_id, operator_id)
        JOIN shift USING (consortium_id, operator_id) JOIN plan USING (consortium_id, plan_number)
    WHERE o.library_id <> n.library_id AND plan.state = 'published';
    RETURN NULL;
END;
$$;
CREATE TRIGGER record_moves AFTER UPDATE ON operator REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_operator_moves();

CREATE FUNCTION record_operator_leaving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (consortium_id, table_name, operation, row_key, library_id)
    SELECT consortium_id, table_name, 'delete', row_key, OLD.library_id FROM operator_belonging
    WHERE consortium_id = OLD.consortium_id AND operator_id = OLD.operator_id;
    RETURN OLD;
END;
$$;
CREATE TRIGGER record_leaving BEFORE DELETE ON operator
    FOR EACH ROW EXECUTE FUNCTION record_operator_leaving();

-- A queue that is given up, or taken up again, takes its hours and its demand along.
CREATE FUNCTION record_queue_retirement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (consortium_id, table_name, operation, row_key)
    SELECT consortium_id, 'demand', 'update', ARRAY[queue_id::text, extract(epoch FROM lower(during))::bigint::text]
    FROM demand WHERE consortium_id = NEW.consortium_id AND queue_id = NEW.queue_id;
    INSERT INTO change_log (consortium_id, table_name, operation, row_key)
    SELECT consortium_id, 'opening_hours', 'update', ARRAY[queue_id::text, weekday::text, opens::text]
    FROM opening_hours WHERE consortium_id = NEW.consortium_id AND queue_id = NEW.queue_id;
    RETURN NULL;
END;
$$;
CREATE TRIGGER record_retirement AFTER UPDATE ON queue FOR EACH ROW
    WHEN ((OLD.retired_at IS NULL) <> (NEW.retired_at IS NULL)) EXECUTE FUNCTION record_queue_retirement();

-- Drafts concern nobody but the coordinator. A plan enters the log, with its shifts, when it is published, and leaves
-- it when it is superseded; in between each change of a shift is logged like any other.
CREATE FUNCTION record_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened CONSTANT text := CASE
        WHEN OLD.state = NEW.state THEN 'update' WHEN NEW.state = 'published' THEN 'insert' ELSE 'delete' END;
BEGIN
    INSERT INTO change_log (consortium_id, table_name, operation, row_key)
    VALUES (NEW.consortium_id, 'plan', happened, ARRAY[NEW.plan_number::text]);
    IF OLD.state <> NEW.state THEN
        -- Their libraries are told with the shifts.
        PERFORM FROM operator WHERE (consortium_id, operator_id) IN (
            SELECT consortium_id, operator_id FROM shift
            WHERE consortium_id = NEW.consortium_id AND plan_number = NEW.plan_number)
            ORDER BY operator_id FOR SHARE;
        INSERT INTO change_log (consortium_id, table_name, operation, row_key)
        SELECT consortium_id, 'shift', happened, ARRAY[plan_number::text, shift_number::text] FROM shift
        WHERE consortium_id = NEW.consortium_id AND plan_number = NEW.plan_number ORDER BY shift_number;
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER record_plan_change AFTER UPDATE ON plan FOR EACH ROW
    WHEN (OLD IS DISTINCT FROM NEW AND (OLD.state = 'published' OR NEW.state = 'published'))
    EXECUTE FUNCTION record_plan_change();

CREATE FUNCTION record_shift_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed CONSTANT text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT *, true AS is_new FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT *, false AS is_new FROM old_rows'
        ELSE 'SELECT *, true AS is_new FROM (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) AS n
            UNION ALL SELECT *, false FROM (SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows) AS o'
    END;
    is_published boolean;
BEGIN
    -- Whoever publishes the plan meanwhile waits, and then sees these rows; or these wait, and then see it published.
    EXECUTE format('SELECT coalesce(bool_or(state = ''published''), false) FROM (
        SELECT state FROM plan WHERE (consortium_id, plan_number) IN (SELECT consortium_id, plan_number FROM (%s) AS r)
        ORDER BY consortium_id, plan_number FOR SHARE) AS p', changed) INTO is_published;
    IF NOT is_published THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT FROM operator WHERE (consortium_id, operator_id) IN (
        SELECT consortium_id, operator_id FROM (%s) AS r) ORDER BY consortium_id, operator_id FOR SHARE', changed);
    EXECUTE format(
        'INSERT INTO change_log (consortium_id, table_name, operation, row_key)
            SELECT consortium_id, ''shift'', CASE WHEN bool_and(is_new) THEN ''insert''
                WHEN bool_or(is_new) THEN ''update'' ELSE ''delete'' END,
                ARRAY[plan_number::text, shift_number::text]
            FROM (%s) AS r JOIN plan USING (consortium_id, plan_number) WHERE plan.state = ''published''
            GROUP BY consortium_id, plan_number, shift_number', changed);
    RETURN NULL;
END;
$$;
CREATE TRIGGER record_inserts AFTER INSERT ON shift REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_shift_change();
CREATE TRIGGER record_deletes AFTER DELETE ON shift REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_shift_change();
CREATE TRIGGER record_updates AFTER UPDATE ON shift REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_shift_change();

-- For looking a changed row of demand up.
CREATE INDEX demand_by_start ON demand (consortium_id, queue_id, lower(during));

-- As whom replicas' rows are read. It cannot log in, and sees nothing but the views below; in the tables that hold what
-- belongs to one library, row-level security shows it the rows of the library that the transaction names, and no others,
-- whatever a query asks for.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coverdesk_replica') THEN
        BEGIN
            CREATE ROLE coverdesk_replica NOLOGIN;
        EXCEPTION
            -- Another database of this server was migrated at the same moment.
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the role coverdesk_replica is missing, and % may not create it', current_user
                    USING ERRCODE = 'insufficient_privilege',
                        HINT = format('as a superuser: CREATE ROLE coverdesk_replica NOLOGIN; GRANT coverdesk_replica TO %I',
                            current_user);
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'coverdesk_replica', 'MEMBER') THEN
        EXECUTE format('GRANT coverdesk_replica TO %I', current_user);
    END IF;
END;
$$;

CREATE SCHEMA replica;
GRANT USAGE ON SCHEMA replica TO coverdesk_replica;

-- The scope of a transaction. Where none is named, nothing is seen.
CREATE FUNCTION replica.own_consortium() RETURNS text STABLE PARALLEL SAFE LANGUAGE sql
    RETURN current_setting('coverdesk.consortium', true);
CREATE FUNCTION replica.own_library() RETURNS text STABLE PARALLEL SAFE LANGUAGE sql
    RETURN current_setting('coverdesk.library', true);
-- Up to where the replica has read: a snapshot as text.
CREATE FUNCTION replica.seen() RETURNS pg_snapshot STABLE PARALLEL SAFE LANGUAGE sql
    RETURN current_setting('coverdesk.seen', true)::pg_snapshot;

DO $$
DECLARE
    -- One row of each belongs to one library, or to an operator of it.
    scopes CONSTANT text[][] := ARRAY[
        ['operator', 'library_id = (SELECT replica.own_library())'],
        ['operator_skill', 'operator_id IN (SELECT o.operator_id FROM operator AS o)'],
        ['availability', 'operator_id IN (SELECT o.operator_id FROM operator AS o)'],
        ['absence', 'operator_id IN (SELECT o.operator_id FROM operator AS o)'],
        ['swap_request',
            'library_id = (SELECT replica.own_library()) OR with_library_id = (SELECT replica.own_library())'],
        ['shift_decline', 'library_id = (SELECT replica.own_library())'],
        ['intent', 'library_id = (SELECT replica.own_library())'],
        ['change_log', 'library_id IS NULL OR library_id = (SELECT replica.own_library())']];
    scope text[];
BEGIN
    FOREACH scope SLICE 1 IN ARRAY scopes LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', scope[1]);
        EXECUTE format('GRANT SELECT ON %I TO coverdesk_replica', scope[1]);
        EXECUTE format('CREATE POLICY service_sees_all ON %I USING (current_user <> ''coverdesk_replica'')', scope[1]);
        EXECUTE format('CREATE POLICY replica_sees_its_library ON %I FOR SELECT TO coverdesk_replica
            USING (consortium_id = (SELECT replica.own_consortium()) AND (%s))', scope[1], scope[2]);
    END LOOP;
END;
$$;

-- What all libraries see, each of its own consortium. These views read the tables as their owner does: the role itself
-- may not.
CREATE VIEW replica.consortium AS
SELECT consortium_id::text, name, time_zone, slot_minutes, to_char(starts_on, 'YYYY-MM-DD') AS starts_on, weeks
FROM consortium WHERE consortium_id = replica.own_consortium();

CREATE VIEW replica.library AS
SELECT library_id::text, name, kind, time_zone, phone, email, url
FROM library WHERE consortium_id = replica.own_consortium();

CREATE VIEW replica.library_hours AS
SELECT library_id::text, weekday::integer, opens::integer, closes::integer
FROM library_hours WHERE consortium_id = replica.own_consortium();

CREATE VIEW replica.queue AS
SELECT queue_id::text, name, channel, skill::text, priority, min_shift_minutes, max_shift_minutes
FROM queue WHERE consortium_id = replica.own_consortium();

CREATE VIEW replica.opening_hours AS
SELECT h.queue_id::text, h.weekday::integer, h.opens::integer, h.closes::integer
FROM opening_hours AS h JOIN queue AS q USING (consortium_id, queue_id)
WHERE h.consortium_id = replica.own_consortium() AND q.retired_at IS NULL;

CREATE VIEW replica.closure AS
SELECT coalesce(library_id, '')::text AS library_id, to_char(closed_on, 'YYYY-MM-DD') AS closed_on, reason
FROM closure WHERE consortium_id = replica.own_consortium();

-- `begins` is the start as the index has it.
CREATE VIEW replica.demand AS
SELECT d.queue_id::text, extract(epoch FROM lower(d.during))::bigint AS starts_at,
    extract(epoch FROM upper(d.during))::bigint AS ends_at, d.minimum, d.target, lower(d.during) AS begins
FROM demand AS d JOIN queue AS q USING (consortium_id, queue_id)
WHERE d.consortium_id = replica.own_consortium() AND q.retired_at IS NULL;

CREATE VIEW replica.plan AS
SELECT plan_number, extract(epoch FROM lower(period))::bigint AS starts_at,
    extract(epoch FROM upper(period))::bigint AS ends_at, extract(epoch FROM published_at)::bigint AS published_at,
    published_by, message
FROM plan WHERE consortium_id = replica.own_consortium() AND state = 'published';

CREATE VIEW replica.shift AS
SELECT s.plan_number, s.shift_number, s.queue_id::text, o.library_id::text, s.operator_id::text,
    extract(epoch FROM lower(s.during))::bigint AS starts_at, extract(epoch FROM upper(s.during))::bigint AS ends_at
FROM shift AS s JOIN plan AS p USING (consortium_id, plan_number) JOIN operator AS o USING (consortium_id, operator_id)
WHERE s.consortium_id = replica.own_consortium() AND p.state = 'published';

-- What only the own library sees. These read the tables as whoever asks, under row-level security; that they name the
-- scope too is the first of two walls.
CREATE VIEW replica.operator WITH (security_invoker = true) AS
SELECT operator_id::text, library_id::text, name, email, trim_scale(max_hours_per_week) AS max_hours_per_week,
    trim_scale(max_hours_per_day) AS max_hours_per_day, chat_capacity
FROM operator
WHERE consortium_id = replica.own_consortium() AND library_id = replica.own_library() AND retired_at IS NULL;

CREATE VIEW replica.operator_skill WITH (security_invoker = true) AS
SELECT s.operator_id::text, s.skill::text
FROM operator_skill AS s JOIN operator AS o USING (consortium_id, operator_id)
WHERE s.consortium_id = replica.own_consortium() AND o.library_id = replica.own_library() AND o.retired_at IS NULL;

CREATE VIEW replica.availability WITH (security_invoker = true) AS
SELECT a.operator_id::text, a.weekday::integer, a.from_minute::integer, a.to_minute::integer, a.preference::integer
FROM availability AS a JOIN operator AS o USING (consortium_id, operator_id)
WHERE a.consortium_id = replica.own_consortium() AND o.library_id = replica.own_library() AND o.retired_at IS NULL;

CREATE VIEW replica.absence WITH (security_invoker = true) AS
SELECT a.operator_id::text, extract(epoch FROM lower(a.during))::bigint AS starts_at,
    extract(epoch FROM upper(a.during))::bigint AS ends_at, a.reason
FROM absence AS a JOIN operator AS o USING (consortium_id, operator_id)
WHERE a.consortium_id = replica.own_consortium() AND o.library_id = replica.own_library() AND o.retired_at IS NULL;

CREATE VIEW replica.swap_request WITH (security_invoker = true) AS
SELECT request_id, plan_number, shift_number, operator_id::text, with_plan_number, with_shift_number, state, reason,
    extract(epoch FROM made_at)::bigint AS made_at, library_id::text, with_library_id::text
FROM swap_request
WHERE consortium_id = replica.own_consortium()
    AND (library_id = replica.own_library() OR with_library_id = replica.own_library());

CREATE VIEW replica.shift_decline WITH (security_invoker = true) AS
SELECT request_id, plan_number, shift_number, operator_id::text, reason, state,
    extract(epoch FROM made_at)::bigint AS made_at, library_id::text
FROM shift_decline WHERE consortium_id = replica.own_consortium() AND library_id = replica.own_library();

CREATE VIEW replica.intent_outcome WITH (security_invoker = true) AS
SELECT intent_id, kind, state, reason, theirs::text, extract(epoch FROM decided_at)::bigint AS decided_at
FROM intent WHERE consortium_id = replica.own_consortium() AND library_id = replica.own_library();

-- The rows that changed since the replica has read: what transactions did that the snapshot showed as running, or that
-- began after it. That those lie between its bounds tells the planner that they are few.
CREATE VIEW replica.changed WITH (security_invoker = true) AS
SELECT table_name, row_key, library_id::text FROM change_log
WHERE consortium_id = replica.own_consortium() AND (library_id IS NULL OR library_id = replica.own_library())
    AND transaction_id = ANY (ARRAY(SELECT pg_snapshot_xip(replica.seen())))
    AND transaction_id >= pg_snapshot_xmin(replica.seen()) AND transaction_id < pg_snapshot_xmax(replica.seen())
UNION ALL
SELECT table_name, row_key, library_id::text FROM change_log
WHERE consortium_id = replica.own_consortium() AND (library_id IS NULL OR library_id = replica.own_library())
    AND transaction_id >= pg_snapshot_xmax(replica.seen());

GRANT SELECT ON ALL TABLES IN SCHEMA replica TO coverdesk_replica;

-- The same for the service, which tells each library of its own: in which tables something changed, for whom, how much.
CREATE VIEW changed_table AS
SELECT table_name, library_id, count(*) AS change_count FROM (
    SELECT table_name, library_id FROM change_log
    WHERE consortium_id = replica.own_consortium()
        AND transaction_id = ANY (ARRAY(SELECT pg_snapshot_xip(replica.seen())))
        AND transaction_id >= pg_snapshot_xmin(replica.seen()) AND transaction_id < pg_snapshot_xmax(replica.seen())
    UNION ALL
    SELECT table_name, library_id FROM change_log
    WHERE consortium_id = replica.own_consortium() AND transaction_id >= pg_snapshot_xmax(replica.seen())
) AS c
GROUP BY table_name, library_id;
