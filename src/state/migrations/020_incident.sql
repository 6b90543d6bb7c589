-- Alerts and the incidents that they make. Times are ticks of 100 ns since 1970; lists are JSON.

CREATE TABLE incidents (
    number                 INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    name                   TEXT NOT NULL UNIQUE,              -- a guid
    version                INTEGER NOT NULL,                  -- grows with every change; the etag is made of it
    title                  TEXT NOT NULL,
    description            TEXT NOT NULL,
    severity               INTEGER NOT NULL,
    status                 INTEGER NOT NULL,
    classification         TEXT NOT NULL DEFAULT '',
    classification_reason  TEXT NOT NULL DEFAULT '',
    classification_comment TEXT NOT NULL DEFAULT '',
    owner_id               TEXT NOT NULL DEFAULT '',
    owner_name             TEXT NOT NULL DEFAULT '',
    owner_email            TEXT NOT NULL DEFAULT '',
    owner_upn              TEXT NOT NULL DEFAULT '',
    owner_type             TEXT NOT NULL DEFAULT '',
    labels                 TEXT NOT NULL DEFAULT '[]',
    created                INTEGER NOT NULL,
    modified               INTEGER NOT NULL,
    modified_by            TEXT NOT NULL,
    first_modified         INTEGER NOT NULL DEFAULT 0, -- by a person
    first_activity         INTEGER NOT NULL DEFAULT 0,
    last_activity          INTEGER NOT NULL DEFAULT 0,
    closed                 INTEGER NOT NULL DEFAULT 0,
    tactics                TEXT NOT NULL DEFAULT '[]',
    techniques             TEXT NOT NULL DEFAULT '[]',
    products               TEXT NOT NULL DEFAULT '[]',
    rule_ids               TEXT NOT NULL DEFAULT '[]',
    entities               TEXT NOT NULL DEFAULT '[]', -- the most telling ones, for lists
    n_alerts               INTEGER NOT NULL DEFAULT 0,
    n_comments             INTEGER NOT NULL DEFAULT 0,
    named_by_hand          INTEGER NOT NULL DEFAULT 0, -- title, description: alerts change them no more
    rated_by_hand          INTEGER NOT NULL DEFAULT 0  -- severity likewise
) STRICT;
CREATE INDEX incidents_status ON incidents (status, severity);
CREATE INDEX incidents_modified ON incidents (modified);
CREATE INDEX incidents_activity ON incidents (last_activity);

-- By what an incident is known: the identities of the accounts, hosts and addresses of its alerts.
CREATE TABLE incident_identities (
    identity TEXT NOT NULL,
    incident INTEGER NOT NULL,
    rank     INTEGER NOT NULL, -- 3 account, 2 host, 1 address
    PRIMARY KEY (identity, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_identities_incident ON incident_identities (incident);

CREATE TABLE alerts (
    id           TEXT PRIMARY KEY,
    incident     INTEGER, -- NULL: in none
    rule_id      TEXT NOT NULL,
    rule_name    TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description  TEXT NOT NULL,
    severity     INTEGER NOT NULL,
    tactics      TEXT NOT NULL,
    techniques   TEXT NOT NULL,
    start        INTEGER NOT NULL,
    end          INTEGER NOT NULL,
    generated    INTEGER NOT NULL, -- first raised
    updated      INTEGER NOT NULL,
    entities     TEXT NOT NULL,    -- SecurityAlert's form
    compromised  TEXT NOT NULL,
    details      TEXT NOT NULL,
    properties   TEXT NOT NULL,
    query        TEXT NOT NULL,
    window_from  INTEGER NOT NULL,
    window_to    INTEGER NOT NULL,
    ingested_to  INTEGER NOT NULL,
    table_name   TEXT NOT NULL,
    columns      TEXT NOT NULL,
    rows         TEXT NOT NULL,
    row_ids      BLOB NOT NULL,    -- struct alert_mark, one behind the other: all rows counted
    product      TEXT NOT NULL,
    component    TEXT NOT NULL,
    vendor       TEXT NOT NULL,
    provider     TEXT NOT NULL
) STRICT;
CREATE INDEX alerts_incident ON alerts (incident, start);
CREATE INDEX alerts_generated ON alerts (generated);

CREATE TABLE incident_comments (
    incident     INTEGER NOT NULL,
    name         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    message      TEXT NOT NULL,
    created      INTEGER NOT NULL,
    modified     INTEGER NOT NULL,
    author_id    TEXT NOT NULL,
    author_name  TEXT NOT NULL,
    author_email TEXT NOT NULL,
    author_upn   TEXT NOT NULL,
    PRIMARY KEY (incident, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_history (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    incident INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    who      TEXT NOT NULL,
    what     TEXT NOT NULL,
    was      TEXT NOT NULL,
    became   TEXT NOT NULL
) STRICT;
CREATE INDEX incident_history_incident ON incident_history (incident, seq);
CREATE INDEX incident_history_time ON incident_history (time);
