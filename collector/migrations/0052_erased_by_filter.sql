-- Receipts also of what was erased by a filter, batch by batch under one receipt.
CREATE TABLE receipts (
    number    INTEGER PRIMARY KEY NOT NULL,
    receipt   TEXT NOT NULL UNIQUE,
    at        INTEGER NOT NULL,
    -- What was asked for: one response, an order's, a customer's, those that a filter finds, or those past
    -- their time.
    by        TEXT NOT NULL CHECK (by IN ('response', 'order', 'customer', 'filter', 'retention')),
    responses INTEGER NOT NULL,
    comments  INTEGER NOT NULL,
    contacts  INTEGER NOT NULL,
    displays  INTEGER NOT NULL
) STRICT;
INSERT INTO receipts SELECT * FROM erasures;
DROP TABLE erasures;
ALTER TABLE receipts RENAME TO erasures;
CREATE INDEX displays_aside ON displays (received_at) WHERE aside > 0;
