-- Who answers: the consortium, its rules, its libraries and their operators.
--
-- Everything belongs to exactly one consortium, and every key begins with its id: no query crosses consortia, and the
-- tables can be distributed by that column. Ids are the consortium's own texts, written by people.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE DOMAIN identifier AS text COLLATE "C"
    CHECK (VALUE ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$');

CREATE TABLE consortium (
    consortium_id identifier PRIMARY KEY,
    name          text NOT NULL CHECK (name <> ''),
    time_zone     text NOT NULL CHECK (time_zone <> ''),
    slot_minutes  integer NOT NULL CHECK (slot_minutes BETWEEN 5 AND 60 AND 60 % slot_minutes = 0),
    -- The planned period begins on a Monday, so that a week's limits are never cut in two.
    starts_on     date NOT NULL CHECK (extract(isodow FROM starts_on) = 1),
    weeks         integer NOT NULL CHECK (weeks BETWEEN 1 AND 53)
);

CREATE TABLE rule (
    consortium_id identifier NOT NULL REFERENCES consortium,
    rule_name     text NOT NULL CHECK (rule_name ~ '^[a-z][a-z_]*$'),
    class         text NOT NULL CHECK (class IN ('red', 'yellow', 'green')),
    -- Parameter name to number, written as text so that 0.1 stays 0.1.
    parameters    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
    PRIMARY KEY (consortium_id, rule_name),
    -- What an override refers to: a rule together with its class.
    UNIQUE (consortium_id, rule_name, class),
    CHECK (rule_name <> 'one_place_at_a_time' OR class = 'red')
);

CREATE TABLE library (
    consortium_id               identifier NOT NULL REFERENCES consortium,
    library_id                  identifier NOT NULL,
    name                        text NOT NULL CHECK (name <> ''),
    kind                        text NOT NULL CHECK (kind IN ('public', 'academic', 'special', 'regional')),
    time_zone                   text NOT NULL CHECK (time_zone <> ''),
    contribution_hours_per_week numeric(13, 3) NOT NULL CHECK (contribution_hours_per_week >= 0),
    phone                       text NOT NULL,
    email                       text NOT NULL,
    url                         text NOT NULL,
    -- Set when a library has left but past schedules still name it.
    retired_at                  timestamptz,
    PRIMARY KEY (consortium_id, library_id)
);

CREATE TABLE operator (
    consortium_id      identifier NOT NULL,
    operator_id        identifier NOT NULL,
    library_id         identifier NOT NULL,
    name               text NOT NULL CHECK (name <> ''),
    email              text NOT NULL,
    max_hours_per_week numeric(13, 3) NOT NULL CHECK (max_hours_per_week >= 0),
    max_hours_per_day  numeric(13, 3) NOT NULL CHECK (max_hours_per_day >= 0),
    chat_capacity      integer NOT NULL CHECK (chat_capacity >= 1),
    retired_at         timestamptz,
    PRIMARY KEY (consortium_id, operator_id),
    FOREIGN KEY (consortium_id, library_id) REFERENCES library
);
CREATE INDEX operator_by_library ON operator (consortium_id, library_id);

CREATE TABLE operator_skill (
    consortium_id identifier NOT NULL,
    operator_id   identifier NOT NULL,
    skill         identifier NOT NULL,
    PRIMARY KEY (consortium_id, operator_id, skill),
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator ON DELETE CASCADE
);

CREATE TABLE availability (
    consortium_id identifier NOT NULL,
    operator_id   identifier NOT NULL,
    -- 0 is Monday; minutes by the wall clock of the operator's library, 1440 is midnight at the day's end.
    weekday       smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    from_minute   smallint NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute     smallint NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    preference    smallint NOT NULL CHECK (preference BETWEEN -2 AND 2),
    PRIMARY KEY (consortium_id, operator_id, weekday, from_minute, to_minute, preference),
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator ON DELETE CASCADE,
    CHECK (from_minute < to_minute)
);

CREATE TABLE absence (
    consortium_id identifier NOT NULL,
    operator_id   identifier NOT NULL,
    during        tstzrange NOT NULL,
    reason        text NOT NULL,
    PRIMARY KEY (consortium_id, operator_id, during, reason),
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator ON DELETE CASCADE,
    CONSTRAINT absence_is_bounded CHECK (
        NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
        AND NOT lower_inf(during) AND NOT upper_inf(during))
);

CREATE TABLE closure (
    consortium_id identifier NOT NULL REFERENCES consortium,
    -- Null closes every library.
    library_id    identifier,
    closed_on     date NOT NULL,
    reason        text NOT NULL,
    UNIQUE NULLS NOT DISTINCT (consortium_id, library_id, closed_on),
    FOREIGN KEY (consortium_id, library_id) REFERENCES library ON DELETE CASCADE
);
