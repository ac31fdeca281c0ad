-- The question was shown: one row a display, under the id that its response has if there is one.
-- Sent where the tag says data-report="all". Times are Unix milliseconds, UTC.
CREATE TABLE displays (
    id           TEXT PRIMARY KEY NOT NULL,
    survey       TEXT NOT NULL,
    touchpoint   TEXT NOT NULL,
    locale       TEXT NOT NULL,
    page         TEXT NOT NULL,
    -- By the customer's clock; either may arrive first, or alone.
    shown_at     INTEGER,
    dismissed_at INTEGER,
    -- By ours: when the first of both arrived, which never changes.
    received_at  INTEGER NOT NULL,
    -- The score of its response; null while there is none. Kept by the triggers below.
    score        INTEGER
) STRICT;

-- For retention, which ends displays with the responses of their time.
CREATE INDEX displays_received ON displays (received_at);

-- Displays a day. A display that was answered does not count as dismissed, whatever happened to it
-- before or after.
CREATE TABLE daily_displays (
    day        INTEGER NOT NULL,
    survey     TEXT NOT NULL,
    touchpoint TEXT NOT NULL,
    shown      INTEGER NOT NULL,
    dismissed  INTEGER NOT NULL,
    promoters  INTEGER NOT NULL,
    passives   INTEGER NOT NULL,
    detractors INTEGER NOT NULL,
    PRIMARY KEY (day, survey, touchpoint)
) STRICT, WITHOUT ROWID;
CREATE INDEX daily_displays_none ON daily_displays (shown) WHERE shown = 0;

-- What a display adds to `daily_displays`.
CREATE VIEW counted_displays AS
SELECT id,
       (received_at + (SELECT ahead FROM zone_offsets
                       WHERE since <= received_at ORDER BY since DESC LIMIT 1)) / 86400000 AS day,
       survey, touchpoint, 1 AS shown,
       score IS NULL AND dismissed_at IS NOT NULL AS dismissed,
       coalesce(score >= 9, 0) AS promoters,
       coalesce(score BETWEEN 7 AND 8, 0) AS passives,
       coalesce(score <= 6, 0) AS detractors
FROM displays;

CREATE TRIGGER display_comes AFTER INSERT ON displays BEGIN
    INSERT INTO daily_displays
    SELECT day, survey, touchpoint, shown, dismissed, promoters, passives, detractors
    FROM counted_displays WHERE id = NEW.id
    ON CONFLICT DO UPDATE SET
        shown = shown + excluded.shown, dismissed = dismissed + excluded.dismissed,
        promoters = promoters + excluded.promoters, passives = passives + excluded.passives,
        detractors = detractors + excluded.detractors;
    -- The answer may have come first.
    UPDATE displays SET score = (SELECT score FROM responses WHERE id = NEW.id)
    WHERE id = NEW.id AND score IS NOT (SELECT score FROM responses WHERE id = NEW.id);
END;

CREATE TRIGGER display_goes BEFORE DELETE ON displays BEGIN
    INSERT INTO daily_displays
    SELECT day, survey, touchpoint, -shown, -dismissed, -promoters, -passives, -detractors
    FROM counted_displays WHERE id = OLD.id
    ON CONFLICT DO UPDATE SET
        shown = shown + excluded.shown, dismissed = dismissed + excluded.dismissed,
        promoters = promoters + excluded.promoters, passives = passives + excluded.passives,
        detractors = detractors + excluded.detractors;
    DELETE FROM daily_displays WHERE shown = 0;
END;

CREATE TRIGGER display_changes BEFORE UPDATE ON displays BEGIN
    INSERT INTO daily_displays
    SELECT day, survey, touchpoint, -shown, -dismissed, -promoters, -passives, -detractors
    FROM counted_displays WHERE id = OLD.id
    ON CONFLICT DO UPDATE SET
        shown = shown + excluded.shown, dismissed = dismissed + excluded.dismissed,
        promoters = promoters + excluded.promoters, passives = passives + excluded.passives,
        detractors = detractors + excluded.detractors;
    DELETE FROM daily_displays WHERE shown = 0;
END;

CREATE TRIGGER display_changed AFTER UPDATE ON displays BEGIN
    INSERT INTO daily_displays
    SELECT day, survey, touchpoint, shown, dismissed, promoters, passives, detractors
    FROM counted_displays WHERE id = NEW.id
    ON CONFLICT DO UPDATE SET
        shown = shown + excluded.shown, dismissed = dismissed + excluded.dismissed,
        promoters = promoters + excluded.promoters, passives = passives + excluded.passives,
        detractors = detractors + excluded.detractors;
END;

-- A display follows its response, also out of the database: erasing the answer and keeping that the
-- question was shown to the same person would be half an erasure, and would look like silence.

CREATE TRIGGER display_answered AFTER INSERT ON responses BEGIN
    UPDATE displays SET score = NEW.score WHERE id = NEW.id AND score IS NOT NEW.score;
END;

CREATE TRIGGER display_reanswered AFTER UPDATE ON responses BEGIN
    UPDATE displays SET score = NEW.score WHERE id = NEW.id AND score IS NOT NEW.score;
END;

CREATE TRIGGER display_erased AFTER DELETE ON responses BEGIN
    DELETE FROM displays WHERE id = OLD.id;
END;
