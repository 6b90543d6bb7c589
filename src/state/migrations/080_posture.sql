-- What is there and how it is configured: resources, policy objects, verdicts, scores. Times are ticks of 100 ns since
-- 1970; ids are ARM ids, told apart without regard to case.

-- Resources, and the containers that hold them (management groups, subscriptions, resource groups) as resources, too.
CREATE TABLE resources (
    key            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name           TEXT NOT NULL,
    type           TEXT NOT NULL COLLATE NOCASE,
    location       TEXT NOT NULL,
    subscription   TEXT NOT NULL COLLATE NOCASE, -- its id; '' above subscriptions
    resource_group TEXT NOT NULL COLLATE NOCASE,
    source         TEXT NOT NULL,
    document       TEXT NOT NULL,                -- JSON, as the source has it
    version        INTEGER NOT NULL,
    first_seen     INTEGER NOT NULL,
    last_seen      INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    gone           INTEGER NOT NULL DEFAULT 0    -- when it went; 0: it is there
) STRICT;
CREATE INDEX resources_type ON resources (type, subscription, resource_group);
CREATE INDEX resources_place ON resources (subscription, resource_group);

-- Versions before the one that stands in resources.
CREATE TABLE resource_versions (
    resource INTEGER NOT NULL REFERENCES resources (key) ON DELETE CASCADE,
    version  INTEGER NOT NULL,
    changed  INTEGER NOT NULL,
    source   TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (resource, version)
) STRICT, WITHOUT ROWID;

-- Definitions, initiatives, assignments, exemptions, attestations, governance rules, settings: see posture_kind.h.
CREATE TABLE posture_objects (
    kind        INTEGER NOT NULL,
    scope       TEXT NOT NULL COLLATE NOCASE, -- '' is the tenant: built-in definitions
    name        TEXT NOT NULL COLLATE NOCASE,
    properties  TEXT NOT NULL,                -- JSON
    envelope    TEXT NOT NULL,                -- JSON of what stands beside properties: identity, location
    note        TEXT NOT NULL DEFAULT '',     -- of a definition: what it can be judged on
    created     INTEGER NOT NULL,
    created_by  TEXT NOT NULL,
    modified    INTEGER NOT NULL,
    modified_by TEXT NOT NULL,
    PRIMARY KEY (kind, scope, name)
) STRICT, WITHOUT ROWID;

-- What is judged: one definition by one assignment, directly or as a reference of its initiative.
CREATE TABLE posture_units (
    key        INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL COLLATE NOCASE,
    reference  TEXT NOT NULL COLLATE NOCASE, -- '' when the definition is assigned directly
    definition TEXT NOT NULL COLLATE NOCASE, -- its name: the name of the assessment
    UNIQUE (assignment, reference, definition)
) STRICT;
CREATE INDEX posture_units_definition ON posture_units (definition);

CREATE TABLE posture_states (
    resource INTEGER NOT NULL,
    unit     INTEGER NOT NULL,
    state    INTEGER NOT NULL,
    cause    TEXT,                -- in words, where the state needs some
    evidence TEXT,                -- JSON: path, found, wanted
    first    INTEGER NOT NULL,    -- judged for the first time
    since    INTEGER NOT NULL,    -- when it came into this state
    PRIMARY KEY (resource, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX posture_states_unit ON posture_states (unit, state);

-- The score's arithmetic, kept up with every verdict: the state of each resource in each control, and the counts.
CREATE TABLE posture_members (
    control  INTEGER NOT NULL,
    resource INTEGER NOT NULL,
    state    INTEGER NOT NULL,
    PRIMARY KEY (resource, control)
) STRICT, WITHOUT ROWID;
CREATE INDEX posture_members_control ON posture_members (control, state);
CREATE TABLE posture_counts (
    subscription TEXT NOT NULL COLLATE NOCASE,
    control      INTEGER NOT NULL,
    healthy      INTEGER NOT NULL,
    unhealthy    INTEGER NOT NULL,
    other        INTEGER NOT NULL, -- not applicable
    PRIMARY KEY (subscription, control)
) STRICT, WITHOUT ROWID;
CREATE TABLE posture_scores (
    subscription TEXT NOT NULL COLLATE NOCASE,
    time         INTEGER NOT NULL,
    current      REAL NOT NULL,
    max          REAL NOT NULL,
    weight       INTEGER NOT NULL,
    PRIMARY KEY (subscription, time)
) STRICT, WITHOUT ROWID;
