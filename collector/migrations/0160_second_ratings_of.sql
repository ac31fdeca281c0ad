-- A second rating knows of its answer what the report needs, so that counting who was won back reads no answers.
ALTER TABLE second_ratings ADD COLUMN received_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE second_ratings ADD COLUMN survey TEXT NOT NULL DEFAULT '';
ALTER TABLE second_ratings ADD COLUMN touchpoint TEXT NOT NULL DEFAULT '';
ALTER TABLE second_ratings ADD COLUMN first_score INTEGER NOT NULL DEFAULT 0;

UPDATE second_ratings SET (received_at, survey, touchpoint, first_score) = (
    SELECT received_at, survey, touchpoint, score FROM responses r WHERE r.number = second_ratings.number)
WHERE EXISTS (SELECT 1 FROM responses r WHERE r.number = second_ratings.number);

CREATE INDEX second_ratings_of ON second_ratings
    (received_at, number, rated_at, score, survey, touchpoint, first_score);
