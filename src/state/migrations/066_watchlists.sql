-- Small tables that rules read, with every version of them.
CREATE TABLE watchlists (
    alias            TEXT PRIMARY KEY COLLATE NOCASE,
    id               TEXT NOT NULL UNIQUE, -- guid
    version          INTEGER NOT NULL,
    name             TEXT NOT NULL,
    provider         TEXT NOT NULL,
    source           TEXT NOT NULL,
    source_type      TEXT NOT NULL,
    description      TEXT NOT NULL,
    labels           TEXT NOT NULL, -- lists are JSON
    default_duration TEXT NOT NULL,
    search_key       TEXT NOT NULL,
    columns          TEXT NOT NULL,
    n_items          INTEGER NOT NULL,
    created          INTEGER NOT NULL,
    modified         INTEGER NOT NULL,
    creator_id       TEXT NOT NULL,
    creator          TEXT NOT NULL,
    changer_id       TEXT NOT NULL,
    changer          TEXT NOT NULL,
    request          TEXT NOT NULL, -- that made this version
    deleted          INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE watchlist_items (
    watchlist  TEXT NOT NULL, -- its id
    id         TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    item       TEXT NOT NULL, -- JSON: a text for each column
    version    INTEGER NOT NULL, -- of the watchlist in which it became so
    created    INTEGER NOT NULL,
    modified   INTEGER NOT NULL,
    creator_id TEXT NOT NULL,
    creator    TEXT NOT NULL,
    changer_id TEXT NOT NULL,
    changer    TEXT NOT NULL,
    PRIMARY KEY (watchlist, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX watchlist_items_order ON watchlist_items (watchlist, seq);

CREATE TABLE watchlist_versions (
    watchlist  TEXT NOT NULL,
    version    INTEGER NOT NULL,
    time       INTEGER NOT NULL,
    who_id     TEXT NOT NULL,
    who        TEXT NOT NULL,
    what       TEXT NOT NULL,
    why        TEXT NOT NULL,
    search_key TEXT NOT NULL,
    columns    TEXT NOT NULL,
    n_items    INTEGER NOT NULL,
    added      INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    removed    INTEGER NOT NULL,
    PRIMARY KEY (watchlist, version)
) STRICT, WITHOUT ROWID;

-- What a version did to each item: enough to go back to any version that is kept.
CREATE TABLE watchlist_changes (
    watchlist TEXT NOT NULL,
    version   INTEGER NOT NULL,
    item      TEXT NOT NULL,
    was       TEXT, -- NULL: it was not there
    became    TEXT, -- NULL: it is gone
    PRIMARY KEY (watchlist, version, item)
) STRICT, WITHOUT ROWID;
