/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_watchlist_priv: what the files of the unit share. Threads: inside the caller's transaction. */
#ifndef HUNT_HUNT_WATCHLIST_PRIV_H
#define HUNT_HUNT_WATCHLIST_PRIV_H

#include "base/vec.h"
#include "hunt/hunt_watchlist.h"
#include "state/state_stmt.h"

/* RC_NOT_FOUND; `deleted` finds those as well. */
must_check enum rc hunt_watchlist_find(struct state_tx *tx, str alias, bool deleted, struct arena *a,
                                       struct hunt_watchlist *out, struct err *err);

/* An item as state has it: a JSON array of texts. */
struct hunt_watchlist_row {
    str id, item;
    ts  modified;
};
typedef VEC(struct hunt_watchlist_row) hunt_watchlist_rows;
must_check enum rc hunt_watchlist_rows_read(struct state_tx *tx, str list_id, struct arena *a,
                                            hunt_watchlist_rows *out, struct err *err);

/* What an edit does to items; texts are JSON arrays, empty: not there. */
struct hunt_watchlist_step {
    str id, was, became;
};
typedef VEC(struct hunt_watchlist_step) hunt_watchlist_steps;

/* One version being made. */
struct hunt_watchlist_edit {
    struct hunt              *hunt;
    struct state_tx          *tx;
    struct arena             *arena;
    ts                        now;
    const struct incident_by *by;
    const char               *what;
    bool                      is_new;
    struct hunt_watchlist     list; /* as it becomes, but for version, times and counts */
    hunt_watchlist_steps      steps;
};
/* Writes items, changes, the version, the list, and rows for the log table. */
must_check enum rc hunt_watchlist_apply(struct hunt_watchlist_edit *e, struct err *err);

/* The steps from what is there to `want`, whose items have no ids yet; `key`: the column that tells rows
 * apart. */
void hunt_watchlist_compare(struct hunt *h, struct arena *a, const hunt_watchlist_rows *is,
                            const hunt_watchlist_rows *want, size_t key, hunt_watchlist_steps *out);

/* The n-th text of an item. */
must_check enum rc hunt_watchlist_cell(struct arena *a, str item, size_t column, str *out, struct err *err);
size_t             hunt_watchlist_column(const struct hunt_watchlist *list, str name); /* STR_NPOS: none */

#endif
