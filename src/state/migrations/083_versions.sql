-- Versions of definitions and initiatives before (or, put by hand, beside) the one that stands in posture_objects.
CREATE TABLE posture_versions (
    kind        INTEGER NOT NULL,
    scope       TEXT NOT NULL COLLATE NOCASE,
    name        TEXT NOT NULL COLLATE NOCASE,
    version     TEXT NOT NULL COLLATE NOCASE,
    properties  TEXT NOT NULL, -- JSON
    modified    INTEGER NOT NULL,
    modified_by TEXT NOT NULL,
    PRIMARY KEY (kind, scope, name, version)
) STRICT, WITHOUT ROWID;
