-- Saved states of investigation graphs; every save is a version, so that the way there can be replayed.
CREATE TABLE incident_graphs (
    incident INTEGER NOT NULL,
    name     TEXT NOT NULL,
    version  INTEGER NOT NULL,
    title    TEXT NOT NULL,
    graph    TEXT NOT NULL, -- JSON
    created  INTEGER NOT NULL,
    who_id   TEXT NOT NULL,
    who      TEXT NOT NULL,
    PRIMARY KEY (incident, name, version)
) STRICT, WITHOUT ROWID;
