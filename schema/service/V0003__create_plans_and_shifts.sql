-- The schedule: plans as versions, their shifts, and the permissions to bend a rule.

CREATE TABLE plan (
    consortium_id identifier NOT NULL REFERENCES consortium,
    -- Counted from 1 within the consortium.
    plan_number   integer NOT NULL CHECK (plan_number >= 1),
    state         text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'superseded')),
    period        tstzrange NOT NULL,
    created_at    timestamptz NOT NULL,
    created_by    text NOT NULL CHECK (created_by <> ''),
    published_at  timestamptz,
    published_by  text,
    superseded_at timestamptz,
    message       text NOT NULL DEFAULT '',
    -- The plan whose shifts this one carries on, where publishing another for a part of its period split it.
    continues     integer,
    -- How it was made: seed, threads, steps, cost. For people and for replaying it; nothing depends on it.
    making        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(making) = 'object'),
    PRIMARY KEY (consortium_id, plan_number),
    -- What a shift refers to, so that it cannot lie outside its plan.
    UNIQUE (consortium_id, plan_number, period),
    FOREIGN KEY (consortium_id, continues) REFERENCES plan,
    CONSTRAINT plan_period_is_bounded CHECK (
        NOT isempty(period) AND lower_inc(period) AND NOT upper_inc(period)
        AND NOT lower_inf(period) AND NOT upper_inf(period)),
    CONSTRAINT plan_dates_follow_state CHECK (
        (state = 'draft') = (published_at IS NULL) AND (published_at IS NULL) = (published_by IS NULL)
        AND (state = 'superseded') = (superseded_at IS NOT NULL)),
    -- Exactly one published plan covers any instant.
    CONSTRAINT one_published_plan_at_a_time EXCLUDE USING gist (
        (consortium_id::text) WITH =, period WITH &&) WHERE (state = 'published')
);

CREATE FUNCTION plan_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- A plan begins as a draft, so that publishing is always an update, which the change log watches.
    earlier text := CASE TG_OP WHEN 'INSERT' THEN 'nothing' ELSE OLD.state END;
BEGIN
    IF earlier <> NEW.state AND (earlier, NEW.state) NOT IN (
        ('nothing', 'draft'), ('draft', 'published'), ('published', 'superseded'))
    THEN
        RAISE EXCEPTION 'plan % cannot go from % to %', NEW.plan_number, earlier, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_moves_forward';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER plan_moves_forward BEFORE INSERT OR UPDATE ON plan
    FOR EACH ROW EXECUTE FUNCTION plan_moves_forward();

CREATE FUNCTION published_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'plan % was published and is never deleted', OLD.plan_number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'published_plan_stays';
    END IF;
    RETURN OLD;
END;
$$;
CREATE TRIGGER published_plan_stays BEFORE DELETE ON plan FOR EACH ROW EXECUTE FUNCTION published_plan_stays();

CREATE TABLE shift (
    consortium_id identifier NOT NULL,
    plan_number   integer NOT NULL,
    -- Counted from 1 within the plan.
    shift_number  integer NOT NULL CHECK (shift_number >= 1),
    plan_period   tstzrange NOT NULL,
    queue_id      identifier NOT NULL,
    operator_id   identifier NOT NULL,
    during        tstzrange NOT NULL,
    PRIMARY KEY (consortium_id, plan_number, shift_number),
    FOREIGN KEY (consortium_id, plan_number, plan_period) REFERENCES plan (consortium_id, plan_number, period)
        ON DELETE CASCADE,
    -- No cascade: whom a schedule names is never deleted.
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator,
    FOREIGN KEY (consortium_id, queue_id) REFERENCES queue,
    CONSTRAINT shift_is_bounded CHECK (
        NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
        AND NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT shift_lies_in_its_plan CHECK (during <@ plan_period),
    -- Published plans do not overlap and shifts lie inside their plan, so this holds across all published plans.
    CONSTRAINT one_place_at_a_time EXCLUDE USING gist (
        (consortium_id::text) WITH =, plan_number WITH =, (operator_id::text) WITH =, during WITH &&)
);
CREATE INDEX shift_by_operator ON shift (consortium_id, operator_id);
CREATE INDEX shift_by_queue ON shift (consortium_id, queue_id);

CREATE TABLE rule_override (
    consortium_id   identifier NOT NULL,
    override_number integer NOT NULL CHECK (override_number >= 1),
    rule_name       text NOT NULL,
    -- Only yellow rules bend: the foreign key holds this equal to the rule's class.
    rule_class      text NOT NULL DEFAULT 'yellow' CHECK (rule_class = 'yellow'),
    operator_id     identifier NOT NULL,
    during          tstzrange NOT NULL,
    reason          text NOT NULL CHECK (reason <> ''),
    approved_by     text NOT NULL CHECK (approved_by <> ''),
    approved_at     timestamptz NOT NULL,
    PRIMARY KEY (consortium_id, override_number),
    FOREIGN KEY (consortium_id, rule_name, rule_class) REFERENCES rule (consortium_id, rule_name, class),
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator,
    CONSTRAINT rule_override_is_bounded CHECK (
        NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during))
);
