-- Texts that a reply to a customer can begin with. They hold nothing of a customer.
CREATE TABLE reply_templates (
    -- Never given twice.
    template INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL,
    -- The tag of a language that customers are asked in.
    language TEXT NOT NULL,
    words    TEXT NOT NULL
) STRICT;
