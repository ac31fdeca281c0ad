-- Rules by which the shop is told of something, and what they have found.

-- When the rules are run on an answer, in Unix milliseconds: once, after it was sent, or some minutes after its last
-- revision. 0 once they were run; null if they never will be, as for what was imported or there before any rule.
ALTER TABLE responses ADD COLUMN rules_due INTEGER;
CREATE INDEX responses_rules_due ON responses (rules_due) WHERE rules_due > 0;

CREATE TABLE alert_rules (
    -- Never given twice: the alerts of a removed rule stay.
    rule       INTEGER PRIMARY KEY AUTOINCREMENT,
    -- JSON, as `src/rules.rs` writes it.
    condition  TEXT NOT NULL,
    is_on      INTEGER NOT NULL DEFAULT 1 CHECK (is_on IN (0, 1)),
    created_at INTEGER NOT NULL,
    -- The answers that it has found beyond the limit of an hour, and when the first of them was found.
    held       INTEGER NOT NULL DEFAULT 0,
    held_since INTEGER,
    -- The day of a silence or a week that it was run on: days since 1970-01-01 of the shop's calendar.
    run_on     INTEGER
) STRICT;

CREATE TABLE alerts (
    alert    INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    rule     INTEGER NOT NULL,
    -- The answer that it is about, by its number in `responses`. The alert is erased with it.
    number   INTEGER,
    -- The id that the answer is shown under, by which a receiver knows it.
    shown_as TEXT,
    -- JSON, as `src/rules.rs` writes it: what else it is about. Never what a customer wrote.
    finding  TEXT NOT NULL
) STRICT;
CREATE INDEX alerts_rule ON alerts (rule, at);
CREATE INDEX alerts_at ON alerts (at);
CREATE INDEX alerts_number ON alerts (number) WHERE number IS NOT NULL;
