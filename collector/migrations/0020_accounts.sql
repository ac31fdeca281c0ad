-- Who may look at what customers said. Times are Unix milliseconds, UTC. No secret is kept as it is:
-- passwords as Argon2id, the random ones (sessions, links, tokens) as SHA-256.
CREATE TABLE accounts (
    -- Never given twice: a removed colleague's number must not become another's.
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- In lower case.
    login      TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('reader', 'member', 'admin')),
    password   TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    hash       BLOB PRIMARY KEY NOT NULL,
    account    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    -- Right to a few minutes.
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account);

-- Links that work once: the first admin's, an invitation, a new password.
CREATE TABLE links (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL UNIQUE,
    purpose    TEXT NOT NULL CHECK (purpose IN ('setup', 'invitation', 'password')),
    -- An invitation's.
    role       TEXT CHECK (role IN ('reader', 'member', 'admin')),
    name       TEXT,
    -- Whose password.
    account    INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    scope      TEXT NOT NULL CHECK (scope IN ('read', 'import', 'admin')),
    created_by TEXT,
    created_at INTEGER NOT NULL,
    -- Right to an hour.
    used_at    INTEGER
) STRICT;
