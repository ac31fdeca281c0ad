-- What the shop has replied to customers, and what they wrote back.
CREATE TABLE replies (
    -- Never given twice.
    reply           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- That of `responses`. A reply is erased with its answer.
    number          INTEGER NOT NULL,
    -- The id that the customer's page has for it. It says nothing of the answer.
    public_id       TEXT NOT NULL UNIQUE,
    -- That of `case_steps`, which says who replied.
    step            INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    way             TEXT NOT NULL CHECK (way IN ('page', 'mail', 'elsewhere')),
    words           TEXT NOT NULL,
    -- From then on the customer can read it, and nobody can take it back. Null for a reply that was sent with another
    -- program, which no page shows.
    visible_from    INTEGER,
    -- What the customer wrote back, once.
    written_back    TEXT,
    written_back_at INTEGER,
    -- How far the mail has come; null for another way.
    mail            TEXT CHECK (mail IN ('waiting', 'delivered', 'failed')),
    -- When the attempts began that end after 24 hours.
    mail_since      INTEGER,
    mail_attempts   INTEGER NOT NULL DEFAULT 0,
    -- When the next attempt is due; null if there will be none.
    mail_next_at    INTEGER,
    CHECK ((way = 'elsewhere') = (visible_from IS NULL)),
    CHECK ((way = 'mail') = (mail IS NOT NULL)),
    CHECK ((written_back IS NULL) = (written_back_at IS NULL))
) STRICT;
CREATE INDEX replies_number ON replies (number, reply);
CREATE INDEX replies_step ON replies (step);
CREATE INDEX replies_mail ON replies (mail_next_at) WHERE mail_next_at IS NOT NULL;
CREATE INDEX replies_failed ON replies (reply) WHERE mail = 'failed';

-- The history of a case has four more kinds of events. In `case_steps`, the account -1 stands for the collector.
CREATE TABLE case_events_of_0140 (
    event    INTEGER PRIMARY KEY NOT NULL,
    number   INTEGER NOT NULL,
    step     INTEGER NOT NULL,
    what     TEXT NOT NULL CHECK (what IN ('state', 'owner', 'note', 'words', 'reply', 'wrote-back',
                                        'mail-failed', 'rated-again')),
    -- States by their number, owners by their account's id; null for none. Of a reply, `after` is its way: 1 on the
    -- answer page, 2 by mail, 3 elsewhere; null once it was taken back.
    before   INTEGER,
    after    INTEGER,
    -- The case's version since.
    version  INTEGER NOT NULL,
    -- A note's text; null once it was taken back.
    note     TEXT
) STRICT;
INSERT INTO case_events_of_0140 (event, number, step, what, before, after, version, note)
SELECT event, number, step, what, before, after, version, note FROM case_events;
DROP TABLE case_events;
ALTER TABLE case_events_of_0140 RENAME TO case_events;
CREATE INDEX case_events_number ON case_events (number, event);
CREATE INDEX case_events_step ON case_events (step);
