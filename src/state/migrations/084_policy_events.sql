-- What changes of resources did to verdicts, for 90 days.
CREATE TABLE posture_events (
    id       INTEGER PRIMARY KEY,
    time     INTEGER NOT NULL,
    resource INTEGER NOT NULL,
    unit     INTEGER NOT NULL,
    state    INTEGER NOT NULL,
    cause    TEXT,
    evidence TEXT
) STRICT;
CREATE INDEX posture_events_time ON posture_events (time);
