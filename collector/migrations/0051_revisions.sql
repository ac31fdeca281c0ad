-- What an answer said before its last revision: the members of its JSON that differ from the revision after
-- it, null for one that was not there. The last revision stands in `responses`.
CREATE TABLE revisions (
    -- That of `responses`.
    number     INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    -- When it arrived.
    updated_at INTEGER NOT NULL,
    differs    TEXT NOT NULL,
    PRIMARY KEY (number, revision)
) STRICT, WITHOUT ROWID;
