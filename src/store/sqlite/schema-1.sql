-- All times are milliseconds since 1970-01-01 UTC.

-- What is remembered of each feed ever configured.
CREATE TABLE feed (
    name          TEXT PRIMARY KEY,
    url           TEXT NOT NULL,
    active        INTEGER NOT NULL,            -- configured
    retired       INTEGER NOT NULL DEFAULT 0,  -- gone for good by its server's word (410)
    due_at        INTEGER NOT NULL,
    not_before    INTEGER NOT NULL DEFAULT 0,  -- the server's wish; even `run --once` waits for it
    leased_until  INTEGER NOT NULL DEFAULT 0,  -- claimed by a daemon until then
    interval_ms   INTEGER,
    etag          BLOB,                        -- byte for byte as received
    last_modified BLOB,
    answered      INTEGER NOT NULL DEFAULT 0,  -- has ever answered with a feed
    failures      INTEGER NOT NULL DEFAULT 0,  -- in a row
    last_checked  INTEGER,
    last_success  INTEGER,
    last_error    TEXT
) STRICT;
CREATE INDEX feed_by_due ON feed (due_at) WHERE active AND NOT retired;

-- Every article ever seen, so that none is looked at twice.
CREATE TABLE seen (
    feed    TEXT NOT NULL,
    key     TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE story (
    id        TEXT PRIMARY KEY,
    rule      TEXT NOT NULL,
    title     TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    sketch    BLOB NOT NULL,                   -- 8 bytes a hash, little-endian
    event     TEXT                             -- JSON, where the rule asks for events
) STRICT;
CREATE INDEX story_by_rule ON story (rule, opened_at);

-- The articles of each story, with why they are in it.
CREATE TABLE telling (
    story     TEXT NOT NULL REFERENCES story,
    article   TEXT NOT NULL,
    link      TEXT,                            -- canonical
    because   TEXT NOT NULL,
    told_at   INTEGER NOT NULL,
    document  TEXT NOT NULL,                   -- the alert or update as written, JSON
    PRIMARY KEY (story, article)
) STRICT, WITHOUT ROWID;

-- Alerts on their way. The pair of alert and receiver is unique, so that a second delivery of one alert cannot be written.
CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY,
    alert        TEXT NOT NULL,
    receiver     TEXT NOT NULL,
    document     TEXT NOT NULL,                -- the alert as written, JSON
    state        TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    created_at   INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    leased_until INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    last_error   TEXT,
    UNIQUE (alert, receiver)
) STRICT;
CREATE INDEX outbox_by_due ON outbox (due_at) WHERE state = 'waiting';
