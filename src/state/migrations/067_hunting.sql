-- Named JSON documents of the desk: saved queries, views, automation rules and their kin.
CREATE TABLE hunt_objects (
    kind       TEXT NOT NULL,
    owner      TEXT NOT NULL COLLATE NOCASE, -- object id of whose it is; empty: everybody's
    name       TEXT NOT NULL COLLATE NOCASE,
    version    INTEGER NOT NULL,
    body       TEXT NOT NULL, -- JSON
    created    INTEGER NOT NULL,
    modified   INTEGER NOT NULL,
    creator_id TEXT NOT NULL,
    creator    TEXT NOT NULL,
    changer_id TEXT NOT NULL,
    changer    TEXT NOT NULL,
    request    TEXT NOT NULL, -- that made this version
    PRIMARY KEY (kind, owner, name)
) STRICT, WITHOUT ROWID;

-- Hunting queries run together, and what each found.
CREATE TABLE hunt_rounds (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    started   INTEGER NOT NULL,
    finished  INTEGER NOT NULL, -- 0: it runs
    status    TEXT NOT NULL,    -- Running, Done, Cancelled, Interrupted
    who_id    TEXT NOT NULL,
    who       TEXT NOT NULL,
    time_from INTEGER NOT NULL,
    time_to   INTEGER NOT NULL,
    total     INTEGER NOT NULL,
    done      INTEGER NOT NULL,
    found     INTEGER NOT NULL, -- queries that found something
    failed    INTEGER NOT NULL,
    request   TEXT NOT NULL
) STRICT;

CREATE TABLE hunt_results (
    query    TEXT NOT NULL COLLATE NOCASE,
    round    INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    n_rows   INTEGER NOT NULL,
    n_new    INTEGER NOT NULL, -- not among the rows of the round before
    previous INTEGER NOT NULL, -- rows of the round before; -1: there was none
    took     INTEGER NOT NULL, -- ticks
    error    TEXT NOT NULL,
    columns  TEXT NOT NULL,    -- JSON
    rows     TEXT NOT NULL,    -- JSON, the first of them
    marks    BLOB NOT NULL,    -- a number for each row, of the newest round alone
    PRIMARY KEY (query, round)
) STRICT, WITHOUT ROWID;

-- Queries that go on running, and the rows that came of them.
CREATE TABLE hunt_streams (
    id         TEXT PRIMARY KEY,
    version    INTEGER NOT NULL,
    title      TEXT NOT NULL,
    query      TEXT NOT NULL,
    status     TEXT NOT NULL, -- Running, Paused
    every      INTEGER NOT NULL, -- ticks
    owner_id   TEXT NOT NULL,
    owner      TEXT NOT NULL,
    started    INTEGER NOT NULL,
    looked_to  INTEGER NOT NULL, -- ingestion time
    modified   INTEGER NOT NULL,
    last_run   INTEGER NOT NULL,
    error      TEXT NOT NULL,
    columns    TEXT NOT NULL,
    n_rows     INTEGER NOT NULL, -- that came so far
    request    TEXT NOT NULL
) STRICT;
CREATE TABLE hunt_stream_rows (
    stream TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    mark   INTEGER NOT NULL,
    time   INTEGER NOT NULL,
    row    TEXT NOT NULL, -- JSON array
    PRIMARY KEY (stream, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX hunt_stream_marks ON hunt_stream_rows (stream, mark);
