/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect: runs the scheduled rules over a watermark of ingestion time.
 *
 * The law of windows. The watermark W is an ingestion time below which no batch is in flight. A rule
 * remembers the W up to which it has looked (L). A pass takes the rows of the rule's tables that were
 * ingested in [L, W), however old their events are, as 5-minute bins of TimeGenerated; bins closer than the
 * rule's period form a span [a, b):
 *   - a query that judges each row for itself (content_rule.row_wise) with trigger "more than 0" runs once
 * over [a, b) and over the new rows only;
 *   - any other query runs over windows [e - period, e): e = b, and back in steps until a is covered. The
 * step is half the period, or the frequency when the query asks for now() or ago(), which then answer e. When
 * older rows lie behind b (a late row), e also goes forward in steps until a + period;
 *   - a rule whose trigger is not "more than" may fire on what is absent: it runs each frequency over
 *     [W - period, W) and at no other time, for a part of a span proves no absence.
 * So events that lie within half a period are seen together once at least, rows that come late or years late
 * fire as others do, and nothing depends on when the server was running. At most 256 windows
 * of a rule run in a pass; what is left is kept in state and goes on in the next.
 *
 * The law of alerts. A result row has an id (all its cells) and a key (rule, mapped entities, or all cells
 * but times). A row that has been counted counts no more. A row whose key has an alert within one period
 * extends that alert (for 24 h or one period from its start, whichever is longer); any other row makes a new
 * alert: one for all of the window's (SingleAlert) or one for each key (AlertPerResult, the 150th summarises
 * the rest).
 *
 * When it runs. New rows make a rule due once its tables are quiet for 0.7 s, or after frequency/60 (2 s to
 * 60 s) of no quiet, and no sooner than that after its last run; three times as long after a run that only
 * made alerts grow. A run that fails is repeated with a growing pause and L stays. Each run that had rows to
 * judge is a row in RuleRuns, each failure, cut or delay one in Health.
 *
 * What a window raises and which rows it has counted is one transaction of state; L follows within 2 s. A
 * kill at any moment repeats at most what was not noted, and repeating doubles nothing.
 *
 * Threads: one scheduler thread and `workers` workers, inside. All functions are safe from any thread. */
#ifndef DETECT_DETECT_H
#define DETECT_DETECT_H

#include "base/env.h"
#include "content/content_store.h"
#include "detect/detect_alert.h"
#include "detect/detect_logs.h"
#include "detect/detect_outbox.h"

struct state;
struct detect;

struct detect_opts {
    struct state         *state;   /* borrowed, as all here */
    struct content_store *content; /* loaded already; its files are looked at every 5 s */
    struct detect_logs    logs;
    struct alert_sink     sink;
    struct detect_outbox *outbox; /* shared with incident */
    const struct env     *env;
    unsigned              workers; /* 0: 2 */
    duration              poll;    /* 0: 300 ms; a second when nothing happens */
};

must_check enum rc detect_new(const struct detect_opts *opts, struct detect **out, struct err *err);
/* Starts the threads; without it, detect_pass runs rules in the caller's thread (tests, replay). */
must_check enum rc detect_start(struct detect *d, struct err *err);
/* Ends the threads after the windows that run now; frees. */
struct detect *detect_free(struct detect *d);
DEFINE_AUTO(detect, detect_free)

/* One whole pass over all rules that are due, without waiting for quiet. `ran` gets the number of windows
 * run. */
must_check enum rc detect_pass(struct detect *d, size_t *ran, struct err *err);

/* A hint that rows or rules have changed: the next poll comes now. */
void detect_wake(struct detect *d);

struct detect_rule_status {
    str                   id, name, kind, version, description, query, file;
    enum content_severity severity;
    bool       enabled, usable; /* a file that cannot be used has no more than file and last_result */
    duration   frequency, period;
    const str *tactics, *techniques;
    size_t     n_tactics, n_techniques;
    ts         last_run;    /* 0: never */
    str        last_result; /* "ok", "failed: …" */
    ts         looked_to;   /* ingestion time up to which it has looked */
    size_t     spans_left;  /* of event time that are being caught up */
    int64_t    alerts_24h;
};

/* Every rule of the set in force, by id, then the files that cannot be used. Texts in the arena. */
must_check enum rc detect_status(struct detect *d, struct arena *a, struct detect_rule_status **out,
                                 size_t *n, struct err *err);
/* A number that changes when rows are added to a table, as the scheduler saw it last; 0: it has none. Asks
 * nobody. */
uint64_t detect_mark(struct detect *d, str table);
/* The ingestion time that every enabled rule has looked up to and up to which all that they raised is in the
 * tables; for "is all of my import judged?". */
ts detect_looked_to(struct detect *d);

#endif
