-- Tokens may also read cases.
CREATE TABLE scoped_tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    scope      TEXT NOT NULL CHECK (scope IN ('read', 'cases', 'import', 'admin')),
    created_by TEXT,
    created_at INTEGER NOT NULL,
    -- Right to an hour.
    used_at    INTEGER
) STRICT;
INSERT INTO scoped_tokens SELECT * FROM tokens;
DROP TABLE tokens;
ALTER TABLE scoped_tokens RENAME TO tokens;
