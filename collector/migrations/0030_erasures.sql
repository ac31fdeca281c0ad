-- What was erased stays erased: a late retry or a second import of the same file is recognised by
-- the SHA-256 of the response's id and not stored again. The id itself is not kept.
CREATE TABLE erased (
    id_hash BLOB PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

-- What was erased, when and how much of it: the receipt. It holds nothing about whom it was, so that
-- it need not be erased in turn.
CREATE TABLE erasures (
    number    INTEGER PRIMARY KEY NOT NULL,
    receipt   TEXT NOT NULL UNIQUE,
    at        INTEGER NOT NULL,
    -- What was asked for: one response, an order's, a customer's, or those past their time.
    by        TEXT NOT NULL CHECK (by IN ('response', 'order', 'customer', 'retention')),
    responses INTEGER NOT NULL,
    comments  INTEGER NOT NULL,
    contacts  INTEGER NOT NULL,
    displays  INTEGER NOT NULL
) STRICT;
