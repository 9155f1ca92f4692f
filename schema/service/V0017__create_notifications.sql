-- Notifications: what people are told by mail, written in the transaction of what it tells of.

-- Those still to be sent, and those given up. One that was sent is deleted.
CREATE TABLE notification (
    consortium_id       identifier NOT NULL,
    notification_number bigint GENERATED ALWAYS AS IDENTITY,
    account_number      integer NOT NULL,
    kind                text NOT NULL CHECK (kind ~ '^[a-z][a-z_]*$'),
    -- What it tells of; words are made of it when it is sent.
    facts               jsonb NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
    happened_at         timestamptz NOT NULL,
    -- `collected` waits for the account's daily mail.
    state               text NOT NULL CHECK (state IN ('due', 'collected', 'given_up')),
    attempts            integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    first_attempt_at    timestamptz,
    -- Whoever attempts it moves this on first: a node that dies meanwhile has only delayed it.
    next_attempt_at     timestamptz NOT NULL DEFAULT '-infinity',
    last_problem        text,
    PRIMARY KEY (consortium_id, notification_number),
    FOREIGN KEY (consortium_id, account_number) REFERENCES account ON DELETE CASCADE,
    CONSTRAINT attempts_have_a_first CHECK ((attempts = 0) = (first_attempt_at IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX notification_due ON notification (consortium_id, next_attempt_at) WHERE state = 'due';
CREATE INDEX notification_by_account ON notification (consortium_id, account_number);
