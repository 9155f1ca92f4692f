-- How readily patrons of each queue give up, learned from how waits end: the waits that others are told rest on it.

-- Beside what sessions take, in the same row: a batch in which sessions are accepted and ended writes one of them.
ALTER TABLE queue_pace
    -- Waits that the two running means remember.
    ADD COLUMN wait_count             integer NOT NULL DEFAULT 0 CHECK (wait_count >= 0),
    ADD COLUMN mean_wait_milliseconds bigint NOT NULL DEFAULT 0 CHECK (mean_wait_milliseconds >= 0),
    -- Of a million waits, how many ended because the patron left.
    ADD COLUMN left_per_million       integer NOT NULL DEFAULT 0 CHECK (left_per_million BETWEEN 0 AND 1000000),
    -- Waits may have ended where no session has yet.
    DROP CONSTRAINT queue_pace_session_count_check,
    ADD CONSTRAINT queue_pace_session_count_check CHECK (session_count >= 0);
