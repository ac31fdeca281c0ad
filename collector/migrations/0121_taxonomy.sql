-- What the shop set of a theme: a name of its own, and whether it is looked for. The shop's own themes all stand here.
CREATE TABLE themes (
    theme  TEXT PRIMARY KEY NOT NULL,
    -- NULL: the usual name.
    name   TEXT,
    is_off INTEGER NOT NULL DEFAULT 0 CHECK (is_off IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Moments from which on a theme is found otherwise: by other rules, switched off or on; all of them, by other lexicons,
-- where the theme is empty. Lines over time are broken there.
CREATE TABLE theme_changes (
    theme TEXT NOT NULL,
    -- Unix milliseconds.
    at    INTEGER NOT NULL,
    PRIMARY KEY (theme, at)
) STRICT, WITHOUT ROWID;
