/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state_priv.h"

static enum rc code_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return RC_CONFLICT;
    case SQLITE_FULL:
        return RC_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return RC_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return RC_UNAVAILABLE;
    case SQLITE_TOOBIG:
        return RC_LIMIT;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return RC_IO;
    default:
        return RC_INTERNAL;
    }
}

enum rc state_conn_error(sqlite3 *db, const char *doing, struct err *err)
{
    int code = sqlite3_extended_errcode(db);
    return err_set(err, code_of(code), "state: %s: %s", doing, sqlite3_errmsg(db));
}

enum rc state_conn_exec(struct state_conn *c, const char *sql, struct err *err)
{
    if (sqlite3_exec(c->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return state_conn_error(c->db, sql, err);
    return RC_OK;
}

enum rc state_conn_open(const char *path, struct state_conn *out, struct err *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

    if (sqlite3_open_v2(path, &out->db, flags, NULL) != SQLITE_OK) {
        enum rc rc = state_conn_error(out->db, path, err);
        state_conn_close(out);
        return rc;
    }
    sqlite3_busy_timeout(out->db, 5000); /* a checkpoint of ours, or the backup of another process */
    /* A damaged or planted schema must not run code of its own. */
    sqlite3_db_config(out->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(out->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(out->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    enum rc rc = state_conn_exec(out, "PRAGMA synchronous = FULL", err);
    if (rc != RC_OK)
        state_conn_close(out);
    return rc;
}

void state_conn_close(struct state_conn *c)
{
    for (size_t i = 0; i < STATE_STMT_KEPT; i++)
        sqlite3_finalize(c->kept[i].st);
    sqlite3_close_v2(c->db);
    *c = (struct state_conn) { 0 };
}
