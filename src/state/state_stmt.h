/* SPDX-License-Identifier: Apache-2.0 */
/* state/state_stmt: statements. The SQL is always a literal of ours; values only ever go in as arguments.
 *
 *     AUTO(state_stmt) st = NULL;
 *     bool row;
 *     TRY(state_stmt_open(tx, "SELECT id, name FROM users WHERE role = ?", STATE_ARGS(STATE_S(role)), &st,
 * err)); while (state_stmt_next(st, &row, err) == RC_OK && row) use(state_stmt_str(st, 0));
 *
 * Prepared statements are kept by their text, the last STATE_STMT_KEPT of a connection.
 * Failures: RC_CONFLICT a constraint, RC_FULL no space, RC_CORRUPT damage, RC_IO the disk.
 * Threads: as their transaction. */
#ifndef STATE_STATE_STMT_H
#define STATE_STATE_STMT_H

#include "base/arena.h"
#include "base/ts.h"
#include "state/state_tx.h"

struct state_stmt;

enum { STATE_STMT_KEPT = 128 };

struct state_arg {
    enum { STATE_ARG_NULL, STATE_ARG_INT, STATE_ARG_REAL, STATE_ARG_TEXT, STATE_ARG_BLOB } kind;
    union {
        int64_t i;
        double  d;
        str     s; /* borrowed until the statement is done */
    };
};

struct state_args {
    const struct state_arg *v;
    size_t                  n;
};

#define STATE_S(v) ((struct state_arg) { .kind = STATE_ARG_TEXT, .s = (v) })
#define STATE_I(v)                                                                                           \
    ((struct state_arg) { .kind = STATE_ARG_INT, .i = (int64_t)(v) }) /* also ts, bool, enums */
#define STATE_D(v) ((struct state_arg) { .kind = STATE_ARG_REAL, .d = (v) })
#define STATE_B(v) ((struct state_arg) { .kind = STATE_ARG_BLOB, .s = (v) })
#define STATE_NULL ((struct state_arg) { .kind = STATE_ARG_NULL })
/* Text, or NULL when it is empty. */
#define STATE_SN(v) state_stmt_text_or_null(v)
#define STATE_ARGS_LIST_(...) ((const struct state_arg[]) { __VA_ARGS__ })
#define STATE_ARGS(...)                                                                                      \
    ((struct state_args) { STATE_ARGS_LIST_(__VA_ARGS__),                                                    \
                           sizeof STATE_ARGS_LIST_(__VA_ARGS__) / sizeof(struct state_arg) })
#define STATE_NO_ARGS ((struct state_args) { NULL, 0 })

static inline struct state_arg state_stmt_text_or_null(str v)
{
    return v.n ? STATE_S(v) : STATE_NULL;
}

/* Runs a statement for its effect. */
must_check enum rc state_stmt_run(struct state_tx *tx, const char *sql, struct state_args args,
                                  struct err *err);
/* Rows that the last state_stmt_run of this transaction changed. */
int64_t state_stmt_changed(const struct state_tx *tx);
int64_t state_stmt_last_rowid(const struct state_tx *tx);

must_check enum rc state_stmt_open(struct state_tx *tx, const char *sql, struct state_args args,
                                   struct state_stmt **out, struct err *err);
must_check enum rc state_stmt_next(struct state_stmt *st, bool *row, struct err *err);
/* Opens and moves to the one row that is expected; RC_NOT_FOUND ("no such row") without one. */
must_check enum rc state_stmt_one(struct state_tx *tx, const char *sql, struct state_args args,
                                  struct state_stmt **out, struct err *err);
struct state_stmt *state_stmt_done(struct state_stmt *st);
DEFINE_AUTO(state_stmt, state_stmt_done)

/* Columns from 0 of the row stood on. A NULL reads as 0 or as empty text. */
bool    state_stmt_is_null(const struct state_stmt *st, int column);
int64_t state_stmt_i64(const struct state_stmt *st, int column);
double  state_stmt_double(const struct state_stmt *st, int column);
str     state_stmt_str(const struct state_stmt *st, int column); /* until the next call on st */
str     state_stmt_str_in(const struct state_stmt *st, int column, struct arena *a); /* a copy */

#endif
