-- Comments that the shop shows to strangers. The customer has allowed it, and a colleague has chosen it. A quote is taken
-- down with the words, the name or the permission that it came from.
CREATE TABLE quotes (
    -- Of `responses`.
    number    INTEGER PRIMARY KEY NOT NULL,
    -- Its public id, which says nothing of the response's.
    quote     TEXT NOT NULL UNIQUE,
    -- The revision that it was chosen from.
    revision  INTEGER NOT NULL,
    -- The comment as it stands, with marks where something was left out.
    words     TEXT NOT NULL,
    -- Unix milliseconds.
    chosen_at INTEGER NOT NULL
) STRICT;
