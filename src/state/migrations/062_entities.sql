-- Things that alerts and bookmarks name. One row for each identity by which a thing is known (a leaf); leaves that
-- are one thing hang below one root. Merging sets a pointer and rewrites nothing, so that it can be undone.
CREATE TABLE entities (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE, -- guid made of the identity
    identity   TEXT NOT NULL UNIQUE, -- account:bob@corp
    strong     INTEGER NOT NULL,     -- 0: known by too little to ever be merged
    kind       TEXT NOT NULL,        -- ARM's
    label      TEXT NOT NULL,
    said       TEXT NOT NULL,        -- what alerts said of it, SecurityAlert's form
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    root       INTEGER               -- the entity that it was merged into; NULL: it is a root
) STRICT;
CREATE INDEX entities_root ON entities (root) WHERE root IS NOT NULL;
CREATE INDEX entities_seen ON entities (last_seen);

CREATE TABLE alert_entities (
    alert  TEXT NOT NULL,
    entity INTEGER NOT NULL, -- a leaf
    PRIMARY KEY (alert, entity)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_entities_entity ON alert_entities (entity);

CREATE TABLE entity_merges (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    time   INTEGER NOT NULL,
    kept   INTEGER NOT NULL, -- roots then
    gone   INTEGER NOT NULL,
    a      INTEGER NOT NULL, -- the leaves that were found to be one
    b      INTEGER NOT NULL,
    reason TEXT NOT NULL,
    alert  TEXT NOT NULL,    -- that said so; empty: a person
    who    TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    undone_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX entity_merges_kept ON entity_merges (kept);
CREATE INDEX entity_merges_gone ON entity_merges (gone);

-- Leaves that people have said are two things: what an alert says of the pair does not merge them again.
CREATE TABLE entity_apart (
    a INTEGER NOT NULL,
    b INTEGER NOT NULL, -- a < b
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;

-- Alerts from before are indexed when the server opens.
ALTER TABLE alerts ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alerts_unindexed ON alerts (id) WHERE indexed = 0;
