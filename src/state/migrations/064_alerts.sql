-- What people decide about single alerts, and alerts that are not to be seen.
ALTER TABLE alerts ADD COLUMN status TEXT NOT NULL DEFAULT '';         -- empty: as its incident is
ALTER TABLE alerts ADD COLUMN classification TEXT NOT NULL DEFAULT ''; -- Graph's words
ALTER TABLE alerts ADD COLUMN determination TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN assigned TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN suppressed_by TEXT NOT NULL DEFAULT '';  -- the suppression rule

CREATE TABLE alert_comments (
    alert   TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    message TEXT NOT NULL,
    created INTEGER NOT NULL,
    who_id  TEXT NOT NULL,
    who     TEXT NOT NULL,
    PRIMARY KEY (alert, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression_rules (
    name       TEXT PRIMARY KEY COLLATE NOCASE,
    alert_type TEXT NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    comment    TEXT NOT NULL,
    expires    INTEGER NOT NULL, -- 0: never
    modified   INTEGER NOT NULL,
    scope      TEXT NOT NULL,    -- ARM's suppressionAlertsScope, JSON
    silenced   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE security_contacts (
    name          TEXT PRIMARY KEY COLLATE NOCASE,
    email         TEXT NOT NULL,
    phone         TEXT NOT NULL,
    notifications INTEGER NOT NULL,
    to_admins     INTEGER NOT NULL,
    minimal       INTEGER NOT NULL,
    modified      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
