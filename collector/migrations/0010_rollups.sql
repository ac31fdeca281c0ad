-- What the report reads instead of every response: counts a day, kept by triggers, so that whoever
-- writes `responses` keeps them right without knowing of them. The views say once what is counted;
-- triggers and rebuilding read the same ones.
--
-- A writer may insert, update, upsert and delete. `INSERT OR REPLACE` needs the pragma
-- recursive_triggers, which the collector's connections switch on: without it SQLite replaces a row
-- and runs no trigger for the one that went.

-- Where the shop's days begin: from `since` (Unix milliseconds) on, local time is UTC plus `ahead`
-- milliseconds. Written from the time zone database when the time zone is set; UTC until then.
CREATE TABLE zone_offsets (
    since INTEGER PRIMARY KEY NOT NULL,
    ahead INTEGER NOT NULL
) STRICT;
INSERT INTO zone_offsets VALUES (-9223372036854775808, 0);

-- How a question was asked. Scores are comparable only where this is alike.
CREATE TABLE methods (
    method     INTEGER PRIMARY KEY NOT NULL,
    -- The locale's language without its region: `de`.
    language   TEXT NOT NULL,
    question   TEXT NOT NULL,
    low_label  TEXT NOT NULL,
    high_label TEXT NOT NULL,
    layout     TEXT NOT NULL,
    mode       TEXT NOT NULL,
    UNIQUE (question, language, low_label, high_label, layout, mode)
) STRICT;

-- A response with its day: days since 1970-01-01 of the shop's calendar.
CREATE VIEW dated_responses AS
SELECT id, survey, touchpoint, score, order_id, response, received_at,
       lower(substr(locale, 1, instr(locale || '-', '-') - 1)) AS language,
       (received_at + (SELECT ahead FROM zone_offsets
                       WHERE since <= received_at ORDER BY since DESC LIMIT 1)) / 86400000 AS day
FROM responses;

-- A response with the parts of its method, as `methods` has them.
CREATE VIEW response_methods AS
SELECT id, day, survey, touchpoint, score, language,
       coalesce(response ->> '$.method.question', '') AS question,
       coalesce(response ->> '$.method.low_label', '') AS low_label,
       coalesce(response ->> '$.method.high_label', '') AS high_label,
       coalesce(response ->> '$.method.layout', '') AS layout,
       coalesce(response ->> '$.method.mode', '') AS mode
FROM dated_responses;

-- What a response adds to `daily_scores`.
CREATE VIEW counted_responses AS
SELECT r.id, r.day, r.survey, r.touchpoint, m.method,
       1 AS answers,
       score = 0 AS s0, score = 1 AS s1, score = 2 AS s2, score = 3 AS s3, score = 4 AS s4,
       score = 5 AS s5, score = 6 AS s6, score = 7 AS s7, score = 8 AS s8, score = 9 AS s9,
       score = 10 AS s10
FROM response_methods r
CROSS JOIN methods m USING (question, language, low_label, high_label, layout, mode);

-- Answers a day, by score.
CREATE TABLE daily_scores (
    day        INTEGER NOT NULL,
    survey     TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    method     INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    s0 INTEGER NOT NULL, s1 INTEGER NOT NULL, s2 INTEGER NOT NULL, s3 INTEGER NOT NULL,
    s4 INTEGER NOT NULL, s5 INTEGER NOT NULL, s6 INTEGER NOT NULL, s7 INTEGER NOT NULL,
    s8 INTEGER NOT NULL, s9 INTEGER NOT NULL, s10 INTEGER NOT NULL,
    PRIMARY KEY (day, survey, touchpoint, method)
) STRICT, WITHOUT ROWID;
-- Finds what counts nothing any more; holds it only until then.
CREATE INDEX daily_scores_none ON daily_scores (answers) WHERE answers = 0;

-- What a response can be broken down by: one row a fact, each fact once a response. Every arm can
-- be asked for one id, which is how the triggers ask.
CREATE VIEW response_facets AS
SELECT id, day, survey, touchpoint, score, 'country' AS facet, response ->> '$.order.country' AS value
    FROM dated_responses WHERE response ->> '$.order.country' <> ''
UNION ALL
SELECT id, day, survey, touchpoint, score, 'customer', response ->> '$.customer.kind'
    FROM dated_responses WHERE response ->> '$.customer.kind' <> ''
UNION ALL
SELECT id, day, survey, touchpoint, score, 'language', language FROM dated_responses
UNION ALL
SELECT DISTINCT r.id, day, survey, touchpoint, score, 'product', item.value
    FROM dated_responses r, json_each(r.response, '$.order.products') item
