/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_rules: the rules in force as the scheduler sees them: what each reads, how far it has looked,
 * whether it is due.
 *
 * Threads: the caller locks. */
#ifndef DETECT_DETECT_RULES_H
#define DETECT_DETECT_RULES_H

#include "base/map.h"
#include "content/content_store.h"
#include "detect/detect_activity.h"
#include "detect/detect_ledger.h"
#include "state/state.h"

struct detect_rule {
    const struct content_rule *rule;
    const str                 *tables;
    size_t                     n_tables;
    struct detect_timing       timing;
    bool                       compiled, timed; /* timed: it runs by the clock alone */
    bool                       running, unsaved;
    bool                       growing; /* its last run did no more than extend alerts */
    unsigned                   failures;
    ts                         looked_to, timed_to, last_run;
    ts                         next_at;     /* not before */
    ts                         dirty_since; /* 0: nothing new */
    char                       result[400];
    struct arena              *arena; /* of the pending spans */
    struct detect_spans        pending;
};

/* A table's marks as they were seen. */
struct detect_table {
    uint64_t mark;
    ts       changed_at;
};

struct detect_rules {
    struct snapshot    *held;
    struct arena       *arena; /* lives as long as the set is held */
    struct detect_rule *p;
    size_t              n;
    struct map         *tables; /* name → struct detect_table */
    struct arena       *tables_arena;
    ts                  watermark; /* the latest */
    ts settled;    /* an earlier one, above which nothing has come: rules share it, and what is asked
                    * of the engine up to it */
    ts changed_at; /* the last change of any table */
};

void detect_rules_init(struct detect_rules *r);
void detect_rules_done(struct detect_rules *r);

/* Takes a new set over: compiles, and reads from state how far each rule had looked. A rule seen for the
 * first time looks back over its period, one day at least. Owns `held` from here on. */
must_check enum rc detect_rules_adopt(struct detect_rules *r, struct snapshot *held, struct state *state,
                                      const struct detect_logs *logs, ts now, struct err *err);
/* Compiles again what did not compile, every 30 s: the table that it misses may have come. */
void detect_rules_retry(struct detect_rules *r, const struct detect_logs *logs, ts now);
/* Notes a new watermark, after the marks that were read after it. */
void detect_rules_watermark(struct detect_rules *r, ts watermark);
/* Notes a table's mark at `now`. */
void detect_rules_changed(struct detect_rules *r, str table, uint64_t mark, ts now);
/* Is there something for the rule to look at? Without it, its looked_to follows. */
bool detect_rules_dirty(struct detect_rules *r, struct detect_rule *rule, ts *newest);
/* The same, and is it time? */
bool detect_rules_due(struct detect_rules *r, struct detect_rule *rule, ts now);
/* The pause between two runs. */
duration detect_rules_pause(const struct detect_rule *rule);

#endif
