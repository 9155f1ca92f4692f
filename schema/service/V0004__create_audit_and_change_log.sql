-- What happened: the audit log for people, the change log for replicas. Both are written in the transaction that
-- makes the change, so neither can tell of something that did not happen, nor miss something that did.

CREATE TABLE audit_log (
    consortium_id identifier NOT NULL,
    audit_number  bigint GENERATED ALWAYS AS IDENTITY,
    at            timestamptz NOT NULL,
    actor         text NOT NULL CHECK (actor <> ''),
    action        text NOT NULL CHECK (action <> ''),
    subject       text NOT NULL,
    before        jsonb,
    after         jsonb,
    PRIMARY KEY (consortium_id, audit_number)
);
CREATE INDEX audit_log_by_time ON audit_log (consortium_id, at);

-- Ordered by (transaction_id, change_number). Numbers are given before commit, so a reader must stop before the
-- oldest transaction still running (pg_snapshot_xmin), never at "the highest number so far".
CREATE TABLE change_log (
    consortium_id  identifier NOT NULL,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    change_number  bigint GENERATED ALWAYS AS IDENTITY,
    table_name     text NOT NULL,
    operation      text NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
    -- The row before (update, delete) and after (insert, update).
    old_row        jsonb CHECK ((old_row IS NULL) = (operation = 'insert')),
    new_row        jsonb CHECK ((new_row IS NULL) = (operation = 'delete')),
    PRIMARY KEY (consortium_id, transaction_id, change_number)
);

-- Inserts and deletes come in thousands: one statement copies them all. Updates are few and need both rows.
CREATE FUNCTION record_inserts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (consortium_id, table_name, operation, new_row)
    SELECT consortium_id, TG_TABLE_NAME, 'insert', to_jsonb(new_rows) FROM new_rows;
    RETURN NULL;
END;
$$;

CREATE FUNCTION record_deletes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (consortium_id, table_name, operation, old_row)
    SELECT consortium_id, TG_TABLE_NAME, 'delete', to_jsonb(old_rows) FROM old_rows;
    RETURN NULL;
END;
$$;

CREATE FUNCTION record_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD IS DISTINCT FROM NEW THEN
        INSERT INTO change_log (consortium_id, table_name, operation, old_row, new_row)
        VALUES (NEW.consortium_id, TG_TABLE_NAME, 'update', to_jsonb(OLD), to_jsonb(NEW));
    END IF;
    RETURN NULL;
END;
$$;

DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY[
        'consortium', 'rule', 'library', 'operator', 'operator_skill', 'availability', 'absence', 'closure',
        'queue', 'opening_hours', 'demand', 'rule_override']
    LOOP
        EXECUTE format('CREATE TRIGGER record_inserts AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_inserts()', watched);
        EXECUTE format('CREATE TRIGGER record_deletes AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_deletes()', watched);
        EXECUTE format('CREATE TRIGGER record_update AFTER UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION record_update()', watched);
    END LOOP;
END;
$$;

-- Drafts concern nobody but the coordinator. A plan enters the log, with its shifts, when it is published, and leaves
-- it when it is superseded; in between each change of a shift is logged like any other.
CREATE FUNCTION record_plan_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'published' THEN
        INSERT INTO change_log (consortium_id, table_name, operation, new_row)
        VALUES (NEW.consortium_id, 'plan', 'insert', to_jsonb(NEW));
        INSERT INTO change_log (consortium_id, table_name, operation, new_row)
        SELECT consortium_id, 'shift', 'insert', to_jsonb(shift) FROM shift
        WHERE consortium_id = NEW.consortium_id AND plan_number = NEW.plan_number ORDER BY shift_number;
    ELSIF NEW.state = 'superseded' THEN
        INSERT INTO change_log (consortium_id, table_name, operation, old_row)
        SELECT consortium_id, 'shift', 'delete', to_jsonb(shift) FROM shift
        WHERE consortium_id = NEW.consortium_id AND plan_number = NEW.plan_number ORDER BY shift_number;
        INSERT INTO change_log (consortium_id, table_name, operation, old_row)
        VALUES (NEW.consortium_id, 'plan', 'delete', to_jsonb(OLD));
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER record_plan_state AFTER UPDATE OF state ON plan
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION record_plan_state();

CREATE FUNCTION record_published_shift_inserts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (consortium_id, table_name, operation, new_row)
    SELECT consortium_id, 'shift', 'insert', to_jsonb(new_rows)
    FROM new_rows JOIN plan USING (consortium_id, plan_number) WHERE plan.state = 'published';
    RETURN NULL;
END;
$$;

CREATE FUNCTION record_published_shift_deletes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (consortium_id, table_name, operation, old_row)
    SELECT consortium_id, 'shift', 'delete', to_jsonb(old_rows)
    FROM old_rows JOIN plan USING (consortium_id, plan_number) WHERE plan.state = 'published';
    RETURN NULL;
END;
$$;

CREATE FUNCTION record_published_shift_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD IS DISTINCT FROM NEW AND EXISTS (
        SELECT FROM plan WHERE consortium_id = NEW.consortium_id AND plan_number = NEW.plan_number
            AND state = 'published')
    THEN
        INSERT INTO change_log (consortium_id, table_name, operation, old_row, new_row)
        VALUES (NEW.consortium_id, 'shift', 'update', to_jsonb(OLD), to_jsonb(NEW));
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER record_inserts AFTER INSERT ON shift REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_published_shift_inserts();
CREATE TRIGGER record_deletes AFTER DELETE ON shift REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_published_shift_deletes();
CREATE TRIGGER record_update AFTER UPDATE ON shift
    FOR EACH ROW EXECUTE FUNCTION record_published_shift_update();

-- Wakes those who wait for changes; PostgreSQL folds equal notices of one transaction into one, sent at commit.
CREATE FUNCTION announce_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('coverdesk_change', consortium_id) FROM (SELECT DISTINCT consortium_id FROM new_rows) AS changed;
    RETURN NULL;
END;
$$;
CREATE TRIGGER announce_change AFTER INSERT ON change_log REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_change();
