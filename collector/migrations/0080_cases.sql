-- Answers that somebody looks after. `case_state`: 0 for an answer that is no case, 1 new, 2 seen, 3 in
-- progress, 4 answered, 5 closed. A new case has no row in `cases`: it follows from the answer alone, and the
-- ledger writes it with the answer. The row comes when somebody acts.
ALTER TABLE responses ADD COLUMN case_state INTEGER NOT NULL DEFAULT 0
    CHECK (case_state BETWEEN 0 AND 5);

-- What arrived in the last 30 days is still worth an answer. Older answers, and those that were imported, are
-- no cases until somebody acts. (512 is the first bit of tests, excluded and waiting answers.)
UPDATE responses SET case_state = 1
WHERE received_at > (unixepoch() - 30 * 86400) * 1000 AND aside < 512
    AND (comment IS NOT NULL OR score <= 6 OR trim(response ->> '$.contact') <> '');

-- The cases of one state, newest first.
CREATE INDEX responses_cases ON responses (case_state, received_at) WHERE case_state > 0;

CREATE TABLE cases (
    -- That of `responses`.
    number  INTEGER PRIMARY KEY NOT NULL,
    -- Counts the changes of state and owner, and new words of the customer: whoever changes a case says which
    -- version they saw.
    version INTEGER NOT NULL,
    -- An account's id. A removed account leaves its id, which no other account ever gets.
    owner   INTEGER
) STRICT;

-- What one person did in one step, to one or to many cases.
CREATE TABLE case_steps (
    step    INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    -- Null for the holder of the admin token, 0 for a customer.
    account INTEGER
) STRICT;

CREATE INDEX case_steps_at ON case_steps (at);

-- The history of each case.
CREATE TABLE case_events (
    event    INTEGER PRIMARY KEY NOT NULL,
    number   INTEGER NOT NULL,
    step     INTEGER NOT NULL,
    what     TEXT NOT NULL CHECK (what IN ('state', 'owner', 'note', 'words')),
    -- States by their number, owners by their account's id; null for none.
    before   INTEGER,
    after    INTEGER,
    -- The case's version since.
    version  INTEGER NOT NULL,
    -- A note's text; null once it was taken back.
    note     TEXT
) STRICT;
CREATE INDEX case_events_number ON case_events (number, event);
CREATE INDEX case_events_step ON case_events (step);
