-- What is asked: queues, when they are open, how many operators they want, and the sessions of the past.

CREATE TABLE queue (
    consortium_id     identifier NOT NULL REFERENCES consortium,
    queue_id          identifier NOT NULL,
    name              text NOT NULL CHECK (name <> ''),
    channel           text NOT NULL CHECK (channel IN ('chat', 'email')),
    skill             identifier NOT NULL,
    min_shift_minutes integer NOT NULL CHECK (min_shift_minutes > 0),
    max_shift_minutes integer NOT NULL,
    answer_seconds    integer NOT NULL CHECK (answer_seconds > 0),
    answer_share      numeric(4, 3) NOT NULL CHECK (answer_share > 0 AND answer_share <= 1),
    priority          integer NOT NULL CHECK (priority >= 1),
    retired_at        timestamptz,
    PRIMARY KEY (consortium_id, queue_id),
    CHECK (min_shift_minutes <= max_shift_minutes)
);

CREATE TABLE opening_hours (
    consortium_id identifier NOT NULL,
    queue_id      identifier NOT NULL,
    weekday       smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    -- Minutes by the wall clock of the consortium.
    opens         smallint NOT NULL CHECK (opens BETWEEN 0 AND 1439),
    closes        smallint NOT NULL CHECK (closes BETWEEN 1 AND 1440),
    PRIMARY KEY (consortium_id, queue_id, weekday, opens),
    FOREIGN KEY (consortium_id, queue_id) REFERENCES queue ON DELETE CASCADE,
    CHECK (opens < closes),
    CONSTRAINT opening_hours_do_not_overlap EXCLUDE USING gist (
        (consortium_id::text) WITH =, (queue_id::text) WITH =, weekday WITH =,
        int4range(opens, closes) WITH &&)
);

CREATE TABLE demand (
    consortium_id identifier NOT NULL,
    queue_id      identifier NOT NULL,
    during        tstzrange NOT NULL,
    minimum       integer NOT NULL CHECK (minimum >= 0),
    target        integer NOT NULL,
    PRIMARY KEY (consortium_id, queue_id, during),
    FOREIGN KEY (consortium_id, queue_id) REFERENCES queue ON DELETE CASCADE,
    CHECK (minimum <= target),
    CONSTRAINT demand_is_bounded CHECK (
        NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
        AND NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT demand_does_not_overlap EXCLUDE USING gist (
        (consortium_id::text) WITH =, (queue_id::text) WITH =, during WITH &&)
);

CREATE TABLE past_session (
    consortium_id  identifier NOT NULL,
    queue_id       identifier NOT NULL,
    started_at     timestamptz NOT NULL,
    handle_seconds integer NOT NULL CHECK (handle_seconds >= 0),
    library_id     identifier NOT NULL,
    FOREIGN KEY (consortium_id, queue_id) REFERENCES queue,
    FOREIGN KEY (consortium_id, library_id) REFERENCES library
);
CREATE INDEX past_session_by_start ON past_session (consortium_id, started_at, queue_id);
CREATE INDEX past_session_by_library ON past_session (consortium_id, library_id);
CREATE INDEX past_session_by_queue ON past_session (consortium_id, queue_id);
