-- An operator's wish to be away, which the library or a coordinator grants; whoever is ill says so and asks nobody.
CREATE TABLE leave_request (
    consortium_id identifier NOT NULL,
    -- Counted from 1 in the consortium.
    leave_number  integer NOT NULL CHECK (leave_number >= 1),
    operator_id   identifier NOT NULL,
    -- The operator's when it was asked.
    library_id    identifier NOT NULL,
    during        tstzrange NOT NULL,
    -- Seen by the library and by coordinators; may be empty.
    reason        text NOT NULL,
    made_at       timestamptz NOT NULL,
    made_by       text NOT NULL CHECK (made_by <> ''),
    state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'granted', 'refused', 'withdrawn')),
    decided_at    timestamptz,
    decided_by    text,
    -- Why, for whoever asked; may be empty.
    decision      text NOT NULL DEFAULT '',
    PRIMARY KEY (consortium_id, leave_number),
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator,
    FOREIGN KEY (consortium_id, library_id) REFERENCES library,
    CONSTRAINT leave_is_bounded CHECK (
        NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
        AND NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT leave_decision_is_whole CHECK (
        (state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
    -- Nobody asks twice for the same time.
    CONSTRAINT one_open_leave_at_a_time EXCLUDE USING gist (
        (consortium_id::text) WITH =, (operator_id::text) WITH =, during WITH &&) WHERE (state = 'open')
);
CREATE INDEX leave_request_by_operator ON leave_request (consortium_id, operator_id);
CREATE INDEX leave_request_by_library ON leave_request (consortium_id, library_id);
