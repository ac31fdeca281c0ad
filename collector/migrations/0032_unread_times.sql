-- The customer's times stay in `response`, where they may be missing. Nobody searched or sorted by them.
ALTER TABLE responses DROP COLUMN shown_at;
ALTER TABLE responses DROP COLUMN scored_at;
ALTER TABLE responses DROP COLUMN sent_at;
