-- Single findings as their rows stand in the log tables, and the resources whose findings are to be looked for again.
CREATE TABLE posture_subassessments (
    resource   INTEGER NOT NULL,
    definition TEXT NOT NULL COLLATE NOCASE, -- name of the assessment
    name       TEXT NOT NULL,                -- of the finding, a guid
    hash       INTEGER NOT NULL,             -- of what was found
    PRIMARY KEY (resource, definition, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE posture_subassessments_due (
    resource INTEGER PRIMARY KEY
) STRICT;
