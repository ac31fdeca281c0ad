-- What is known of a survey beside its answers. What a setting leaves open is null, or an empty list.
CREATE TABLE surveys (
    id             TEXT PRIMARY KEY NOT NULL,
    name           TEXT,
    subject        TEXT,
    -- A JSON list of origins; where it is empty, answers from anywhere are taken.
    origins        TEXT NOT NULL DEFAULT '[]',
    review_link    TEXT,
    -- Answers older than that are erased; null keeps them.
    retention_days INTEGER CHECK (retention_days BETWEEN 1 AND 36500),
    language       TEXT CHECK (language IN ('en', 'de')),
    -- Unix milliseconds, UTC.
    created_at     INTEGER NOT NULL
) STRICT;

-- A survey appears by itself with its first answer, whoever writes it.
-- (An OR IGNORE would be overruled by the statement that fires the trigger.)
CREATE TRIGGER survey_appears AFTER INSERT ON responses
WHEN NOT EXISTS (SELECT 1 FROM surveys WHERE id = NEW.survey) BEGIN
    INSERT INTO surveys (id, created_at) VALUES (NEW.survey, NEW.received_at);
END;
CREATE TRIGGER survey_reappears AFTER UPDATE OF survey ON responses
WHEN NOT EXISTS (SELECT 1 FROM surveys WHERE id = NEW.survey) BEGIN
    INSERT INTO surveys (id, created_at) VALUES (NEW.survey, NEW.received_at);
END;
CREATE TRIGGER survey_is_shown AFTER INSERT ON displays
WHEN NOT EXISTS (SELECT 1 FROM surveys WHERE id = NEW.survey) BEGIN
    INSERT INTO surveys (id, created_at) VALUES (NEW.survey, NEW.received_at);
END;
INSERT INTO surveys (id, created_at)
SELECT survey, min(received_at) FROM (SELECT survey, received_at FROM responses
                                      UNION ALL SELECT survey, received_at FROM displays)
GROUP BY survey;

-- Answers that were refused for the site they came from: so that a forgotten origin is seen, and no
-- answer is lost in silence. Only that it happened, and where.
CREATE TABLE refusals (
    survey  TEXT NOT NULL,
    origin  TEXT NOT NULL,
    answers INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (survey, origin)
) STRICT, WITHOUT ROWID;
