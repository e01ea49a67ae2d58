-- What all articles of a story together have told of its event (JSON), by which a later one is measured. Absent in stories of
-- older versions, whose event stands in for it.
ALTER TABLE story ADD COLUMN known TEXT;

-- What was materially new in an article when it came: a JSON array, empty for "also reported by".
ALTER TABLE telling ADD COLUMN changes TEXT NOT NULL DEFAULT '[]';
