-- Searches that people start from the pages, and the numbers of drafts that were thrown away.

-- One search: asked for, taken by a node on a lease, and over in one way or another. Whoever dies with it loses the
-- lease, so no search is under way for ever.
CREATE TABLE planning_run (
    consortium_id identifier NOT NULL REFERENCES consortium,
    -- Counted from 1 within the consortium.
    run_number    integer NOT NULL CHECK (run_number >= 1),
    -- A plan from nothing, what is published mended, or suggestions for a plan.
    purpose       text NOT NULL CHECK (purpose IN ('search', 'mend', 'advise')),
    -- Both days are part of it, by the consortium's calendar.
    first_day     date NOT NULL,
    last_day      date NOT NULL CHECK (last_day >= first_day),
    -- The plan that suggestions are for.
    plan_number   integer,
    seconds       integer NOT NULL CHECK (seconds BETWEEN 1 AND 600),
    seed          bigint NOT NULL CHECK (seed >= 0),
    asked_at      timestamptz NOT NULL,
    asked_by      text NOT NULL CHECK (asked_by <> ''),
    state         text NOT NULL DEFAULT 'waiting' CHECK (
        state IN ('waiting', 'searching', 'finished', 'stopped', 'failed', 'broken_off')),
    -- The node that has it, and until when it does unless it says so again: by the database's clock, which all nodes
    -- share.
    node          text,
    -- By the database's clock, too.
    started_at    timestamptz,
    leased_until  timestamptz,
    stop_asked_by text,
    ended_at      timestamptz,
    -- What came of it: a draft, or suggestions.
    draft_number  integer,
    findings      jsonb,
    -- Seconds, best cost and proven bound (null where nothing is proven yet), one after the other.
    curve         jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(curve) = 'array'),
    -- Why there is no result, for whoever looks.
    message       text NOT NULL DEFAULT '',
    PRIMARY KEY (consortium_id, run_number),
    FOREIGN KEY (consortium_id, plan_number) REFERENCES plan ON DELETE CASCADE,
    FOREIGN KEY (consortium_id, draft_number) REFERENCES plan ON DELETE SET NULL (draft_number),
    CONSTRAINT planning_run_advises_on_a_plan CHECK ((plan_number IS NOT NULL) = (purpose = 'advise')),
    CONSTRAINT planning_run_is_leased_while_it_searches CHECK (
        (state = 'searching') = (leased_until IS NOT NULL) AND (state <> 'searching' OR node IS NOT NULL)),
    CONSTRAINT planning_run_ends_once CHECK ((state IN ('waiting', 'searching')) = (ended_at IS NULL))
) WITH (fillfactor = 70);
-- Of each sort one at a time, on all nodes together.
CREATE UNIQUE INDEX one_open_planning_run ON planning_run (consortium_id, (purpose = 'advise'))
    WHERE state IN ('waiting', 'searching');
CREATE INDEX planning_run_by_plan ON planning_run (consortium_id, plan_number);
CREATE INDEX planning_run_by_draft ON planning_run (consortium_id, draft_number);

-- A number means one plan for good: links and what was said of a draft do not come to mean another one.
CREATE TABLE discarded_plan (
    consortium_id identifier NOT NULL REFERENCES consortium,
    plan_number   integer NOT NULL,
    PRIMARY KEY (consortium_id, plan_number)
);

CREATE FUNCTION remember_discarded_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO discarded_plan VALUES (OLD.consortium_id, OLD.plan_number);
    RETURN NULL;
END;
$$;
CREATE TRIGGER remember_discarded_plan AFTER DELETE ON plan FOR EACH ROW EXECUTE FUNCTION remember_discarded_plan();

CREATE FUNCTION plan_number_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM discarded_plan
        WHERE consortium_id = NEW.consortium_id AND plan_number = NEW.plan_number)
    THEN
        RAISE EXCEPTION 'plan % was thrown away, and its number means no other', NEW.plan_number
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'plan_number_is_new';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER plan_number_is_new BEFORE INSERT ON plan FOR EACH ROW EXECUTE FUNCTION plan_number_is_new();
