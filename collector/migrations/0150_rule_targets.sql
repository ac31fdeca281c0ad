-- Which targets a rule tells: all of them, also those that are added later, or a choice.
ALTER TABLE alert_rules ADD COLUMN tells_all INTEGER NOT NULL DEFAULT 1 CHECK (tells_all IN (0, 1));

-- The choice of a rule that does not tell all.
CREATE TABLE alert_rule_targets (
    rule   INTEGER NOT NULL REFERENCES alert_rules (rule) ON DELETE CASCADE,
    target INTEGER NOT NULL REFERENCES alert_targets (target) ON DELETE CASCADE,
    PRIMARY KEY (rule, target)
) STRICT, WITHOUT ROWID;
