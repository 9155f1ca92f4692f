-- What a library may see of the service, row for row. The agent alone writes here.
--
-- Columns stand in the order in which the feed sends them, those of the key first. Instants are whole Unix seconds
-- (UTC); minutes and weekdays are by the wall clock, 0 is Monday; dates are YYYY-MM-DD.

CREATE TABLE consortium (
    consortium_id TEXT NOT NULL PRIMARY KEY,
    name          TEXT NOT NULL,
    time_zone     TEXT NOT NULL,
    slot_minutes  INTEGER NOT NULL,
    starts_on     TEXT NOT NULL,
    weeks         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE library (
    library_id TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    time_zone  TEXT NOT NULL,
    phone      TEXT NOT NULL,
    email      TEXT NOT NULL,
    url        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE library_hours (
    library_id TEXT NOT NULL,
    weekday    INTEGER NOT NULL,
    opens      INTEGER NOT NULL,
    closes     INTEGER NOT NULL,
    PRIMARY KEY (library_id, weekday, opens)
) STRICT, WITHOUT ROWID;

CREATE TABLE queue (
    queue_id          TEXT NOT NULL PRIMARY KEY,
    name              TEXT NOT NULL,
    channel           TEXT NOT NULL,
    skill             TEXT NOT NULL,
    priority          INTEGER NOT NULL,
    min_shift_minutes INTEGER NOT NULL,
    max_shift_minutes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE opening_hours (
    queue_id TEXT NOT NULL,
    weekday  INTEGER NOT NULL,
    opens    INTEGER NOT NULL,
    closes   INTEGER NOT NULL,
    PRIMARY KEY (queue_id, weekday, opens)
) STRICT, WITHOUT ROWID;

-- An empty library_id closes every library.
CREATE TABLE closure (
    library_id TEXT NOT NULL,
    closed_on  TEXT NOT NULL,
    reason     TEXT NOT NULL,
    PRIMARY KEY (library_id, closed_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE demand (
    queue_id  TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL,
    minimum   INTEGER NOT NULL,
    target    INTEGER NOT NULL,
    PRIMARY KEY (queue_id, starts_at)
) STRICT, WITHOUT ROWID;

-- Published plans alone.
CREATE TABLE plan (
    plan_number  INTEGER NOT NULL PRIMARY KEY,
    starts_at    INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    message      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Of published plans alone. library_id is the operator's.
CREATE TABLE shift (
    plan_number  INTEGER NOT NULL,
    shift_number INTEGER NOT NULL,
    queue_id     TEXT NOT NULL,
    library_id   TEXT NOT NULL,
    operator_id  TEXT NOT NULL,
    starts_at    INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    PRIMARY KEY (plan_number, shift_number)
) STRICT, WITHOUT ROWID;

-- From here on only what belongs to the cache's own library.

-- Hours are whole numbers or decimals of an hour.
CREATE TABLE operator (
    operator_id        TEXT NOT NULL PRIMARY KEY,
    library_id         TEXT NOT NULL,
    name               TEXT NOT NULL,
    email              TEXT NOT NULL,
    max_hours_per_week ANY NOT NULL,
    max_hours_per_day  ANY NOT NULL,
    chat_capacity      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_skill (
    operator_id TEXT NOT NULL,
    skill       TEXT NOT NULL,
    PRIMARY KEY (operator_id, skill)
) STRICT, WITHOUT ROWID;

-- preference goes from -2, would rather not, to 2, would like to.
CREATE TABLE availability (
    operator_id TEXT NOT NULL,
    weekday     INTEGER NOT NULL,
    from_minute INTEGER NOT NULL,
    to_minute   INTEGER NOT NULL,
    preference  INTEGER NOT NULL,
    PRIMARY KEY (operator_id, weekday, from_minute, to_minute, preference)
) STRICT, WITHOUT ROWID;

CREATE TABLE absence (
    operator_id TEXT NOT NULL,
    starts_at   INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (operator_id, starts_at, ends_at, reason)
) STRICT, WITHOUT ROWID;

-- Of either shift's library. Without a with_shift_number it is anybody's to answer.
CREATE TABLE swap_request (
    request_id        TEXT NOT NULL PRIMARY KEY,
    plan_number       INTEGER NOT NULL,
    shift_number      INTEGER NOT NULL,
    operator_id       TEXT NOT NULL,
    with_plan_number  INTEGER,
    with_shift_number INTEGER,
    state             TEXT NOT NULL,
    reason            TEXT NOT NULL,
    made_at           INTEGER NOT NULL,
    library_id        TEXT NOT NULL,
    with_library_id   TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE shift_decline (
    request_id   TEXT NOT NULL PRIMARY KEY,
    plan_number  INTEGER NOT NULL,
    shift_number INTEGER NOT NULL,
    operator_id  TEXT NOT NULL,
    reason       TEXT NOT NULL,
    state        TEXT NOT NULL,
    made_at      INTEGER NOT NULL,
    library_id   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE intent_outcome (
    intent_id  TEXT NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT,
    theirs     TEXT,
    decided_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Email questions.
CREATE TABLE ticket (
    session_number INTEGER NOT NULL PRIMARY KEY,
    queue_id       TEXT NOT NULL,
    library_id     TEXT,
    operator_id    TEXT,
    state          TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    due_at         INTEGER,
    note           TEXT
) STRICT, WITHOUT ROWID;
