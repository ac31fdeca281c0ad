-- Full-text search over comments. The text is repeated here under a number of its own, because the
-- implicit row number of `responses` does not survive VACUUM.
CREATE TABLE comments (
    number  INTEGER PRIMARY KEY NOT NULL,
    id      TEXT NOT NULL UNIQUE,
    comment TEXT NOT NULL
) STRICT;

-- Upper case and diacritics are folded: `schon` finds `schön`. The prefixes are what people type.
CREATE VIRTUAL TABLE comments_search USING fts5(
    comment, content = 'comments', content_rowid = 'number',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
-- What is erased leaves the index at once, not at some later merge.
INSERT INTO comments_search (comments_search, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER comment_comes AFTER INSERT ON comments BEGIN
    INSERT INTO comments_search (rowid, comment) VALUES (NEW.number, NEW.comment);
END;
CREATE TRIGGER comment_goes AFTER DELETE ON comments BEGIN
    INSERT INTO comments_search (comments_search, rowid, comment)
    VALUES ('delete', OLD.number, OLD.comment);
END;
CREATE TRIGGER comment_changed AFTER UPDATE ON comments BEGIN
    INSERT INTO comments_search (comments_search, rowid, comment)
    VALUES ('delete', OLD.number, OLD.comment);
    INSERT INTO comments_search (rowid, comment) VALUES (NEW.number, NEW.comment);
END;

CREATE TRIGGER response_said AFTER INSERT ON responses WHEN NEW.comment IS NOT NULL BEGIN
    INSERT INTO comments (id, comment) VALUES (NEW.id, NEW.comment);
END;
CREATE TRIGGER response_resaid AFTER UPDATE ON responses
WHEN NEW.comment IS NOT OLD.comment OR NEW.id <> OLD.id BEGIN
    DELETE FROM comments WHERE id = OLD.id;
    INSERT INTO comments (id, comment) SELECT NEW.id, NEW.comment WHERE NEW.comment IS NOT NULL;
END;
CREATE TRIGGER response_unsaid AFTER DELETE ON responses BEGIN
    DELETE FROM comments WHERE id = OLD.id;
END;

-- What was said before this release.
INSERT INTO comments (id, comment) SELECT id, comment FROM responses WHERE comment IS NOT NULL;