UNION ALL
SELECT DISTINCT r.id, day, survey, touchpoint, score, 'reason', item.value
    FROM dated_responses r, json_each(r.response, '$.reasons') item
UNION ALL
SELECT DISTINCT r.id, day, survey, touchpoint, score, 'tag', item.value
    FROM dated_responses r, json_each(r.response, '$.tags') item
UNION ALL
SELECT r.id, day, survey, touchpoint, score, 'prop-' || item.key, item.value
    FROM dated_responses r, json_each(r.response, '$.properties') item WHERE item.value <> '';

-- What a response adds to `daily_facets`.
CREATE VIEW counted_facets AS
SELECT id, facet, day, value, survey, touchpoint,
       1 AS answers,
       score = 0 AS s0, score = 1 AS s1, score = 2 AS s2, score = 3 AS s3, score = 4 AS s4,
       score = 5 AS s5, score = 6 AS s6, score = 7 AS s7, score = 8 AS s8, score = 9 AS s9,
       score = 10 AS s10
FROM response_facets;

-- Answers a day, by each fact and score.
CREATE TABLE daily_facets (
    facet      TEXT NOT NULL,
    day        INTEGER NOT NULL,
    value      TEXT NOT NULL,
    survey     TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    answers INTEGER NOT NULL,
    s0 INTEGER NOT NULL, s1 INTEGER NOT NULL, s2 INTEGER NOT NULL, s3 INTEGER NOT NULL,
    s4 INTEGER NOT NULL, s5 INTEGER NOT NULL, s6 INTEGER NOT NULL, s7 INTEGER NOT NULL,
    s8 INTEGER NOT NULL, s9 INTEGER NOT NULL, s10 INTEGER NOT NULL,
    PRIMARY KEY (facet, day, value, survey, touchpoint)
) STRICT, WITHOUT ROWID;
CREATE INDEX daily_facets_none ON daily_facets (answers) WHERE answers = 0;

-- Two moments of one order. The latest answer at each touchpoint of an order in a survey; `place`
-- is the touchpoint's in the journey.
CREATE TABLE order_moments (
    order_id   TEXT NOT NULL,
    survey     TEXT NOT NULL,
    place      INTEGER NOT NULL,
    touchpoint TEXT NOT NULL,
    day        INTEGER NOT NULL,
    -- -1 detractor, 0 passive, 1 promoter.
    segment    INTEGER NOT NULL,
    PRIMARY KEY (order_id, survey, place)
) STRICT, WITHOUT ROWID;

CREATE VIEW moment_responses AS
SELECT id, order_id, survey, touchpoint, day, received_at,
       CASE touchpoint WHEN 'visit' THEN 0 WHEN 'order' THEN 1 WHEN 'delivery' THEN 2
                       WHEN 'support' THEN 3 ELSE 4 END AS place,
       (score >= 9) - (score <= 6) AS segment
FROM dated_responses WHERE order_id IS NOT NULL;

-- Orders a day (that of the later answer), by the segments at both moments.
CREATE TABLE daily_pairs (
    day            INTEGER NOT NULL,
    survey         TEXT NOT NULL,
    first          TEXT NOT NULL,
    second         TEXT NOT NULL,
    first_segment  INTEGER NOT NULL,
    second_segment INTEGER NOT NULL,
    pairs          INTEGER NOT NULL,
    PRIMARY KEY (day, survey, first, second, first_segment, second_segment)
) STRICT, WITHOUT ROWID;
CREATE INDEX daily_pairs_none ON daily_pairs (pairs) WHERE pairs = 0;

-- Finds the latest answer of an order at a touchpoint without reading its others: an order id may
-- be a mistake that thousands share.
DROP INDEX responses_order;
CREATE INDEX responses_order ON responses (order_id, survey, touchpoint, received_at, id)
    WHERE order_id IS NOT NULL;

CREATE TRIGGER moment_comes AFTER INSERT ON order_moments BEGIN
    INSERT INTO daily_pairs
    SELECT max(day, NEW.day), survey,
           iif(place < NEW.place, touchpoint, NEW.touchpoint),
           iif(place < NEW.place, NEW.touchpoint, touchpoint),
           iif(place < NEW.place, segment, NEW.segment),
           iif(place < NEW.place, NEW.segment, segment), 1
    FROM order_moments
    WHERE order_id = NEW.order_id AND survey = NEW.survey AND place <> NEW.place
    ON CONFLICT DO UPDATE SET pairs = pairs + 1;
END;

