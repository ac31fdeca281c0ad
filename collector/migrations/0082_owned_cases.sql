-- The cases that a colleague looks after.
CREATE INDEX cases_owner ON cases (owner) WHERE owner IS NOT NULL;
