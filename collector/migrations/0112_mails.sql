-- Which alerts a colleague gets by mail, and when not.
CREATE TABLE alert_mails (
    account     INTEGER PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    address     TEXT NOT NULL,
    language    TEXT NOT NULL CHECK (language IN ('en', 'de')),
    -- The quiet hours in minutes of the shop's day; both null for none.
    quiet_from  INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_until INTEGER CHECK (quiet_until BETWEEN 0 AND 1439),
    CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
) STRICT;

-- The rules whose alerts a colleague has chosen.
CREATE TABLE alert_mail_rules (
    rule    INTEGER NOT NULL REFERENCES alert_rules (rule) ON DELETE CASCADE,
    account INTEGER NOT NULL REFERENCES alert_mails (account) ON DELETE CASCADE,
    PRIMARY KEY (rule, account)
) STRICT, WITHOUT ROWID;
