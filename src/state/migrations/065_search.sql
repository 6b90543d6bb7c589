-- Full text over incidents: what they are called, what their alerts name and hold, what people wrote. One document
-- for each incident, alert and comment. Triggers put a changed text into `fresh`; incident_search moves it into the
-- index before the transaction ends (a trigger may not write to a virtual table).
CREATE TABLE search_docs (
    id       INTEGER PRIMARY KEY,
    incident INTEGER, -- NULL: an alert in none
    kind     TEXT NOT NULL,
    ref      TEXT NOT NULL,
    fresh    TEXT,    -- NULL: the index has it; empty: it is gone
    UNIQUE (kind, ref)
) STRICT;
CREATE INDEX search_docs_incident ON search_docs (incident);
CREATE INDEX search_docs_fresh ON search_docs (id) WHERE fresh IS NOT NULL;
CREATE VIRTUAL TABLE search_text USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');

CREATE TRIGGER search_incident_new AFTER INSERT ON incidents BEGIN
    INSERT INTO search_docs (incident, kind, ref, fresh)
        VALUES (NEW.number, 'incident', CAST(NEW.number AS TEXT), NEW.number || ' ' || NEW.title || ' ' || NEW.description);
END;
CREATE TRIGGER search_incident_changed AFTER UPDATE ON incidents
WHEN OLD.title <> NEW.title OR OLD.description <> NEW.description OR OLD.labels <> NEW.labels OR OLD.owner_name <> NEW.owner_name
    OR OLD.owner_upn <> NEW.owner_upn OR OLD.products <> NEW.products OR OLD.entities <> NEW.entities
    OR OLD.tactics <> NEW.tactics OR OLD.techniques <> NEW.techniques OR OLD.classification_comment <> NEW.classification_comment
BEGIN
    UPDATE search_docs SET fresh = NEW.number || ' ' || NEW.title || ' ' || NEW.description || ' ' || NEW.labels || ' ' ||
        NEW.owner_name || ' ' || NEW.owner_upn || ' ' || NEW.products || ' ' || NEW.entities || ' ' || NEW.tactics || ' ' ||
        NEW.techniques || ' ' || NEW.classification_comment
        WHERE kind = 'incident' AND ref = CAST(NEW.number AS TEXT);
END;

CREATE TRIGGER search_alert_new AFTER INSERT ON alerts BEGIN
    INSERT INTO search_docs (incident, kind, ref, fresh) VALUES (NEW.incident, 'alert', NEW.id, NEW.display_name || ' ' ||
        NEW.rule_name || ' ' || NEW.description || ' ' || NEW.entities || ' ' || NEW.rows || ' ' || NEW.details);
END;
CREATE TRIGGER search_alert_moved AFTER UPDATE OF incident ON alerts WHEN OLD.incident IS NOT NEW.incident BEGIN
    UPDATE search_docs SET incident = NEW.incident WHERE kind = 'alert' AND ref = NEW.id;
END;
CREATE TRIGGER search_alert_changed AFTER UPDATE ON alerts
WHEN OLD.entities <> NEW.entities OR OLD.rows <> NEW.rows OR OLD.details <> NEW.details BEGIN
    UPDATE search_docs SET fresh = NEW.display_name || ' ' || NEW.rule_name || ' ' || NEW.description || ' ' || NEW.entities ||
        ' ' || NEW.rows || ' ' || NEW.details WHERE kind = 'alert' AND ref = NEW.id;
END;

CREATE TRIGGER search_comment_new AFTER INSERT ON incident_comments BEGIN
    INSERT INTO search_docs (incident, kind, ref, fresh)
        VALUES (NEW.incident, 'comment', NEW.incident || '/' || NEW.name, NEW.message)
        ON CONFLICT (kind, ref) DO UPDATE SET fresh = NEW.message;
END;
CREATE TRIGGER search_comment_changed AFTER UPDATE OF message ON incident_comments BEGIN
    UPDATE search_docs SET fresh = NEW.message WHERE kind = 'comment' AND ref = NEW.incident || '/' || NEW.name;
END;
CREATE TRIGGER search_comment_gone AFTER DELETE ON incident_comments BEGIN
    UPDATE search_docs SET fresh = '' WHERE kind = 'comment' AND ref = OLD.incident || '/' || OLD.name;
END;

-- What is there already.
INSERT INTO search_docs (incident, kind, ref) SELECT number, 'incident', CAST(number AS TEXT) FROM incidents;
INSERT INTO search_docs (incident, kind, ref) SELECT incident, 'alert', id FROM alerts;
INSERT INTO search_docs (incident, kind, ref) SELECT incident, 'comment', incident || '/' || name FROM incident_comments;
INSERT INTO search_text (rowid, text) SELECT d.id, i.number || ' ' || i.title || ' ' || i.description || ' ' || i.labels || ' ' ||
    i.owner_name || ' ' || i.owner_upn || ' ' || i.products || ' ' || i.entities || ' ' || i.tactics || ' ' || i.techniques
    FROM search_docs d JOIN incidents i ON d.kind = 'incident' AND i.number = d.incident;
INSERT INTO search_text (rowid, text) SELECT d.id, a.display_name || ' ' || a.rule_name || ' ' || a.description || ' ' ||
    a.entities || ' ' || a.rows || ' ' || a.details FROM search_docs d JOIN alerts a ON d.kind = 'alert' AND a.id = d.ref;
INSERT INTO search_text (rowid, text) SELECT d.id, c.message FROM search_docs d JOIN incident_comments c
    ON d.kind = 'comment' AND d.ref = c.incident || '/' || c.name;

-- The queue's orders, each with what it is narrowed by, so that rows that do not fit are passed over unread.
DROP INDEX incidents_modified;
DROP INDEX incidents_activity;
DROP INDEX incidents_status;
CREATE INDEX incidents_by_number ON incidents (number, status, severity, owner_id, deleted, created, closed);
CREATE INDEX incidents_modified ON incidents (modified, number, status, severity, owner_id, deleted);
CREATE INDEX incidents_created ON incidents (created, number, status, severity, owner_id, deleted);
CREATE INDEX incidents_activity ON incidents (last_activity, number, status, severity, owner_id, deleted);
CREATE INDEX incidents_first ON incidents (first_activity, number, status, severity, owner_id, deleted);
CREATE INDEX incidents_severity ON incidents (severity, number, status, owner_id, deleted);
CREATE INDEX incidents_state ON incidents (status, number, severity, owner_id, deleted);
CREATE INDEX incidents_titled ON incidents (title, number, status, severity, owner_id, deleted);
CREATE INDEX incidents_owned ON incidents (owner_name, number, status, severity, owner_id, deleted);
CREATE INDEX incidents_alerted ON incidents (n_alerts, number, status, severity, owner_id, deleted);
