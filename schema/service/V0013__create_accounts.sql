-- Accounts: who may use the pages, as what, and how they prove that it is them.

CREATE TABLE account (
    consortium_id  identifier NOT NULL REFERENCES consortium,
    account_number integer NOT NULL CHECK (account_number >= 1),
    -- In small letters, so that ADA@example.org is not somebody else than ada@example.org.
    email          text COLLATE "C" NOT NULL CHECK (
        octet_length(email) BETWEEN 3 AND 254 AND email = lower(email) AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    name           text NOT NULL CHECK (name <> '' AND char_length(name) <= 200),
    role           text NOT NULL CHECK (role IN ('coordinator', 'manager', 'operator', 'reader')),
    library_id     identifier,
    operator_id    identifier,
    -- In the form $scrypt$ln=16,r=8,p=2$SALT$KEY; null until an invitation is accepted, and where somebody signs in
    -- through their own institution.
    password_hash  text CHECK (password_hash LIKE '$scrypt$%'),
    -- Who the person is to an identity provider (OpenID Connect: iss and sub).
    issuer         text CHECK (issuer <> ''),
    subject        text CHECK (subject <> ''),
    created_at     timestamptz NOT NULL,
    created_by     text NOT NULL CHECK (created_by <> ''),
    disabled_at    timestamptz,
    PRIMARY KEY (consortium_id, account_number),
    CONSTRAINT account_email_is_one_accounts UNIQUE (consortium_id, email),
    UNIQUE (consortium_id, issuer, subject),
    -- Nobody's account goes with them.
    FOREIGN KEY (consortium_id, library_id) REFERENCES library ON DELETE CASCADE,
    FOREIGN KEY (consortium_id, operator_id) REFERENCES operator ON DELETE CASCADE,
    -- An operator's library is the one that the operator belongs to now.
    CONSTRAINT account_role_fits CHECK (
        (library_id IS NULL OR role IN ('manager', 'reader')) AND (library_id IS NOT NULL OR role <> 'manager')
        AND (operator_id IS NOT NULL) = (role = 'operator')),
    CONSTRAINT account_issuer_has_a_subject CHECK ((issuer IS NULL) = (subject IS NULL))
);
CREATE INDEX account_by_library ON account (consortium_id, library_id);
CREATE INDEX account_by_operator ON account (consortium_id, operator_id);

-- Browsers that are signed in. Each has a secret in a cookie; who has it is the account.
CREATE TABLE account_session (
    consortium_id  identifier NOT NULL,
    account_number integer NOT NULL,
    -- Counted from 1 for each account.
    session_number integer NOT NULL CHECK (session_number >= 1),
    -- SHA-256 of the secret. A slow hash would add nothing: 256 random bits cannot be guessed.
    secret_hash    bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    -- What the browser calls itself, for its owner to know it by.
    device         text NOT NULL CHECK (char_length(device) <= 300),
    created_at     timestamptz NOT NULL,
    -- To the minute or so: writing it with every page would cost more than it tells.
    last_seen_at   timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (consortium_id, account_number, session_number),
    UNIQUE (consortium_id, secret_hash),
    FOREIGN KEY (consortium_id, account_number) REFERENCES account ON DELETE CASCADE,
    CHECK (created_at <= last_seen_at AND created_at < expires_at)
) WITH (fillfactor = 70);

-- Links under which somebody sets a password: once, and until they run out.
CREATE TABLE invitation (
    consortium_id  identifier NOT NULL,
    secret_hash    bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    account_number integer NOT NULL,
    purpose        text NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    created_at     timestamptz NOT NULL,
    created_by     text NOT NULL CHECK (created_by <> ''),
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz,
    PRIMARY KEY (consortium_id, secret_hash),
    FOREIGN KEY (consortium_id, account_number) REFERENCES account ON DELETE CASCADE,
    CHECK (created_at < expires_at AND used_at < expires_at)
);
-- Whoever makes a new link withdraws the one before.
CREATE UNIQUE INDEX one_unused_invitation ON invitation (consortium_id, account_number) WHERE used_at IS NULL;

-- Attempts to sign in that count towards a limit, on all nodes together. One time says how much of an allowance is
-- used: each attempt moves it on by as long as one attempt takes to come back.
CREATE TABLE sign_in_attempt (
    consortium_id identifier NOT NULL REFERENCES consortium,
    -- SHA-256 of the email address or of the client's address: who tried where is nobody's business.
    subject_hash  bytea NOT NULL CHECK (octet_length(subject_hash) = 32),
    spent_until   timestamptz NOT NULL,
    PRIMARY KEY (consortium_id, subject_hash)
) WITH (fillfactor = 70);
CREATE INDEX sign_in_attempt_by_time ON sign_in_attempt (consortium_id, spent_until);
