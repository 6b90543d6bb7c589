-- Names of this installation, and small values that modules keep.
CREATE TABLE scopes (
    id                INTEGER PRIMARY KEY CHECK (id = 1),
    tenant_id         TEXT NOT NULL,
    tenant_name       TEXT NOT NULL,
    subscription_id   TEXT NOT NULL,
    subscription_name TEXT NOT NULL,
    resource_group    TEXT NOT NULL,
    workspace         TEXT NOT NULL,
    customer_id       TEXT NOT NULL,
    location          TEXT NOT NULL,
    created           INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
