-- What a hunter marks among the results of a query. At most one incident holds a bookmark.
CREATE TABLE bookmarks (
    name         TEXT PRIMARY KEY,
    version      INTEGER NOT NULL,
    incident     INTEGER, -- NULL: in none
    title        TEXT NOT NULL,
    query        TEXT NOT NULL,
    query_result TEXT NOT NULL, -- one row, JSON
    event_time   INTEGER NOT NULL,
    query_from   INTEGER NOT NULL,
    query_to     INTEGER NOT NULL,
    notes        TEXT NOT NULL,
    labels       TEXT NOT NULL, -- lists are JSON
    tactics      TEXT NOT NULL,
    techniques   TEXT NOT NULL,
    mappings     TEXT NOT NULL, -- ARM's entityMappings
    entities     TEXT NOT NULL, -- SecurityAlert's form
    created      INTEGER NOT NULL,
    modified     INTEGER NOT NULL,
    creator_id   TEXT NOT NULL,
    creator      TEXT NOT NULL,
    changer_id   TEXT NOT NULL,
    changer      TEXT NOT NULL,
    deleted      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX bookmarks_incident ON bookmarks (incident, event_time);
