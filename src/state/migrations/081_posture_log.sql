-- Verdicts of a change of policies come by the hundred thousand: their rows for the log tables are made by and by.
ALTER TABLE posture_states ADD COLUMN unlogged INTEGER NOT NULL DEFAULT 0;
CREATE INDEX posture_states_unlogged ON posture_states (unlogged) WHERE unlogged <> 0;

-- Verdicts that are no more and that the log tables have not been told of.
CREATE TABLE posture_gone (
    resource INTEGER NOT NULL,
    unit     INTEGER NOT NULL,
    name     TEXT NOT NULL, -- of the assessment
    PRIMARY KEY (resource, unit)
) STRICT, WITHOUT ROWID;

-- What was done to make resources healthy, and how to take it back.
CREATE TABLE posture_fixes (
    id           TEXT PRIMARY KEY,
    remediation  TEXT NOT NULL COLLATE NOCASE, -- its id; '' when the fix was asked for by itself
    resource     TEXT NOT NULL COLLATE NOCASE,
    definition   TEXT NOT NULL COLLATE NOCASE,
    time         INTEGER NOT NULL,
    who          TEXT NOT NULL,
    status       TEXT NOT NULL,                -- Succeeded, Failed, Undone
    error        TEXT NOT NULL,
    state_before INTEGER NOT NULL,
    state_after  INTEGER NOT NULL,
    diff         TEXT NOT NULL,
    undo         TEXT NOT NULL                 -- JSON, as its connector wants it
) STRICT, WITHOUT ROWID;
CREATE INDEX posture_fixes_resource ON posture_fixes (resource, time);
CREATE INDEX posture_fixes_remediation ON posture_fixes (remediation);
