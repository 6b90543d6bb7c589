/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_explain: what each condition of a definition says of a document, as JSON for people to read.
 *
 * Walks the whole rule where policy_eval stops at what decides, so that every condition has its answer; each
 * answer is policy_eval's own. The shape is in docs/policy.md. Costs more than an evaluation: for one
 * document that somebody looks at. Threads: as policy_eval. */
#ifndef POLICY_POLICY_EXPLAIN_H
#define POLICY_POLICY_EXPLAIN_H

#include "policy/policy.h"

enum {
    POLICY_EXPLAIN_CONDITIONS = 2000, /* written of one explanation; what is beyond has no "conditions" */
    POLICY_EXPLAIN_DEPTH = 16,        /* levels of them */
    POLICY_EXPLAIN_ELEMENTS = 20,     /* named of one array */
    POLICY_EXPLAIN_VALUE = 2048,      /* bytes of one value */
    POLICY_EXPLAIN_BYTES = 4 << 20
};

/* Writes the members "matched", "effect", "condition" and, of …IfNotExists, "related" into the object that
 * `w` is in. `verdict` is what policy_eval said of the same input; related resources are asked for once more.
 */
void policy_explain(const struct policy_def *d, const struct policy_input *in,
                    const struct policy_verdict *verdict, struct arena *a, struct json_w *w);

#endif
