/* SPDX-License-Identifier: Apache-2.0 */
/* state/state_priv: connections and their statements, shared by the units of this folder. */
#ifndef STATE_STATE_PRIV_H
#define STATE_STATE_PRIV_H

#include <pthread.h>
#include <sqlite3.h>

#include "state/state_stmt.h"

struct state_kept {
    sqlite3_stmt *st;
    uint64_t      hash;
    uint64_t      used; /* the connection's clock at the last use */
    bool          busy;
};

struct state_conn {
    sqlite3          *db;
    bool              lent;
    uint64_t          clock;
    struct state_kept kept[STATE_STMT_KEPT];
};

struct state {
    char             *path;
    int               migrated;
    struct state_conn writer;
    pthread_mutex_t   write_lock;
    struct state_conn readers[STATE_READERS];
    pthread_mutex_t   readers_lock;
    pthread_cond_t    reader_back;
};

struct state_tx {
    struct state      *owner;
    struct state_conn *conn;
    bool               writes, over;
};

/* Turns SQLite's verdict into ours; the text names what was being done. */
enum rc            state_conn_error(sqlite3 *db, const char *doing, struct err *err);
must_check enum rc state_conn_open(const char *path, struct state_conn *out, struct err *err);
void               state_conn_close(struct state_conn *c);
must_check enum rc state_conn_exec(struct state_conn *c, const char *sql, struct err *err);

#endif
