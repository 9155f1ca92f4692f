-- Changes of single shifts in a plan that stands: each is known with what was there before, so that it can be undone,
-- and so that calendars can tell what was cancelled.

CREATE TABLE plan_edit (
    consortium_id identifier NOT NULL REFERENCES consortium,
    -- Counted from 1 in the consortium, in the order in which the edits were committed.
    edit_number   integer NOT NULL CHECK (edit_number >= 1),
    made_at       timestamptz NOT NULL,
    made_by       text NOT NULL CHECK (made_by <> ''),
    kind          text NOT NULL CHECK (kind IN ('edit', 'undo', 'swap', 'giveaway', 'pickup')),
    reason        text NOT NULL DEFAULT '',
    -- The edit that this one took back.
    undoes        integer,
    PRIMARY KEY (consortium_id, edit_number),
    FOREIGN KEY (consortium_id, undoes) REFERENCES plan_edit,
    CONSTRAINT undo_names_what_it_undoes CHECK ((kind = 'undo') = (undoes IS NOT NULL)),
    CONSTRAINT undo_follows_what_it_undoes CHECK (undoes < edit_number)
);
-- What was taken back is not taken back twice.
CREATE UNIQUE INDEX one_undo_an_edit ON plan_edit (consortium_id, undoes) WHERE undoes IS NOT NULL;

-- The edit that changed a plan last; 0 is none.
ALTER TABLE plan ADD COLUMN last_edit integer NOT NULL DEFAULT 0 CHECK (last_edit >= 0);

-- The edit that brought the shift as it is; 0 was there when the plan was made.
ALTER TABLE shift ADD COLUMN since_edit integer NOT NULL DEFAULT 0 CHECK (since_edit >= 0);

-- Shifts as they were before an edit.
CREATE TABLE past_shift (
    consortium_id identifier NOT NULL,
    plan_number   integer NOT NULL,
    shift_number  integer NOT NULL CHECK (shift_number >= 1),
    since_edit    integer NOT NULL CHECK (since_edit >= 0),
    -- The edit that took or changed it.
    until_edit    integer NOT NULL,
    queue_id      identifier NOT NULL,
    operator_id   identifier NOT NULL,
    during        tstzrange NOT NULL,
    PRIMARY KEY (consortium_id, plan_number, shift_number, until_edit),
    FOREIGN KEY (consortium_id, plan_number) REFERENCES plan ON DELETE CASCADE,
    FOREIGN KEY (consortium_id, until_edit) REFERENCES plan_edit,
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator,
    FOREIGN KEY (consortium_id, queue_id) REFERENCES queue,
    CONSTRAINT past_shift_is_bounded CHECK (
        NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
        AND NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT past_shift_is_past CHECK (since_edit < until_edit)
);
CREATE INDEX past_shift_by_edit ON past_shift (consortium_id, until_edit);
CREATE INDEX past_shift_by_operator ON past_shift (consortium_id, operator_id);
CREATE INDEX past_shift_by_queue ON past_shift (consortium_id, queue_id);
CREATE INDEX shift_by_edit ON shift (consortium_id, since_edit) WHERE since_edit > 0;

-- A plan that another took the place of stays as it was.
CREATE FUNCTION superseded_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.last_edit <> NEW.last_edit AND OLD.state = 'superseded' THEN
        RAISE EXCEPTION 'plan % is superseded and is not edited', OLD.plan_number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'superseded_plan_stays';
    END IF;
    IF NEW.last_edit < OLD.last_edit THEN
        RAISE EXCEPTION 'the edits of plan % are counted forward', OLD.plan_number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'edits_move_forward';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER superseded_plan_stays BEFORE UPDATE ON plan FOR EACH ROW EXECUTE FUNCTION superseded_plan_stays();

-- The edit that an override was recorded with; undoing that takes it away.
ALTER TABLE rule_override ADD COLUMN edit_number integer;
ALTER TABLE rule_override ADD FOREIGN KEY (consortium_id, edit_number) REFERENCES plan_edit;
CREATE INDEX rule_override_by_edit ON rule_override (consortium_id, edit_number) WHERE edit_number IS NOT NULL;
