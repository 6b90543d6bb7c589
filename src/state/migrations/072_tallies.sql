-- How many incidents there are of a status, severity and owner, so that counts cost the same with ten and with 100,000.
CREATE TABLE incident_tallies (
    status   INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    owner_id TEXT NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (status, severity, owner_id)
) STRICT, WITHOUT ROWID;
INSERT INTO incident_tallies SELECT status, severity, owner_id, count(*) FROM incidents WHERE deleted = 0 GROUP BY 1, 2, 3;

CREATE TRIGGER tally_new AFTER INSERT ON incidents WHEN NEW.deleted = 0 BEGIN
    INSERT INTO incident_tallies VALUES (NEW.status, NEW.severity, NEW.owner_id, 1)
        ON CONFLICT (status, severity, owner_id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER tally_changed AFTER UPDATE ON incidents WHEN OLD.status <> NEW.status OR OLD.severity <> NEW.severity
    OR OLD.owner_id <> NEW.owner_id OR OLD.deleted <> NEW.deleted
BEGIN
    UPDATE incident_tallies SET n = n - 1
        WHERE OLD.deleted = 0 AND status = OLD.status AND severity = OLD.severity AND owner_id = OLD.owner_id;
    DELETE FROM incident_tallies WHERE status = OLD.status AND severity = OLD.severity AND owner_id = OLD.owner_id AND n = 0;
    INSERT INTO incident_tallies SELECT NEW.status, NEW.severity, NEW.owner_id, 1 WHERE NEW.deleted = 0
        ON CONFLICT (status, severity, owner_id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER tally_gone AFTER DELETE ON incidents WHEN OLD.deleted = 0 BEGIN
    UPDATE incident_tallies SET n = n - 1 WHERE status = OLD.status AND severity = OLD.severity AND owner_id = OLD.owner_id;
    DELETE FROM incident_tallies WHERE status = OLD.status AND severity = OLD.severity AND owner_id = OLD.owner_id AND n = 0;
END;

-- What was closed since; and what is to be looked at first, in that order (incident_figure): a list's names are counted by
-- their quotes, since functions of JSON may not stand in a schema that is not trusted.
CREATE INDEX incidents_closed ON incidents (closed, status, severity, deleted);
CREATE INDEX incidents_look ON incidents (severity, (owner_id = ''), (length(tactics) - length(replace(tactics, '"', ''))), n_alerts, number)
    WHERE deleted = 0 AND status <> 2;
