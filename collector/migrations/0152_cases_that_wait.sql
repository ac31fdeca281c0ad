-- Whether a colleague gets a mail when a case that nobody looks after waits for an answer.
ALTER TABLE alert_mails ADD COLUMN unowned_cases INTEGER NOT NULL DEFAULT 0 CHECK (unowned_cases IN (0, 1));
