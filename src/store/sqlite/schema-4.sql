-- Deliveries that have not arrived are counted whenever somebody looks, and are few among all that did.
CREATE INDEX outbox_not_delivered ON outbox (receiver, state) WHERE state <> 'delivered';

-- Feeds that hubs send the news of (WebSub).
CREATE TABLE subscription (
    feed        TEXT PRIMARY KEY REFERENCES feed ON DELETE CASCADE,
    hub         TEXT NOT NULL,
    topic       TEXT NOT NULL,                 -- what the hub calls the feed
    callback    TEXT NOT NULL UNIQUE,          -- the part of our address that nobody can guess
    secret      TEXT NOT NULL,
    base        TEXT NOT NULL DEFAULT '',      -- the rest of our address, as the hub was told
    due_at      INTEGER NOT NULL,              -- when the hub is asked next
    asked_until INTEGER,                       -- until when it may come back to a request of ours
    lease_until INTEGER,
    delivers    INTEGER NOT NULL DEFAULT 0,    -- news comes from it before polls find it
    failures    INTEGER NOT NULL DEFAULT 0,    -- requests in a row that came to nothing
    last_error  TEXT
) STRICT, WITHOUT ROWID;
