-- The index of words, so that a document's number says which incident it belongs to (its 28 low bits count the
-- documents of one): a search need not look each of them up. Short beginnings of words have an index of their own.
-- A document that goes to another incident gets another number; `was` is the one that the index has it under.
DROP TRIGGER search_incident_new;
DROP TRIGGER search_incident_changed;
DROP TRIGGER search_alert_new;
DROP TRIGGER search_alert_moved;
DROP TRIGGER search_alert_changed;
DROP TRIGGER search_comment_new;
DROP TRIGGER search_comment_changed;
DROP TRIGGER search_comment_gone;

CREATE TABLE search_numbered (
    id    INTEGER PRIMARY KEY,
    kind  TEXT NOT NULL,
    ref   TEXT NOT NULL,
    fresh TEXT,    -- NULL: the index has it; empty: it is gone
    was   INTEGER,
    UNIQUE (kind, ref)
) STRICT;
INSERT INTO search_numbered (id, kind, ref, fresh)
    SELECT (coalesce(incident, 0) << 28) + row_number() OVER (PARTITION BY coalesce(incident, 0) ORDER BY id), kind, ref, fresh
    FROM search_docs;
CREATE VIRTUAL TABLE search_words USING fts5(text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO search_words (rowid, text) SELECT n.id, t.text FROM search_numbered n
    JOIN search_docs d ON d.kind = n.kind AND d.ref = n.ref JOIN search_text t ON t.rowid = d.id ORDER BY n.id;
DROP TABLE search_text;
DROP TABLE search_docs;
ALTER TABLE search_numbered RENAME TO search_docs;
ALTER TABLE search_words RENAME TO search_text;
CREATE INDEX search_docs_fresh ON search_docs (id) WHERE fresh IS NOT NULL;

CREATE TRIGGER search_incident_new AFTER INSERT ON incidents BEGIN
    INSERT INTO search_docs (id, kind, ref, fresh) VALUES (
        (SELECT coalesce(max(id), NEW.number << 28) + 1 FROM search_docs WHERE id BETWEEN NEW.number << 28 AND (NEW.number << 28) + 268435455),
        'incident', CAST(NEW.number AS TEXT), NEW.number || ' ' || NEW.title || ' ' || NEW.description);
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
    INSERT INTO search_docs (id, kind, ref, fresh) VALUES (
        (SELECT coalesce(max(id), coalesce(NEW.incident, 0) << 28) + 1 FROM search_docs
            WHERE id BETWEEN coalesce(NEW.incident, 0) << 28 AND (coalesce(NEW.incident, 0) << 28) + 268435455),
        'alert', NEW.id, NEW.display_name || ' ' || NEW.rule_name || ' ' || NEW.description || ' ' || NEW.entities || ' ' || NEW.rows ||
        ' ' || NEW.details);
END;
CREATE TRIGGER search_alert_moved AFTER UPDATE OF incident ON alerts WHEN OLD.incident IS NOT NEW.incident BEGIN
    UPDATE search_docs SET was = coalesce(was, id), id =
        (SELECT coalesce(max(m.id), coalesce(NEW.incident, 0) << 28) + 1 FROM search_docs m
            WHERE m.id BETWEEN coalesce(NEW.incident, 0) << 28 AND (coalesce(NEW.incident, 0) << 28) + 268435455),
        fresh = NEW.display_name || ' ' || NEW.rule_name || ' ' || NEW.description || ' ' || NEW.entities || ' ' || NEW.rows || ' ' ||
        NEW.details WHERE kind = 'alert' AND ref = NEW.id;
END;
CREATE TRIGGER search_alert_changed AFTER UPDATE ON alerts
WHEN OLD.entities <> NEW.entities OR OLD.rows <> NEW.rows OR OLD.details <> NEW.details BEGIN
    UPDATE search_docs SET fresh = NEW.display_name || ' ' || NEW.rule_name || ' ' || NEW.description || ' ' || NEW.entities ||
        ' ' || NEW.rows || ' ' || NEW.details WHERE kind = 'alert' AND ref = NEW.id;
END;

CREATE TRIGGER search_comment_new AFTER INSERT ON incident_comments BEGIN
    INSERT INTO search_docs (id, kind, ref, fresh) VALUES (
        (SELECT coalesce(max(id), NEW.incident << 28) + 1 FROM search_docs WHERE id BETWEEN NEW.incident << 28 AND (NEW.incident << 28) + 268435455),
        'comment', NEW.incident || '/' || NEW.name, NEW.message)
        ON CONFLICT (kind, ref) DO UPDATE SET fresh = NEW.message;
END;
CREATE TRIGGER search_comment_changed AFTER UPDATE OF message ON incident_comments BEGIN
    UPDATE search_docs SET fresh = NEW.message WHERE kind = 'comment' AND ref = NEW.incident || '/' || NEW.name;
END;
CREATE TRIGGER search_comment_gone AFTER DELETE ON incident_comments BEGIN
    UPDATE search_docs SET fresh = '' WHERE kind = 'comment' AND ref = OLD.incident || '/' || OLD.name;
END;
