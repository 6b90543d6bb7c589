/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state_stmt.h"

#include <assert.h>

#include "base/hash.h"
#include "base/mem.h"
#include "state/state_priv.h"

struct state_stmt {
    struct state_conn *conn;
    sqlite3_stmt      *st;
    struct state_kept *kept; /* NULL: prepared for this one use */
};

static struct state_kept *find_kept(struct state_conn *c, const char *sql, uint64_t hash)
{
    for (size_t i = 0; i < STATE_STMT_KEPT; i++) {
        struct state_kept *k = &c->kept[i];
        if (k->st && !k->busy && k->hash == hash && str_eq(str_of(sqlite3_sql(k->st)), str_of(sql)))
            return k;
    }
    return NULL;
}

static struct state_kept *oldest_idle(struct state_conn *c)
{
    struct state_kept *oldest = NULL;
    for (size_t i = 0; i < STATE_STMT_KEPT; i++)
        if (!c->kept[i].busy && (!oldest || c->kept[i].used < oldest->used))
            oldest = &c->kept[i];
    return oldest;
}

static enum rc prepare(struct state_conn *c, const char *sql, struct state_stmt *out, struct err *err)
{
    uint64_t           hash = hash_fnv(str_of(sql));
    struct state_kept *k = find_kept(c, sql, hash);

    if (!k) {
        sqlite3_stmt *st = NULL;
        if (sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) != SQLITE_OK)
            return state_conn_error(c->db, sql, err);
        k = oldest_idle(c);
        if (!k) {
            *out = (struct state_stmt) { .conn = c, .st = st };
            return RC_OK;
        }
        sqlite3_finalize(k->st);
        *k = (struct state_kept) { .st = st, .hash = hash };
    }
    k->busy = true;
    k->used = ++c->clock;
    *out = (struct state_stmt) { .conn = c, .st = k->st, .kept = k };
    return RC_OK;
}

static int bind_one(sqlite3_stmt *st, int at, const struct state_arg *a)
{
    switch (a->kind) {
    case STATE_ARG_INT:
        return sqlite3_bind_int64(st, at, a->i);
    case STATE_ARG_REAL:
        return sqlite3_bind_double(st, at, a->d);
    case STATE_ARG_TEXT:
        return sqlite3_bind_text64(st, at, a->s.p ? a->s.p : "", a->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case STATE_ARG_BLOB:
        return sqlite3_bind_blob64(st, at, a->s.p ? a->s.p : "", a->s.n, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(st, at);
    }
}

static enum rc bind(struct state_stmt *s, struct state_args args, struct err *err)
{
    assert((size_t)sqlite3_bind_parameter_count(s->st) == args.n);
    for (size_t i = 0; i < args.n; i++)
        if (bind_one(s->st, (int)i + 1, &args.v[i]) != SQLITE_OK)
            return state_conn_error(s->conn->db, sqlite3_sql(s->st), err);
    return RC_OK;
}

enum rc state_stmt_open(struct state_tx *tx, const char *sql, struct state_args args, struct state_stmt **out,
                        struct err *err)
{
    AUTO(state_stmt) s = MEM_NEW(struct state_stmt);

    assert(!tx->over);
    TRY(prepare(tx->conn, sql, s, err));
    TRY(bind(s, args, err));
    *out = TAKE(s);
    return RC_OK;
}

enum rc state_stmt_next(struct state_stmt *st, bool *row, struct err *err)
{
    int step = sqlite3_step(st->st);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return state_conn_error(st->conn->db, sqlite3_sql(st->st), err);
    *row = step == SQLITE_ROW;
    return RC_OK;
}

enum rc state_stmt_one(struct state_tx *tx, const char *sql, struct state_args args, struct state_stmt **out,
                       struct err *err)
{
    AUTO(state_stmt) s = NULL;
    bool row = false;

    TRY(state_stmt_open(tx, sql, args, &s, err));
    TRY(state_stmt_next(s, &row, err));
    if (!row)
        return err_set(err, RC_NOT_FOUND, "no such row");
    *out = TAKE(s);
    return RC_OK;
}

enum rc state_stmt_run(struct state_tx *tx, const char *sql, struct state_args args, struct err *err)
{
    AUTO(state_stmt) s = NULL;
    bool row = true;

    TRY(state_stmt_open(tx, sql, args, &s, err));
    while (row)
        TRY(state_stmt_next(s, &row, err));
    return RC_OK;
}

int64_t state_stmt_changed(const struct state_tx *tx)
{
    return sqlite3_changes64(tx->conn->db);
}

int64_t state_stmt_last_rowid(const struct state_tx *tx)
{
    return sqlite3_last_insert_rowid(tx->conn->db);
}

struct state_stmt *state_stmt_done(struct state_stmt *s)
{
    if (!s)
        return NULL;
    if (s->kept) {
        sqlite3_reset(s->st);
        sqlite3_clear_bindings(s->st);
        s->kept->busy = false;
    } else {
        sqlite3_finalize(s->st);
    }
    return mem_free(s);
}

bool state_stmt_is_null(const struct state_stmt *st, int column)
{
    return sqlite3_column_type(st->st, column) == SQLITE_NULL;
}

int64_t state_stmt_i64(const struct state_stmt *st, int column)
{
    return sqlite3_column_int64(st->st, column);
}

double state_stmt_double(const struct state_stmt *st, int column)
{
    return sqlite3_column_double(st->st, column);
}

str state_stmt_str(const struct state_stmt *st, int column)
{
    const void *p = sqlite3_column_blob(st->st, column);
    return (str) { p ? p : "", p ? (size_t)sqlite3_column_bytes(st->st, column) : 0 };
}

str state_stmt_str_in(const struct state_stmt *st, int column, struct arena *a)
{
    return arena_str(a, state_stmt_str(st, column));
}
