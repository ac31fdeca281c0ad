-- Lists that are narrowed by touchpoint, score or segment read these from the index, and no answer that they leave out: in a
-- large year neighbours in time lie far apart in the table. The number stands before them, because it ends the order of
-- every list.
DROP INDEX responses_newest;
CREATE INDEX responses_newest ON responses (received_at, number, touchpoint, score);
DROP INDEX responses_survey_newest;
CREATE INDEX responses_survey_newest ON responses (survey, received_at, number, touchpoint, score);
DROP INDEX responses_cases;
CREATE INDEX responses_cases ON responses (case_state, received_at, number, touchpoint, score) WHERE case_state > 0;
