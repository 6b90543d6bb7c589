/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture: what is there, how it is configured, and what that is worth: inventory, policy,
 * recommendations, secure score, compliance.
 *
 * Resources are JSON documents with ARM ids. Assignments are compiled into a plan, an immutable snapshot; a
 * resource that changes is judged by the units of the plan that concern its type before the call that changed
 * it returns, and counts and score move in the same transaction. A change of policies is judged over all
 * resources that it concerns by a worker (posture_settle waits for it).
 *
 * Overload costs time, never a verdict: what was not judged yet is judged after a restart.
 *
 * Threads: safe; changes take turns. Texts and documents of results live in the arena given. */
#ifndef POSTURE_POSTURE_H
#define POSTURE_POSTURE_H

#include "base/arena.h"
#include "base/env.h"
#include "base/json.h"
#include "posture/posture_kind.h"
#include "state/state_tx.h"

enum {
    POSTURE_MAX_DOCUMENT = 4 << 20, /* bytes of one resource */
    POSTURE_MAX_OBJECT = 4 << 20,   /* of a definition or initiative */
    POSTURE_VERSIONS = 50,          /* kept of a resource in state; the log tables have all */
    POSTURE_MAX_PAGE = 1000,
};

struct posture;

struct posture_opts {
    struct state     *state; /* borrowed, as all of these */
    const struct env *env;
    str               tenant, subscription; /* ids */
    str               subscription_name;
    str               group, location; /* of own machines */
    str               workspace;       /* the ARM id of the workspace, a resource itself; may be empty */
    const char       *content;         /* folder of definitions of our own; NULL: none */
    /* Appends a row to a log table in the same transaction; NULL: no log tables. */
    enum rc (*log)(struct state_tx *tx, str table, str row, struct err *err);
    unsigned threads; /* that judge all; 0: 2 */
};

must_check enum rc posture_open(const struct posture_opts *opts, struct posture **out, struct err *err);
struct posture    *posture_close(struct posture *p);
DEFINE_AUTO(posture, posture_close)

/* Starts the worker. Without it, changes of policies wait until posture_settle does its work in the caller's
 * thread. */
must_check enum rc posture_start(struct posture *p, struct err *err);
/* Waits until everything is judged by the newest plan; false after `wait`. */
bool posture_settle(struct posture *p, duration wait);
/* Judges what is at or below the scope again, by and by. */
void posture_again(struct posture *p, str scope);
/* Grows with every change: what was read before and after at the same number is the same. */
uint64_t posture_generation(const struct posture *p);

#endif
