-- Browsers that signed in to an account before. Their attempts to sign in are counted apart, so that
-- nobody can keep an account's owner out by guessing passwords. The secret is kept as SHA-256.
CREATE TABLE devices (
    hash       BLOB PRIMARY KEY NOT NULL,
    account    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- Unix milliseconds, UTC.
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_account ON devices (account, created_at);