CREATE TRIGGER moment_goes AFTER DELETE ON order_moments BEGIN
    UPDATE daily_pairs SET pairs = pairs - 1
    WHERE (day, survey, first, second, first_segment, second_segment) IN (
        SELECT max(day, OLD.day), survey,
               iif(place < OLD.place, touchpoint, OLD.touchpoint),
               iif(place < OLD.place, OLD.touchpoint, touchpoint),
               iif(place < OLD.place, segment, OLD.segment),
               iif(place < OLD.place, OLD.segment, segment)
        FROM order_moments
        WHERE order_id = OLD.order_id AND survey = OLD.survey AND place <> OLD.place);
    DELETE FROM daily_pairs WHERE pairs = 0;
END;

-- The triggers on `responses`. What goes is taken off before it changes, while the views still show
-- it; what comes is added after.

CREATE TRIGGER response_comes AFTER INSERT ON responses BEGIN
    INSERT INTO methods (language, question, low_label, high_label, layout, mode)
    SELECT language, question, low_label, high_label, layout, mode
    FROM response_methods WHERE id = NEW.id
        -- An OR IGNORE here would be overruled by the statement that fired the trigger.
        AND NOT EXISTS (SELECT 1 FROM counted_responses WHERE id = NEW.id);
    INSERT INTO daily_scores
    SELECT day, survey, touchpoint, method,
           answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10
    FROM counted_responses WHERE id = NEW.id
    ON CONFLICT DO UPDATE SET
        answers = answers + excluded.answers,
        s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
        s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
        s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
        s9 = s9 + excluded.s9, s10 = s10 + excluded.s10;
    INSERT INTO daily_facets
    SELECT facet, day, value, survey, touchpoint,
           answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10
    FROM counted_facets WHERE id = NEW.id
    ON CONFLICT DO UPDATE SET
        answers = answers + excluded.answers,
        s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
        s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
        s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
        s9 = s9 + excluded.s9, s10 = s10 + excluded.s10;
END;

CREATE TRIGGER response_goes BEFORE DELETE ON responses BEGIN
    INSERT INTO daily_scores
    SELECT day, survey, touchpoint, method,
           -answers, -s0, -s1, -s2, -s3, -s4, -s5, -s6, -s7, -s8, -s9, -s10
    FROM counted_responses WHERE id = OLD.id
    ON CONFLICT DO UPDATE SET
        answers = answers + excluded.answers,
        s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
        s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
        s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
        s9 = s9 + excluded.s9, s10 = s10 + excluded.s10;
    DELETE FROM daily_scores WHERE answers = 0;
    INSERT INTO daily_facets
    SELECT facet, day, value, survey, touchpoint,
           -answers, -s0, -s1, -s2, -s3, -s4, -s5, -s6, -s7, -s8, -s9, -s10
    FROM counted_facets WHERE id = OLD.id
    ON CONFLICT DO UPDATE SET
        answers = answers + excluded.answers,
        s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
        s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
        s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
        s9 = s9 + excluded.s9, s10 = s10 + excluded.s10;
    -- A fact that nobody shares any more is forgotten: it may name a person.
    DELETE FROM daily_facets WHERE answers = 0;
END;

CREATE TRIGGER response_changes BEFORE UPDATE ON responses BEGIN
    INSERT INTO daily_scores
    SELECT day, survey, touchpoint, method,
           -answers, -s0, -s1, -s2, -s3, -s4, -s5, -s6, -s7, -s8, -s9, -s10
    FROM counted_responses WHERE id = OLD.id
    ON CONFLICT DO UPDATE SET
        answers = answers + excluded.answers,
        s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
        s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
        s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
        s9 = s9 + excluded.s9, s10 = s10 + excluded.s10;
    DELETE FROM daily_scores WHERE answers = 0;
    INSERT INTO daily_facets
    SELECT facet, day, value, survey, touchpoint,
           -answers, -s0, -s1, -s2, -s3, -s4, -s5, -s6, -s7, -s8, -s9, -s10
    FROM counted_facets WHERE id = OLD.id
    ON CONFLICT DO UPDATE SET
        answers = answers + excluded.answers,
        s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
        s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
        s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
        s9 = s9 + excluded.s9, s10 = s10 + excluded.s10;
    -- A fact that nobody shares any more is forgotten: it may name a person.
    DELETE FROM daily_facets WHERE answers = 0;
END;

