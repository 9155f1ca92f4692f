-- What each person wants to be told by mail, and when.

-- Where there is no row, the topic's standard counts.
CREATE TABLE notification_choice (
    consortium_id  identifier NOT NULL,
    account_number integer NOT NULL,
    topic          text NOT NULL CHECK (topic IN ('own_schedule', 'own_requests', 'requests', 'open_shifts')),
    delivery       text NOT NULL CHECK (delivery IN ('at_once', 'daily', 'never')),
    PRIMARY KEY (consortium_id, account_number, topic),
    FOREIGN KEY (consortium_id, account_number) REFERENCES account ON DELETE CASCADE
);

-- Each account's daily mail.
CREATE TABLE notification_digest (
    consortium_id  identifier NOT NULL,
    account_number integer NOT NULL,
    -- From which hour on, by the consortium's clock.
    hour           smallint NOT NULL DEFAULT 7 CHECK (hour BETWEEN 0 AND 23),
    -- The last day whose mail was made: two nodes do not make it twice.
    made_for       date,
    PRIMARY KEY (consortium_id, account_number),
    FOREIGN KEY (consortium_id, account_number) REFERENCES account ON DELETE CASCADE
);
