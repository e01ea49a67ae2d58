-- What is remembered of a feed's ways (JSON): its rhythm, what it says of itself, where it moves. Absent until it first answers.
ALTER TABLE feed ADD COLUMN habits TEXT;

-- The host its address names; everything of a host that says it is busy waits.
ALTER TABLE feed ADD COLUMN host TEXT NOT NULL DEFAULT '';
CREATE INDEX feed_by_host ON feed (host);

-- Hosts that want to be left alone, until when.
CREATE TABLE busy_host (
    name       TEXT PRIMARY KEY,
    not_before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
