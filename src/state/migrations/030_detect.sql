-- What the rules have looked at and raised, and rows that wait for the log tables.

-- How far each rule has looked. Times are ticks of 100 ns since 1970.
CREATE TABLE detect_rules (
    rule_id     TEXT PRIMARY KEY,
    looked_to   INTEGER NOT NULL, -- ingestion time
    timed_to    INTEGER NOT NULL, -- last run by the clock, of a rule that fires on nothing
    last_run    INTEGER NOT NULL,
    last_result TEXT NOT NULL,
    pending     TEXT NOT NULL     -- JSON: spans of event time that are still to be run, with their marks
) STRICT, WITHOUT ROWID;

-- Every result row that an alert counts: it is never counted again.
CREATE TABLE detect_counted (
    rule_id  TEXT NOT NULL,
    row_id   INTEGER NOT NULL,
    alert_id TEXT NOT NULL,
    counted  INTEGER NOT NULL,
    PRIMARY KEY (rule_id, row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX detect_counted_age ON detect_counted (counted);

-- Which alert speaks of which matter (entities) and when; a later row of the same matter extends it.
CREATE TABLE detect_matters (
    rule_id  TEXT NOT NULL,
    row_key  INTEGER NOT NULL,
    alert_id TEXT NOT NULL,
    start    INTEGER NOT NULL, -- of the events
    end      INTEGER NOT NULL,
    PRIMARY KEY (rule_id, row_key, alert_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE detect_alerts (
    alert_id TEXT PRIMARY KEY,
    rule_id  TEXT NOT NULL,
    start    INTEGER NOT NULL,
    raised   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX detect_alerts_rule ON detect_alerts (rule_id, start);
CREATE INDEX detect_alerts_raised ON detect_alerts (raised);

-- Rows for log tables that the engine does not have yet. A batch number is given before a batch is sent, so that
-- after a kill the same rows go again under the same token.
CREATE TABLE outbox (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    table_name TEXT NOT NULL,
    row        TEXT NOT NULL, -- a JSON object
    batch      INTEGER
) STRICT;
CREATE INDEX outbox_batch ON outbox (batch, seq);
