/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_history.h"

#include "base/vec.h"
#include "posture/posture_priv.h"

static struct posture_edit edit_of(const struct posture_resource *is, const struct posture_resource *was)
{
    struct posture_edit e = { .resource = is->id,
                              .key = is->key,
                              .version = is->version,
                              .time = is->changed,
                              .before = was ? was->changed : 0,
                              .kind = was || is->version > 1 ? POSTURE_EDIT_UPDATE : POSTURE_EDIT_CREATE,
                              .source = is->source,
                              .was = was ? was->text : STR_NONE,
                              .is = is->text };
    if (is->gone) {
        e.kind = POSTURE_EDIT_DELETE;
        e.is = STR_NONE;
    }
    return e;
}

enum rc posture_history_of(struct posture *p, str id, struct arena *a, struct posture_edits *out,
                           struct err *err)
{
    struct posture_resources versions;

    *out = (struct posture_edits) { 0 };
    TRY(posture_resource_versions(p, id, a, &versions, err));
    for (size_t i = 0; i < versions.n; i++) {
        struct posture_resource r = versions.p[i];
        if (i)
            r.gone = 0; /* the flag is the newest version's */
        *vec_push_in(a, out) = edit_of(&r, i + 1 < versions.n ? &versions.p[i + 1] : NULL);
    }
    return RC_OK;
}

enum rc posture_history_touched(struct posture *p, str subscription, ts from, struct arena *a,
                                struct posture_touched *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    bool row;

    *out = (struct posture_touched) { 0 };
    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(state_stmt_open(tx, "SELECT id FROM resources WHERE subscription = ? AND changed >= ? ORDER BY id",
                        STATE_ARGS(STATE_S(subscription), STATE_I(from)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        if (out->n == POSTURE_HISTORY_TOUCHED)
            return err_set(err, RC_LIMIT, "more than %d resources changed since then; ask for less",
                           POSTURE_HISTORY_TOUCHED);
        *vec_push_in(a, out) = state_stmt_str_in(st, 0, a);
    }
}
