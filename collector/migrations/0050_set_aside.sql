-- Answers and displays that no figure counts, and why: a bit each, as `src/aside.rs` numbers them; 0 for
-- almost all. Of the answers of one order at one touchpoint of one survey the latest counts; the others
-- have the bit 256.
ALTER TABLE responses ADD COLUMN aside INTEGER NOT NULL DEFAULT 0 CHECK (aside BETWEEN 0 AND 65535);
ALTER TABLE displays ADD COLUMN aside INTEGER NOT NULL DEFAULT 0 CHECK (aside BETWEEN 0 AND 65535);
UPDATE responses SET aside = 256
WHERE order_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM order_moments m WHERE m.order_id = responses.order_id
        AND m.survey = responses.survey AND m.number = responses.number);
UPDATE displays SET aside = 256 WHERE id IN (SELECT id FROM responses WHERE aside = 256);

-- To look at what was set aside, newest first.
CREATE INDEX responses_aside ON responses (received_at) WHERE aside > 0;

-- The counts, once more with `flagged`: 0 for what counts, 1 for what is set aside for being implausible
-- alone. They are filled when the collector opens the database (`store/sqlite/recount.rs`).
DROP TABLE daily_scores;
CREATE TABLE daily_scores (
    day        INTEGER NOT NULL,
    survey     TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    method     INTEGER NOT NULL,
    flagged    INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    s0 INTEGER NOT NULL, s1 INTEGER NOT NULL, s2 INTEGER NOT NULL, s3 INTEGER NOT NULL,
    s4 INTEGER NOT NULL, s5 INTEGER NOT NULL, s6 INTEGER NOT NULL, s7 INTEGER NOT NULL,
    s8 INTEGER NOT NULL, s9 INTEGER NOT NULL, s10 INTEGER NOT NULL,
    PRIMARY KEY (day, survey, touchpoint, method, flagged)
) STRICT, WITHOUT ROWID;

DROP TABLE daily_facets;
CREATE TABLE daily_facets (
    facet      TEXT NOT NULL,
    day        INTEGER NOT NULL,
    value      TEXT NOT NULL,
    survey     TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    flagged    INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    s0 INTEGER NOT NULL, s1 INTEGER NOT NULL, s2 INTEGER NOT NULL, s3 INTEGER NOT NULL,
    s4 INTEGER NOT NULL, s5 INTEGER NOT NULL, s6 INTEGER NOT NULL, s7 INTEGER NOT NULL,
    s8 INTEGER NOT NULL, s9 INTEGER NOT NULL, s10 INTEGER NOT NULL,
    PRIMARY KEY (facet, day, value, survey, touchpoint, flagged)
) STRICT, WITHOUT ROWID;

DROP TABLE daily_pairs;
CREATE TABLE daily_pairs (
    day            INTEGER NOT NULL,
    survey         TEXT NOT NULL,
    first          TEXT NOT NULL,
    second         TEXT NOT NULL,
    first_segment  INTEGER NOT NULL,
    second_segment INTEGER NOT NULL,
    -- 1 if either answer is flagged.
    flagged        INTEGER NOT NULL,
    pairs          INTEGER NOT NULL,
    PRIMARY KEY (day, survey, first, second, first_segment, second_segment, flagged)
) STRICT, WITHOUT ROWID;

-- A display counts as its answer does.
DROP TABLE daily_displays;
CREATE TABLE daily_displays (
    day        INTEGER NOT NULL,
    survey     TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    flagged    INTEGER NOT NULL,
    shown      INTEGER NOT NULL,
    dismissed  INTEGER NOT NULL,
    promoters  INTEGER NOT NULL,
    passives   INTEGER NOT NULL,
    detractors INTEGER NOT NULL,
    PRIMARY KEY (day, survey, touchpoint, flagged)
) STRICT, WITHOUT ROWID;

-- How many answers were set aside, by what is said of them first.
CREATE TABLE daily_aside (
    day        INTEGER NOT NULL,
    survey     TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    kind       TEXT NOT NULL,
    answers    INTEGER NOT NULL,
    PRIMARY KEY (day, survey, touchpoint, kind)
) STRICT, WITHOUT ROWID;

-- The one answer of an order at each moment in a survey: the latest, an implausible one only where
-- there is no other; no test, and none that was taken out.
DROP TABLE order_moments;
CREATE TABLE order_moments (
    order_id    TEXT NOT NULL,
    survey      TEXT NOT NULL,
    -- The touchpoint's in the journey: 0 visit, 1 order, 2 delivery, 3 support, 4 return.
    place       INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    -- -1 detractor, 0 passive, 1 promoter.
    segment     INTEGER NOT NULL,
    flagged     INTEGER NOT NULL,
    PRIMARY KEY (order_id, survey, place)
) STRICT, WITHOUT ROWID;
