-- The collector counts by itself now, a batch at a time (`store/sqlite/ledger.rs`): no trigger runs any
-- more when a response is written, and no view says what it adds. What was counted so far stays.
--
-- Responses get a number, which the index of facts, the orders' moments and the search go by; and what
-- they can be filtered by stands in a table of its own.

DROP TRIGGER moment_comes;
DROP TRIGGER moment_goes;
DROP TRIGGER display_comes;
DROP TRIGGER display_goes;
DROP TRIGGER display_changes;
DROP TRIGGER display_changed;
DROP TRIGGER survey_is_shown;

CREATE TABLE numbered_responses (
    -- Counts up, and never changes.
    number      INTEGER PRIMARY KEY NOT NULL,
    id          TEXT NOT NULL UNIQUE,
    revision    INTEGER NOT NULL,
    complete    INTEGER NOT NULL CHECK (complete IN (0, 1)),
    survey      TEXT NOT NULL,
    touchpoint  TEXT NOT NULL,
    score       INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10),
    comment     TEXT,
    locale      TEXT NOT NULL,
    page        TEXT NOT NULL,
    order_id    TEXT,
    customer_id TEXT,
    -- By our clock: the first revision's arrival, which never changes, and the last one's.
    received_at INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    response    TEXT NOT NULL
) STRICT;
INSERT INTO numbered_responses (
    id, revision, complete, survey, touchpoint, score, comment, locale, page, order_id, customer_id,
    received_at, updated_at, response)
SELECT id, revision, complete, survey, touchpoint, score, comment, locale, page, order_id, customer_id,
    received_at, updated_at, response
FROM responses ORDER BY received_at, id;

-- What responses can be filtered and broken down by. A fact that no response shares any more is
-- forgotten: it may name a person.
CREATE TABLE facts (
    fact  INTEGER PRIMARY KEY NOT NULL,
    -- `country`, `product` or `prop-NAME`.
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (facet, value)
) STRICT;
CREATE TABLE response_facts (
    fact        INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    PRIMARY KEY (fact, received_at, number)
) STRICT, WITHOUT ROWID;
INSERT INTO facts (facet, value)
SELECT DISTINCT facet, value FROM response_facets WHERE value <> '';
INSERT INTO response_facts
SELECT DISTINCT fact, n.received_at, n.number
FROM response_facets r JOIN facts USING (facet, value) JOIN numbered_responses n USING (id);

DROP VIEW counted_displays;
DROP VIEW counted_facets;
DROP VIEW counted_responses;
DROP VIEW moment_responses;
DROP VIEW response_facets;
DROP VIEW response_methods;
DROP VIEW dated_responses;
DROP TABLE comments_search;
DROP TABLE comments;
DROP TABLE responses;
ALTER TABLE numbered_responses RENAME TO responses;

-- Newest first, the later number first of one moment: the order of every list, and its cursor.
CREATE INDEX responses_newest ON responses (received_at);
CREATE INDEX responses_survey_newest ON responses (survey, received_at);
CREATE INDEX responses_order ON responses (order_id, survey, touchpoint, received_at)
    WHERE order_id IS NOT NULL;
CREATE INDEX responses_customer ON responses (customer_id) WHERE customer_id IS NOT NULL;

-- The latest answer of an order at each moment in a survey.
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
    PRIMARY KEY (order_id, survey, place)
) STRICT, WITHOUT ROWID;
INSERT INTO order_moments
SELECT order_id, survey, place, received_at, number, segment FROM (
    SELECT order_id, survey, received_at, number,
           CASE touchpoint WHEN 'visit' THEN 0 WHEN 'order' THEN 1 WHEN 'delivery' THEN 2
                           WHEN 'support' THEN 3 ELSE 4 END AS place,
           (score >= 9) - (score <= 6) AS segment,
           row_number() OVER (PARTITION BY order_id, survey, touchpoint
                              ORDER BY received_at DESC, number DESC) AS newest
    FROM responses WHERE order_id IS NOT NULL)
WHERE newest = 1;

-- What is not known is no fact.
DELETE FROM daily_facets WHERE value = '';

-- Rows that count nothing are found by their key now.
DROP INDEX daily_scores_none;
DROP INDEX daily_facets_none;
DROP INDEX daily_pairs_none;
DROP INDEX daily_displays_none;

-- The words of comments, each behind its day (`store/sqlite/search.rs`); filled when the collector
-- opens the database. It keeps no text, and what is erased leaves it at once, not at some later merge.
CREATE VIRTUAL TABLE comment_words USING fts5(
    words, content = '', columnsize = 0, tokenize = 'ascii'
);
INSERT INTO comment_words (comment_words, rank) VALUES ('secure-delete', 1);
