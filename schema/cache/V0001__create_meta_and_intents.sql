-- What a cache keeps of its own: whose it is and how far it has come, and what its library did while offline.
--
-- Instants are whole Unix seconds (UTC) unless their name or comment says otherwise.

CREATE TABLE meta (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    -- The version of the replicated tables that are in place; 0 until the first snapshot is complete.
    schema           INTEGER NOT NULL,
    -- Where it comes from: the service's address, its database, the consortium and the library whose view this is.
    service          TEXT,
    database         TEXT,
    consortium       TEXT,
    library          TEXT,
    -- Names the state of the service that the tables hold. Only the service can read it.
    cursor           TEXT,
    -- The same by the service's clock, in Unix microseconds.
    as_of            INTEGER,
    -- 1 while the agent hears the service and has all that it told; 0 otherwise. An agent that was killed could not
    -- write the 0: where contact_at is older than a minute, nobody listens.
    in_step          INTEGER NOT NULL CHECK (in_step IN (0, 1)),
    -- When the service was last heard, by this machine's clock.
    contact_at       INTEGER,
    -- Seconds by which the service's clock was ahead of this machine's then.
    clock_difference INTEGER,
    -- When all tables were last found equal to the service's, by this machine's clock.
    proven_at        INTEGER
) STRICT;
INSERT INTO meta (one, schema, in_step) VALUES (1, 0, 0);

-- The outbox. Intents are sent in the order of their numbers; the service decides each once, however often it is sent.
CREATE TABLE intent (
    intent_number INTEGER PRIMARY KEY AUTOINCREMENT,
    intent_id     TEXT NOT NULL UNIQUE CHECK (length(intent_id) = 36),
    kind          TEXT NOT NULL CHECK (kind IN ('absence_add', 'swap_request', 'shift_decline')),
    made_at       INTEGER NOT NULL,
    operator_id   TEXT NOT NULL,
    -- The absence's span, or that of the shift as it was when the intent was made.
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL CHECK (starts_at < ends_at),
    -- The shift that is meant; null for an absence.
    plan_number   INTEGER,
    shift_number  INTEGER,
    -- What is sent, as JSON: never changed, so that sending it again is sending the same.
    body          TEXT NOT NULL CHECK (json_valid(body)),
    -- SHA-256 of the body in hexadecimal: what a failing disk has changed is not sent.
    body_hash     TEXT NOT NULL CHECK (length(body_hash) = 64),
    state         TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'applied', 'rejected', 'conflicting')),
    -- Why, in words, where it was not simply applied.
    reason        TEXT,
    -- Where it is conflicting: the service's version, as JSON; `body` holds this library's.
    theirs        TEXT,
    decided_at    INTEGER,
    CHECK ((state = 'pending') = (decided_at IS NULL)),
    CHECK ((plan_number IS NULL) = (shift_number IS NULL) AND (plan_number IS NULL) = (kind = 'absence_add'))
) STRICT;
CREATE INDEX intent_pending ON intent (intent_number) WHERE state = 'pending';

CREATE TRIGGER intent_stays BEFORE UPDATE ON intent
WHEN OLD.state <> 'pending' OR OLD.intent_id <> NEW.intent_id OR OLD.kind <> NEW.kind OR OLD.body <> NEW.body
BEGIN
    SELECT RAISE(ABORT, 'an intent is never changed, and is decided once');
END;

-- By how much the clocks on the walls of a zone are ahead of UTC, from one instant to another. Without gaps.
CREATE TABLE zone_offset (
    time_zone      TEXT NOT NULL,
    starts_at      INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL CHECK (starts_at < ends_at),
    offset_seconds INTEGER NOT NULL,
    PRIMARY KEY (time_zone, starts_at)
) STRICT, WITHOUT ROWID;
