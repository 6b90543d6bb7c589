/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_scan: scan as SQL: one aggregate that gathers the rows of a part in order, folds over them with the
 * state of the steps, and gives the matches as an array of tuples.
 *
 * The law of matching is Kusto's: a row meets the steps from the last to the first. Where the step before is
 * in a sequence and the condition holds with that sequence's state, the sequence moves on to this step
 * (promotion); else where this step is in a sequence, or is the first, and the condition holds with its own
 * state, the row takes the place of the step's last one (repetition). Both bind the same expressions, against
 * different states: in the tree each stands twice.
 *
 * Ownership: the arena of the compile. Threads: no state. */
#ifndef KQL_KQL_SCAN_H
#define KQL_KQL_SCAN_H

#include "kql/kql_agg.h"

enum {
    KQL_SCAN_ROWS = 100000, /* of one part: the fold copies its matches at each row */
    KQL_SCAN_STEPS = 16,
};

enum kql_scan_output { KQL_SCAN_ALL, KQL_SCAN_LAST, KQL_SCAN_NONE };
enum kql_scan_check { KQL_SCAN_PROMOTE, KQL_SCAN_REPEAT, KQL_SCAN_CHECKS_ };

struct kql_scan_step {
    enum kql_scan_output output;
    size_t               condition[KQL_SCAN_CHECKS_]; /* places among the arguments of the call */
    size_t               assigned[KQL_SCAN_CHECKS_];  /* the first of `n_declared` */
    const size_t        *kept; /* the fields of its last row that somebody asks for as step.field */
    size_t               n_kept;
};

/* What the call of KQL_SCAN_AGG carries in kql_expr.data. Its arguments: the number of the row, the
 * expressions of the steps, then (behind kql_expr.number) the columns of the input. */
struct kql_scan {
    size_t                  n_steps, n_declared, n_fields;
    struct kql_scan_step    steps[KQL_SCAN_STEPS];
    const enum kql_type    *declared; /* types … */
    const struct kql_value *defaults;
    const enum kql_type    *fields; /* … of the input's columns */
};

extern const struct kql_agg KQL_SCAN_AGG;

/* Where things stand in the lambdas, as SQL. A field of the row at hand. */
str kql_scan_field_sql(struct arena *a, size_t field);
/* In the state of step `state`: the value of a declared column (or, behind those, of a kept field) of step
 * `step`. */
str kql_scan_state_sql(struct arena *a, size_t state, size_t step, size_t place);
/* In a match, an element of the array that the call gives: its sequence's number, a declared column, a field.
 */
size_t kql_scan_match_id(void);
size_t kql_scan_match_declared(size_t declared);
size_t kql_scan_match_row(const struct kql_scan *s);
size_t kql_scan_row_field(size_t field);

#endif
