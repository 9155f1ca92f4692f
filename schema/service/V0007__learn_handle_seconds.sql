-- What sessions of each queue take, learned from those that end: a patron's wait is told by it.

-- Since when an operator has had a session.
ALTER TABLE live_session ADD COLUMN held_since timestamptz;
-- Nobody noted it until now; the last mark of life is the nearest that is known.
UPDATE live_session SET held_since = active_at WHERE operator_id IS NOT NULL;
ALTER TABLE live_session ADD CONSTRAINT held_session_tells_since_when CHECK (
    (operator_id IS NULL) = (held_since IS NULL));

-- A running mean over the last sessions, written with the batch that ends them, under the lock of routing_head: so all
-- processes have the same, and what was learned is as durable as the ends.
CREATE TABLE queue_pace (
    consortium_id     text COLLATE "C" NOT NULL,
    queue_id          text COLLATE "C" NOT NULL,
    -- Sessions that the mean remembers.
    session_count     integer NOT NULL CHECK (session_count >= 1),
    mean_milliseconds bigint NOT NULL CHECK (mean_milliseconds >= 0),
    PRIMARY KEY (consortium_id, queue_id)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
