-- Calendars: secret addresses under which people's own programs read the published schedule of an operator, a library or
-- a queue.

CREATE TABLE calendar_feed (
    consortium_id identifier NOT NULL REFERENCES consortium,
    feed_number   integer NOT NULL CHECK (feed_number >= 1),
    -- SHA-256 of the secret in the address, for 256 random bits cannot be guessed.
    secret_hash   bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    operator_id   identifier,
    library_id    identifier,
    queue_id      identifier,
    created_at    timestamptz NOT NULL,
    created_by    text NOT NULL CHECK (created_by <> ''),
    revoked_at    timestamptz,
    PRIMARY KEY (consortium_id, feed_number),
    UNIQUE (consortium_id, secret_hash),
    -- Nobody's calendar goes with them.
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator ON DELETE CASCADE,
    FOREIGN KEY (consortium_id, library_id) REFERENCES library ON DELETE CASCADE,
    FOREIGN KEY (consortium_id, queue_id) REFERENCES queue ON DELETE CASCADE,
    CONSTRAINT calendar_is_of_one_thing CHECK (num_nonnulls(operator_id, library_id, queue_id) = 1)
);
CREATE INDEX calendar_feed_by_operator ON calendar_feed (consortium_id, operator_id);
CREATE INDEX calendar_feed_by_library ON calendar_feed (consortium_id, library_id);
CREATE INDEX calendar_feed_by_queue ON calendar_feed (consortium_id, queue_id);
