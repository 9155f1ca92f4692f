-- What programs need to use the service: their tokens, the libraries' policy pages, and webhooks.

CREATE TABLE api_token (
    consortium_id       identifier NOT NULL REFERENCES consortium,
    token_number        integer NOT NULL CHECK (token_number >= 1),
    -- Whose it is. Several tokens may belong to one chat server, so that one can be replaced without a pause.
    chat_server         identifier NOT NULL,
    -- SHA-256 of the token. A slow hash would add nothing: the token is 256 random bits, not a word that can be guessed.
    token_hash          bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    scopes              text[] NOT NULL CHECK (
        cardinality(scopes) >= 1 AND array_position(scopes, NULL) IS NULL
        AND scopes <@ ARRAY['sessions:write', 'sessions:read', 'presence:write', 'events:read', 'policy:read',
            'policy:write', 'webhooks']),
    requests_per_second integer NOT NULL CHECK (requests_per_second BETWEEN 1 AND 1000000),
    created_at          timestamptz NOT NULL,
    created_by          text NOT NULL CHECK (created_by <> ''),
    revoked_at          timestamptz,
    -- To the minute or so: writing it with every request would cost more than it tells.
    last_used_at        timestamptz,
    PRIMARY KEY (consortium_id, token_number),
    UNIQUE (consortium_id, token_hash)
) WITH (fillfactor = 70);

-- What a colleague elsewhere needs to answer a library's patrons. Every version stays; the highest one counts.
CREATE TABLE policy_page (
    consortium_id   identifier NOT NULL,
    library_id      identifier NOT NULL,
    version         integer NOT NULL CHECK (version >= 1),
    greeting        text NOT NULL CHECK (char_length(greeting) <= 300),
    hours           text NOT NULL CHECK (char_length(hours) <= 1000),
    cards_and_loans text NOT NULL CHECK (char_length(cards_and_loans) <= 2000),
    -- [{"name", "url", "note"}]
    databases       jsonb NOT NULL CHECK (jsonb_typeof(databases) = 'array'),
    -- [{"topic", "to"}]
    refer_to        jsonb NOT NULL CHECK (jsonb_typeof(refer_to) = 'array'),
    body            text NOT NULL CHECK (char_length(body) <= 10000),
    written_at      timestamptz NOT NULL,
    written_by      text NOT NULL CHECK (written_by <> ''),
    -- When somebody last said that it is all still so; the page is out of date a set time after.
    confirmed_at    timestamptz NOT NULL,
    PRIMARY KEY (consortium_id, library_id, version),
    FOREIGN KEY (consortium_id, library_id) REFERENCES library ON DELETE CASCADE,
    CHECK (confirmed_at >= written_at)
);
CREATE TRIGGER record_inserts AFTER INSERT ON policy_page REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_inserts();
CREATE TRIGGER record_deletes AFTER DELETE ON policy_page REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_deletes();
CREATE TRIGGER record_update AFTER UPDATE ON policy_page
    FOR EACH ROW EXECUTE FUNCTION record_update();

CREATE TABLE webhook (
    consortium_id  identifier NOT NULL REFERENCES consortium,
    webhook_number integer NOT NULL CHECK (webhook_number >= 1),
    chat_server    identifier NOT NULL,
    url            text NOT NULL CHECK (char_length(url) BETWEEN 10 AND 2000),
    -- Signing needs it as it is, so it cannot be kept as a hash.
    secret         bytea NOT NULL CHECK (octet_length(secret) = 32),
    -- Empty is all.
    event_types    text[] NOT NULL,
    created_at     timestamptz NOT NULL,
    -- Events up to this number have become deliveries.
    last_event     bigint NOT NULL CHECK (last_event >= 0),
    -- Failures in a row. While there are some, one delivery at a time is tried, and none before the endpoint's time.
    failures       integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    quiet_until    timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (consortium_id, webhook_number)
) WITH (fillfactor = 70);

-- Deliveries still to be made, and those given up. One that was made is deleted.
CREATE TABLE webhook_delivery (
    consortium_id  identifier NOT NULL,
    webhook_number integer NOT NULL,
    event_number   bigint NOT NULL,
    state          text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'given_up')),
    since          timestamptz NOT NULL,
    attempts       integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- Whoever attempts it moves this on first: a node that dies meanwhile has only delayed it.
    next_attempt_at timestamptz NOT NULL,
    last_problem   text,
    PRIMARY KEY (consortium_id, webhook_number, event_number),
    FOREIGN KEY (consortium_id, webhook_number) REFERENCES webhook ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX webhook_delivery_due ON webhook_delivery (consortium_id, webhook_number, next_attempt_at)
    WHERE state = 'due';
