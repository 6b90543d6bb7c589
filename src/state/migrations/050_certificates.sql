-- Certificates with which service principals sign in instead of a secret.
CREATE TABLE principal_certificates (
    principal_id TEXT NOT NULL REFERENCES principals (id) ON DELETE CASCADE,
    thumbprint   TEXT NOT NULL,              -- SHA-1 of the DER, upper hex, as Azure shows it
    subject      TEXT NOT NULL,
    der          BLOB NOT NULL,
    not_before   INTEGER NOT NULL,
    not_after    INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    PRIMARY KEY (principal_id, thumbprint)
) STRICT, WITHOUT ROWID;
