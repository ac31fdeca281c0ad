-- The pages on which customers read their own answers again (`/r/{secret}`). Of each secret only the hash is stored. An
-- answer has one page that the customer's browser made, and another one for each mail with a link.
CREATE TABLE answer_pages (
    -- SHA-256 of the secret, in small hexadecimal digits.
    hash    TEXT PRIMARY KEY NOT NULL,
    -- That of `responses`.
    number  INTEGER NOT NULL,
    -- Unix milliseconds.
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_pages_number ON answer_pages (number);

INSERT INTO answer_pages
SELECT response ->> '$.answer_page', number, updated_at FROM responses
WHERE response ->> '$.answer_page' IS NOT NULL
ON CONFLICT DO NOTHING;

-- Second ratings, which customers give on these pages. They are counted as won back, and in no other figure.
CREATE TABLE second_ratings (
    rating   INTEGER PRIMARY KEY NOT NULL,
    -- That of the answer which it follows, in `responses`.
    number   INTEGER NOT NULL,
    -- Unix milliseconds.
    rated_at INTEGER NOT NULL,
    score    INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10),
    comment  TEXT
) STRICT;
CREATE INDEX second_ratings_number ON second_ratings (number, rated_at);

-- What customers have withdrawn on these pages. A later revision does not bring it back.
CREATE TABLE withdrawals (
    -- That of `responses`.
    number INTEGER NOT NULL,
    what   TEXT NOT NULL CHECK (what IN ('quote', 'contact')),
    PRIMARY KEY (number, what)
) STRICT, WITHOUT ROWID;
