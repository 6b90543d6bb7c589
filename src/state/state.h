/* SPDX-License-Identifier: Apache-2.0 */
/* state/state: the control state, one SQLite file: scopes, users, alerts, incidents, rule runs.
 *
 * WAL, STRICT tables, synchronous=FULL: what was committed is there after kill -9 or a power cut. One
 * connection writes, STATE_READERS read snapshots beside it. A second process on the same file is refused by
 * the caller's lock on the data folder, not here.
 *
 * The schema is made of numbered files, src/state/migrations/NNN_name.sql, compiled in. Each is applied once,
 * in order of number, in a transaction of its own. A file made by a newer program, or one whose applied
 * migrations differ from ours, is refused before anything is touched.
 *
 * Threads: all calls are safe from any thread. */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"

struct state;

enum { STATE_READERS = 4 };

struct state_migration {
    int         number;
    const char *name, *sql;
};

/* Those compiled in, in order of number; ended by a NULL name. */
extern const struct state_migration STATE_MIGRATIONS[];

/* Opens or makes the file at `path` with mode 0600. RC_CORRUPT when it is damaged, RC_UNSUPPORTED when it is
 * newer. */
must_check enum rc state_open(const char *path, struct state **out, struct err *err);
/* The same with other migrations: for tests. */
must_check enum rc state_open_with(const char *path, const struct state_migration *migrations,
                                   struct state **out, struct err *err);
struct state      *state_free(struct state *s); /* every transaction must have ended */
DEFINE_AUTO(state, state_free)

/* How many migrations this opening applied. */
int state_migrated(const struct state *s);

/* Reads the whole file and its indexes. RC_CORRUPT names the first thing found. */
must_check enum rc state_check(struct state *s, struct err *err);
/* A consistent copy, while others go on writing. `path` must not exist. */
must_check enum rc state_backup(struct state *s, const char *path, struct err *err);

#endif
