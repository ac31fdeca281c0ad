-- The answers with a contact: when one is due to be erased, and how many customers asked to be answered. The
-- contact itself stands in `responses.response`, and an earlier one in `revisions`.
CREATE TABLE contacts (
    -- That of `responses`.
    number    INTEGER PRIMARY KEY NOT NULL,
    -- When the contact was erased, in milliseconds; null while it is stored.
    erased_at INTEGER
) STRICT;

INSERT INTO contacts (number)
SELECT number FROM responses WHERE trim(response ->> '$.contact') <> ''
UNION SELECT number FROM revisions WHERE trim(differs ->> '$.contact') <> '';

-- Those that are still stored.
CREATE INDEX contacts_stored ON contacts (number) WHERE erased_at IS NULL;
