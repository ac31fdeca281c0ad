-- What the collector decided once and has to remember, such as the admin token's hash.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
