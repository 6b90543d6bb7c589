-- What people do with incidents: acts that can be undone, tasks, files, relations.

-- One thing that somebody did, however many incidents it touched. A repeated request finds its act again.
CREATE TABLE incident_acts (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    time    INTEGER NOT NULL,
    who_id  TEXT NOT NULL,
    who     TEXT NOT NULL,
    what    TEXT NOT NULL,
    why     TEXT NOT NULL,
    request TEXT,                        -- x-ms-client-request-id; NULL: none was given
    undone  INTEGER NOT NULL DEFAULT 0   -- the act that undid it
) STRICT;
CREATE UNIQUE INDEX incident_acts_request ON incident_acts (who_id, request);

-- What an act changed, step by step. NULL: it was, or became, not there.
CREATE TABLE incident_act_steps (
    act      INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    incident INTEGER NOT NULL,
    kind     TEXT NOT NULL, -- incident, alert, comment, task, file, bookmark
    ref      TEXT NOT NULL, -- name of the thing; empty: the incident itself
    was      TEXT,
    became   TEXT,
    PRIMARY KEY (act, seq)
) STRICT, WITHOUT ROWID;

ALTER TABLE incident_history ADD COLUMN act INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident_history ADD COLUMN why TEXT NOT NULL DEFAULT '';

ALTER TABLE incidents ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN merged_into INTEGER NOT NULL DEFAULT 0; -- number of the incident that has its alerts now
ALTER TABLE incidents ADD COLUMN n_bookmarks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN n_tasks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN n_tasks_done INTEGER NOT NULL DEFAULT 0;

CREATE TABLE incident_tasks (
    incident    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    done        INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    modified    INTEGER NOT NULL,
    maker_id    TEXT NOT NULL,
    maker       TEXT NOT NULL,
    changer_id  TEXT NOT NULL,
    changer     TEXT NOT NULL,
    PRIMARY KEY (incident, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_files (
    id       INTEGER PRIMARY KEY,
    incident INTEGER NOT NULL,
    name     TEXT NOT NULL,
    title    TEXT NOT NULL,  -- the file's own name
    type     TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    size     INTEGER NOT NULL,
    created  INTEGER NOT NULL,
    who_id   TEXT NOT NULL,
    who      TEXT NOT NULL,
    deleted  INTEGER NOT NULL DEFAULT 0,
    content  BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX incident_files_name ON incident_files (incident, name) WHERE deleted = 0;

-- Names that clients gave to relations; without one a relation is named as its alert or bookmark.
CREATE TABLE incident_relations (
    incident INTEGER NOT NULL,
    name     TEXT NOT NULL,
    ref      TEXT NOT NULL,
    PRIMARY KEY (incident, name)
) STRICT, WITHOUT ROWID;

-- Which rules an incident's alerts come from: for verdicts and for incidents alike.
CREATE TABLE incident_rules (
    rule_id  TEXT NOT NULL,
    incident INTEGER NOT NULL,
    PRIMARY KEY (rule_id, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_rules_incident ON incident_rules (incident);
INSERT OR IGNORE INTO incident_rules (rule_id, incident)
    SELECT rule_id, incident FROM alerts WHERE incident IS NOT NULL;

-- An alert's rule, for verdicts and what an exception would silence.
CREATE INDEX alerts_rule ON alerts (rule_id, generated);