CREATE TRIGGER response_changed AFTER UPDATE ON responses BEGIN
    INSERT INTO methods (language, question, low_label, high_label, layout, mode)
    SELECT language, question, low_label, high_label, layout, mode
    FROM response_methods WHERE id = NEW.id
        -- An OR IGNORE here would be overruled by the statement that fired the trigger.
        AND NOT EXISTS (SELECT 1 FROM counted_responses WHERE id = NEW.id);
    INSERT INTO daily_scores
    SELECT day, survey, touchpoint, method,
           answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10
    FROM counted_responses WHERE id = NEW.id
    ON CONFLICT DO UPDATE SET
        answers = answers + excluded.answers,
        s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
        s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
        s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
        s9 = s9 + excluded.s9, s10 = s10 + excluded.s10;
    INSERT INTO daily_facets
    SELECT facet, day, value, survey, touchpoint,
           answers, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10
    FROM counted_facets WHERE id = NEW.id
    ON CONFLICT DO UPDATE SET
        answers = answers + excluded.answers,
        s0 = s0 + excluded.s0, s1 = s1 + excluded.s1, s2 = s2 + excluded.s2,
        s3 = s3 + excluded.s3, s4 = s4 + excluded.s4, s5 = s5 + excluded.s5,
        s6 = s6 + excluded.s6, s7 = s7 + excluded.s7, s8 = s8 + excluded.s8,
        s9 = s9 + excluded.s9, s10 = s10 + excluded.s10;
END;

-- An order's moments are settled after the change, from what is there then.

CREATE TRIGGER order_answered AFTER INSERT ON responses BEGIN
    DELETE FROM order_moments
    WHERE order_id = NEW.order_id AND survey = NEW.survey AND touchpoint = NEW.touchpoint;
    INSERT INTO order_moments
    SELECT order_id, survey, place, touchpoint, day, segment FROM moment_responses
    WHERE id = (SELECT id FROM responses
                WHERE order_id = NEW.order_id AND survey = NEW.survey AND touchpoint = NEW.touchpoint
                ORDER BY received_at DESC, id DESC LIMIT 1);
END;

CREATE TRIGGER order_reanswered AFTER UPDATE ON responses BEGIN
    DELETE FROM order_moments
    WHERE order_id = OLD.order_id AND survey = OLD.survey AND touchpoint = OLD.touchpoint;
    DELETE FROM order_moments
    WHERE order_id = NEW.order_id AND survey = NEW.survey AND touchpoint = NEW.touchpoint;
    INSERT INTO order_moments
    SELECT order_id, survey, place, touchpoint, day, segment FROM moment_responses
    WHERE id = (SELECT id FROM responses
                WHERE order_id = OLD.order_id AND survey = OLD.survey AND touchpoint = OLD.touchpoint
                ORDER BY received_at DESC, id DESC LIMIT 1)
        -- The same place again is filled below.
        AND (OLD.order_id, OLD.survey, OLD.touchpoint) IS NOT (NEW.order_id, NEW.survey, NEW.touchpoint);
    INSERT INTO order_moments
    SELECT order_id, survey, place, touchpoint, day, segment FROM moment_responses
    WHERE id = (SELECT id FROM responses
                WHERE order_id = NEW.order_id AND survey = NEW.survey AND touchpoint = NEW.touchpoint
                ORDER BY received_at DESC, id DESC LIMIT 1);
END;

CREATE TRIGGER order_unanswered AFTER DELETE ON responses BEGIN
    DELETE FROM order_moments
    WHERE order_id = OLD.order_id AND survey = OLD.survey AND touchpoint = OLD.touchpoint;
    INSERT INTO order_moments
    SELECT order_id, survey, place, touchpoint, day, segment FROM moment_responses
    WHERE id = (SELECT id FROM responses
                WHERE order_id = OLD.order_id AND survey = OLD.survey AND touchpoint = OLD.touchpoint
                ORDER BY received_at DESC, id DESC LIMIT 1);
END;

-- What was answered before this release.
INSERT INTO methods (language, question, low_label, high_label, layout, mode)
SELECT DISTINCT language, question, low_label, high_label, layout, mode FROM response_methods;
INSERT INTO daily_scores
SELECT day, survey, touchpoint, method, count(*), sum(s0), sum(s1), sum(s2), sum(s3), sum(s4),
       sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10)
FROM counted_responses GROUP BY day, survey, touchpoint, method;
INSERT INTO daily_facets
SELECT facet, day, value, survey, touchpoint, count(*), sum(s0), sum(s1), sum(s2), sum(s3), sum(s4),
       sum(s5), sum(s6), sum(s7), sum(s8), sum(s9), sum(s10)
FROM counted_facets GROUP BY facet, day, value, survey, touchpoint;
INSERT INTO order_moments
SELECT order_id, survey, place, touchpoint, day, segment FROM (
    SELECT *, row_number() OVER (PARTITION BY order_id, survey, touchpoint
                                 ORDER BY received_at DESC, id DESC) AS newest
    FROM moment_responses)
WHERE newest = 1;
