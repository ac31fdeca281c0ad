-- A file between its upload and its import: kept so that it need not be sent again for each correction.
-- It goes a day after it came at the latest, and its bytes with its import.
CREATE TABLE uploads (
    id       TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    -- What its answers are of, where the file does not say: JSON.
    defaults TEXT NOT NULL,
    -- After the import: what came of it, as JSON, and the rows that were not taken, as CSV.
    outcome  TEXT,
    rejected BLOB
) STRICT;
