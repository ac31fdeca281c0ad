-- One row a response, as of its highest revision. The whole of it is in `response`; the other
-- columns repeat what is searched, sorted or erased by. Times are Unix milliseconds, UTC.
CREATE TABLE responses (
    id          TEXT PRIMARY KEY NOT NULL,
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
    -- By the customer's clock.
    shown_at    INTEGER NOT NULL,
    scored_at   INTEGER NOT NULL,
    sent_at     INTEGER NOT NULL,
    -- By ours: the first revision's arrival, which never changes, and the last one's.
    received_at INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    response    TEXT NOT NULL
) STRICT;

-- Newest first, with the id to break ties: the order of every list, and its cursor.
CREATE INDEX responses_newest ON responses (received_at, id);
CREATE INDEX responses_survey_newest ON responses (survey, received_at, id);

-- Erasure by order or customer.
CREATE INDEX responses_order ON responses (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX responses_customer ON responses (customer_id) WHERE customer_id IS NOT NULL;
