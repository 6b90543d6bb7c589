/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_priv: what the parts of posture share. */
#ifndef POSTURE_POSTURE_PRIV_H
#define POSTURE_POSTURE_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/snapshot.h"
#include "base/vec.h"
#include "posture/posture.h"
#include "posture/posture_connector.h"
#include "posture/posture_plan.h"
#include "posture/posture_tree.h"
#include "state/state_stmt.h"

/* Scopes that wait to be judged again; "" is everything. */
struct posture_todo {
    char                *scope;
    struct posture_todo *next;
};

/* A connector, and when it is due. */
struct posture_connected {
    struct posture_connector connector;
    bool                     ran;
    int64_t                  next; /* of the monotonic clock, ns */
};

struct posture {
    struct posture_opts    opts;
    struct arena          *arena; /* of the opts' texts and the library of our own */
    str                    root;  /* id of the root management group */
    struct policy_aliases *aliases;
    VEC(struct policy_aliases *) old_aliases;
    VEC(struct posture_connected) connectors; /* complete before the threads start */
    struct snapshot_slot *plan, *tree;
    atomic_uint_fast64_t  generation;

    pthread_mutex_t change; /* one change at a time: taken before a write transaction is begun */

    pthread_mutex_t      lock; /* of what follows */
    pthread_cond_t       woken, settled, ended;
    struct posture_todo *todo;
    bool                 busy, stopping, started, discovering, logging;
    pthread_t            worker, discoverer;
    ts                   looked; /* for grace periods that ended */
};

/* Compiles the plan anew from state and publishes it; the caller holds `change`. */
must_check enum rc posture_replan(struct posture *p, struct err *err);
must_check enum rc posture_retree(struct posture *p, struct err *err);
/* Judges again what is at or below the scope, by the worker or the next posture_settle. */
void posture_later(struct posture *p, str scope);
/* Rows for the log tables were left for later: the worker makes them. */
void posture_rows_wait(struct posture *p);
void posture_changed(struct posture *p);
/* RC_OK without log tables. */
must_check enum rc posture_log_row(struct posture *p, struct state_tx *tx, str table, struct strbuf *row,
                                   struct err *err);

#endif
