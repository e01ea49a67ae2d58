-- By what else than its key an article is known again, and how it was learnt. Absent in articles that an older version has seen.
ALTER TABLE seen ADD COLUMN link INTEGER;                        -- hash of the canonical link
ALTER TABLE seen ADD COLUMN digest INTEGER;                      -- hash of all words
ALTER TABLE seen ADD COLUMN sketch BLOB;                         -- of the headline, 2 bytes a feature, little-endian
ALTER TABLE seen ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;   -- there, and old, when the feed was first read
CREATE INDEX seen_by_link ON seen (feed, link) WHERE link IS NOT NULL;

-- When it was last written down that the article stands in its feed; at most a day or so before it left.
ALTER TABLE seen ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;
UPDATE seen SET last_at = unixepoch() * 1000, silent = 1;

-- Articles that were seen and are remembered no more.
ALTER TABLE feed ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;

-- Keys are unique within one feed only, so that the feed is part of what names a telling.
CREATE TABLE telling_of_feed (
    story     TEXT NOT NULL REFERENCES story,
    feed      TEXT NOT NULL,                   -- empty in tellings of older versions
    article   TEXT NOT NULL,
    link      TEXT,                            -- canonical
    because   TEXT NOT NULL,
    told_at   INTEGER NOT NULL,
    document  TEXT NOT NULL,                   -- the alert or update as written, JSON
    changes   TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (story, feed, article)
) STRICT, WITHOUT ROWID;
INSERT INTO telling_of_feed SELECT story, '', article, link, because, told_at, document, changes FROM telling;
DROP TABLE telling;
ALTER TABLE telling_of_feed RENAME TO telling;
