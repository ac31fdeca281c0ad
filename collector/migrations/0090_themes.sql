-- What answers are about (`src/themes.rs`): the ids of themes, with a space between them, and whether the comment
-- has words in a language whose themes can be found.
ALTER TABLE responses ADD COLUMN themes TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN themes_read INTEGER NOT NULL DEFAULT 0 CHECK (themes_read IN (0, 1));
-- The edition of lexicons and rules that found them; 0 for answers that were stored before this release, until
-- the server has found theirs.
ALTER TABLE responses ADD COLUMN themes_edition INTEGER NOT NULL DEFAULT 0;

-- What a person said an answer is about, or is not.
CREATE TABLE theme_corrections (
    -- Of `responses`.
    number   INTEGER NOT NULL,
    theme    TEXT NOT NULL,
    is_named INTEGER NOT NULL CHECK (is_named IN (0, 1)),
    PRIMARY KEY (number, theme)
) STRICT, WITHOUT ROWID;

-- The shop's own words for a theme.
CREATE TABLE theme_rules (
    rule  INTEGER PRIMARY KEY NOT NULL,
    theme TEXT NOT NULL,
    words TEXT NOT NULL,
    UNIQUE (theme, words)
) STRICT;
