-- Alerts on their way to whom they are mailed to. The trigger is part of whatever raises the alert.
CREATE TABLE mail_alerts (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    alert    TEXT NOT NULL,
    severity INTEGER NOT NULL,
    raised   INTEGER NOT NULL
) STRICT;
CREATE TRIGGER mail_alert AFTER INSERT ON alerts
WHEN NEW.suppressed_by = '' AND EXISTS (SELECT 1 FROM security_contacts WHERE notifications = 1)
BEGIN
    INSERT INTO mail_alerts (alert, severity, raised) VALUES (NEW.id, NEW.severity, NEW.generated);
END;

-- Up to which alert each contact has been told, and when, by severity; digests stand under severity -1.
CREATE TABLE mail_marks (
    contact  TEXT NOT NULL COLLATE NOCASE,
    severity INTEGER NOT NULL,
    upto     INTEGER NOT NULL, -- mail_alerts.seq
    sent     INTEGER NOT NULL, -- 0: never
    PRIMARY KEY (contact, severity)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail_queue (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    receiver TEXT NOT NULL,    -- addresses, separated by ;
    subject  TEXT NOT NULL,
    body     TEXT NOT NULL,
    created  INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at  INTEGER NOT NULL, -- when it is tried
    ended    INTEGER NOT NULL, -- 0: it waits
    status   TEXT NOT NULL,    -- Waiting, Sent, GivenUp
    error    TEXT NOT NULL
) STRICT;
CREATE INDEX mail_queue_due ON mail_queue (next_at) WHERE ended = 0;
