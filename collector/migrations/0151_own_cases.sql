-- Whether a colleague gets a mail when the customer of one of their own cases writes back.
ALTER TABLE alert_mails ADD COLUMN own_cases INTEGER NOT NULL DEFAULT 0 CHECK (own_cases IN (0, 1));
