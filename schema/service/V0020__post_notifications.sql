-- News to where people read: beside mail, or in its place, a program's address to which it is posted.

CREATE TABLE notification_address (
    consortium_id  identifier NOT NULL,
    account_number integer NOT NULL,
    url            text NOT NULL CHECK (char_length(url) BETWEEN 10 AND 2000),
    -- Signing needs it as it is, so it cannot be kept as a hash.
    secret         bytea NOT NULL CHECK (octet_length(secret) = 32),
    -- Whether no mail is sent beside it.
    replaces_mail  boolean NOT NULL,
    PRIMARY KEY (consortium_id, account_number),
    FOREIGN KEY (consortium_id, account_number) REFERENCES account ON DELETE CASCADE
);

-- How each is sent; what is collected for a daily mail is not parted yet.
ALTER TABLE notification
    ADD COLUMN way text NOT NULL DEFAULT 'mail' CHECK (way IN ('mail', 'post')),
    ADD CONSTRAINT collected_is_not_parted CHECK (state <> 'collected' OR way = 'mail');
