-- Where alerts are sent, and what is still to be sent there.

CREATE TABLE alert_targets (
    -- Never given twice: it is part of what a secret is sealed with.
    target     INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('webhook', 'slack', 'teams', 'discord')),
    name       TEXT NOT NULL,
    language   TEXT NOT NULL CHECK (language IN ('en', 'de')),
    -- The name of the host, which is no secret.
    host       TEXT NOT NULL,
    -- JSON with the address and the secrets that sign, sealed (`src/access/seal.rs`).
    sealed     BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- One message to one receiver. A row is written in the transaction of what it is about, and sent at least once.
CREATE TABLE deliveries (
    delivery   INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The header `webhook-id`: the same in every attempt.
    message    TEXT NOT NULL UNIQUE,
    -- A target, or the account of a colleague who gets a mail.
    target     INTEGER,
    account    INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
    what       TEXT NOT NULL CHECK (what IN ('alert', 'test', 'erased')),
    -- That of `alerts`; null for a test and an erasure. A delivery is erased with its alert.
    alert      INTEGER,
    -- The id under which a receiver knows an answer that was erased; null once it was told.
    shown_as   TEXT,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    created_at INTEGER NOT NULL,
    -- When the attempts began that end after 24 hours: as it was written, or as a person sent it again.
    since      INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- When the next attempt is due; null if there will be none.
    next_at    INTEGER,
    last_at    INTEGER,
    -- The last attempt's status of HTTP, or why there was none.
    status     INTEGER,
    problem    TEXT,
    CHECK ((target IS NULL) <> (account IS NULL))
) STRICT;
CREATE INDEX deliveries_next ON deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_alert ON deliveries (alert) WHERE alert IS NOT NULL;
-- What was delivered stays as long as its answer, so that what waits must be found without it.
CREATE INDEX deliveries_target ON deliveries (target, next_at) WHERE target IS NOT NULL;
CREATE INDEX deliveries_account ON deliveries (account, next_at) WHERE account IS NOT NULL;
CREATE INDEX deliveries_failed ON deliveries (delivery) WHERE state = 'failed';
