-- Where customers read how the shop handles their data; null where the shop's own link holds.
ALTER TABLE surveys ADD COLUMN privacy_link TEXT;
