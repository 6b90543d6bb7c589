/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_ledger: what the rules have looked at, counted and raised, in state.
 *
 * Every call is part of the caller's transaction. Threads: as the transaction. */
#ifndef DETECT_DETECT_LEDGER_H
#define DETECT_DETECT_LEDGER_H

#include "detect/detect_row.h"
#include "state/state_tx.h"

#define DETECT_LEDGER_MIN_REACH HOURS(24) /* how long one matter stays one alert, at least */
#define DETECT_LEDGER_KEEP DAYS(30) /* counted rows are forgotten after; so long may a pass be repeated */

struct detect_mark {
    ts  looked_to, timed_to, last_run;
    str last_result;
    str pending; /* JSON */
};

/* RC_NOT_FOUND for a rule that never looked. */
must_check enum rc detect_ledger_mark(struct state_tx *tx, str rule_id, struct arena *a,
                                      struct detect_mark *out, struct err *err);
must_check enum rc detect_ledger_mark_put(struct state_tx *tx, str rule_id, const struct detect_mark *m,
                                          struct err *err);

must_check enum rc detect_ledger_counted(struct state_tx *tx, str rule_id, uint64_t row_id, bool *out,
                                         struct err *err);
must_check enum rc detect_ledger_count(struct state_tx *tx, str rule_id, uint64_t row_id, str alert_id,
                                       ts now, struct err *err);

/* The alert of this rule that speaks of the row's matter within `period` of it; empty when there is none. */
must_check enum rc detect_ledger_matter(struct state_tx *tx, const struct content_rule *rule,
                                        const struct detect_row *row, struct arena *a, str *alert_id,
                                        struct err *err);
/* Notes, or widens, that the alert speaks of the row's matter. */
must_check enum rc detect_ledger_matter_put(struct state_tx *tx, str rule_id, const struct detect_row *row,
                                            str alert_id, struct err *err);

must_check enum rc detect_ledger_alert_put(struct state_tx *tx, str rule_id, str alert_id, ts start,
                                           ts raised, struct err *err);
/* Was there an alert of the rule that began in (start - suppression, start]? */
must_check enum rc detect_ledger_quiet(struct state_tx *tx, const struct content_rule *rule, ts start,
                                       bool *out, struct err *err);
/* Alerts of the rule that were raised after `since`. */
must_check enum rc detect_ledger_raised(struct state_tx *tx, str rule_id, ts since, int64_t *out,
                                        struct err *err);

/* Forgets counted rows and matters older than DETECT_LEDGER_KEEP. */
must_check enum rc detect_ledger_trim(struct state_tx *tx, ts now, struct err *err);

#endif
