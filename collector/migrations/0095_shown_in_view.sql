-- The first release counted a question as shown once it was painted. From this day on (in UTC), it counts once half of it
-- was in view. A database without displays has only such days, and needs no mark.
INSERT INTO settings (name, value)
SELECT 'shown_in_view_from', strftime('%Y-%m-%d', 'now') WHERE EXISTS (SELECT 1 FROM displays)
ON CONFLICT DO NOTHING;
