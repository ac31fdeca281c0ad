-- What strangers can invent is bounded, a survey (`store/bounds.rs` has the numbers). Which facts of an
-- answer are counted stands in `response_facts`, as before; these say which may still be added.

-- The facts of a survey that are counted: first come, or chosen by the shop.
CREATE TABLE survey_facts (
    survey TEXT NOT NULL,
    fact   INTEGER NOT NULL,
    PRIMARY KEY (survey, fact)
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_facts_fact ON survey_facts (fact);
INSERT INTO survey_facts
SELECT DISTINCT r.survey, f.fact FROM response_facts f JOIN responses r ON r.number = f.number;

-- The ways of asking of a survey that are told apart. What comes later is counted under one without words.
CREATE TABLE survey_methods (
    survey TEXT NOT NULL,
    method INTEGER NOT NULL,
    PRIMARY KEY (survey, method)
) STRICT, WITHOUT ROWID;
INSERT INTO survey_methods SELECT DISTINCT survey, method FROM daily_scores;

-- What of a survey was more than is counted: a facet with too many values, `prop-` for too many of the
-- shop's own properties, `method` for too many ways of asking.
CREATE TABLE left_out (
    survey   TEXT NOT NULL,
    facet    TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (survey, facet)
) STRICT, WITHOUT ROWID;

-- The shop's own properties that are counted, a JSON list; null takes the first that come.
ALTER TABLE surveys ADD COLUMN properties TEXT;
-- Since when it is archived; null for one that is not.
ALTER TABLE surveys ADD COLUMN archived_at INTEGER;

-- Ids whose surveys were deleted. Nothing is taken for them until somebody adds them again: the tag may
-- still stand in the shop.
CREATE TABLE refused_surveys (
    id         TEXT PRIMARY KEY NOT NULL,
    refused_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Answers to surveys that nobody added yet wait: they have the bit 2048 (`src/aside.rs`). How many and how
-- large they are is read off this index.
CREATE INDEX responses_waiting ON responses (survey, octet_length(response)) WHERE aside >= 2048;

-- Receipts also of surveys that were deleted.
CREATE TABLE receipts (
    number    INTEGER PRIMARY KEY NOT NULL,
    receipt   TEXT NOT NULL UNIQUE,
    at        INTEGER NOT NULL,
    -- What was asked for: one response, an order's, a customer's, a survey's, those that a filter finds, or
    -- those past their time.
    by        TEXT NOT NULL
        CHECK (by IN ('response', 'order', 'customer', 'survey', 'filter', 'retention')),
    responses INTEGER NOT NULL,
    comments  INTEGER NOT NULL,
    contacts  INTEGER NOT NULL,
    displays  INTEGER NOT NULL
) STRICT;
INSERT INTO receipts SELECT * FROM erasures;
DROP TABLE erasures;
ALTER TABLE receipts RENAME TO erasures;
