-- Who may come in, what they hold, and what they did.
CREATE TABLE users (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    display_name TEXT NOT NULL,
    email        TEXT NOT NULL,
    password     TEXT NOT NULL,              -- argon2id, encoded
    enabled      INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    must_change  INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    tokens_from  INTEGER NOT NULL,           -- tokens issued before this moment are void
    created      INTEGER NOT NULL,
    last_signin  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE principals (
    id        TEXT PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL UNIQUE COLLATE NOCASE,
    secret    BLOB NOT NULL,                 -- SHA-256
    created   INTEGER NOT NULL,
    last_used INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE role_assignments (
    id      TEXT PRIMARY KEY,
    holder  TEXT NOT NULL,                   -- id of a user or principal
    role    TEXT NOT NULL,                   -- id of a built-in role
    scope   TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (holder, role, scope)
) STRICT;

CREATE TABLE sessions (
    hash    BLOB PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf    TEXT NOT NULL,
    created INTEGER NOT NULL,
    used    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE refresh_tokens (
    hash      BLOB PRIMARY KEY,
    family    TEXT NOT NULL,                 -- all tokens that came from one sign-in
    user_id   TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    expires   INTEGER NOT NULL,
    used      INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);

CREATE TABLE device_codes (
    hash      BLOB PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    user_id   TEXT REFERENCES users (id) ON DELETE CASCADE,
    decision  INTEGER NOT NULL DEFAULT 0 CHECK (decision IN (0, 1, 2)), -- none, agreed, refused
    asked     INTEGER NOT NULL DEFAULT 0,
    expires   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE authorization_codes (
    hash         BLOB PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id    TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge    TEXT NOT NULL,
    nonce        TEXT NOT NULL,
    expires      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id          INTEGER PRIMARY KEY,
    time        INTEGER NOT NULL,
    who_id      TEXT NOT NULL,
    who_name    TEXT NOT NULL,
    peer        TEXT NOT NULL,
    operation   TEXT NOT NULL,
    resource    TEXT NOT NULL,
    status      TEXT NOT NULL,
    description TEXT NOT NULL,
    correlation TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (time);
