-- The link for a review in a survey's settings, from when on; a link that is NULL is none. With the counts by day and
-- score it shows that no score ever decided who was asked for a public review. No person stands here.
CREATE TABLE review_links (
    survey TEXT NOT NULL,
    -- Unix milliseconds.
    since  INTEGER NOT NULL,
    link   TEXT,
    PRIMARY KEY (survey, since)
) STRICT, WITHOUT ROWID;
-- When it was set before this release is not known, so the history begins now.
INSERT INTO review_links
SELECT id, CAST(unixepoch('subsec') * 1000 AS INTEGER), review_link FROM surveys
WHERE review_link IS NOT NULL;
