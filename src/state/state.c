/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "state/state_priv.h"

/* A whole read at each start is worth its time up to here: some 0.2 s. Larger files are read by `vedette
 * doctor`. */
enum { CHECKED_AT_START = 64 << 20 };

static void sha256_text(const char *sql, char out[65])
{
    struct hash_sha256 digest = hash_sha256(str_of(sql));
    hash_hex(digest.bytes, sizeof digest.bytes, out);
}

static const struct state_migration *find(const struct state_migration *list, int64_t number)
{
    for (; list->name; list++)
        if (list->number == number)
            return list;
    return NULL;
}

static bool has_table(struct state_conn *c, const char *name)
{
    sqlite3_stmt *st = NULL;
    sqlite3_prepare_v2(c->db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", -1, &st, NULL);
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    bool has = sqlite3_step(st) == SQLITE_ROW;
    sqlite3_finalize(st);
    return has;
}

static enum rc compare_one(const struct state_migration *ours, sqlite3_stmt *row, struct err *err)
{
    char sha[65];

    if (!ours)
        return err_set(
            err, RC_UNSUPPORTED,
            "the state was made by a newer Vedette (migration %d \"%s\" is unknown here): start that one",
            sqlite3_column_int(row, 0), (const char *)sqlite3_column_text(row, 1));
    sha256_text(ours->sql, sha);
    if (!str_eq(str_of(sha), str_of((const char *)sqlite3_column_text(row, 2))))
        return err_set(err, RC_CORRUPT, "migration %d \"%s\" of the state is not the one this program has",
                       ours->number, ours->name);
    return RC_OK;
}

/* Every migration the file has must be one of ours, to the byte. */
static enum rc compare(struct state_conn *c, const struct state_migration *ours, struct err *err)
{
    sqlite3_stmt *st = NULL;
    enum rc       rc = RC_OK;
    int           step = SQLITE_DONE;

    if (!has_table(c, "migrations"))
        return RC_OK;
    if (sqlite3_prepare_v2(c->db, "SELECT number, name, sha256 FROM migrations", -1, &st, NULL) != SQLITE_OK)
        return state_conn_error(c->db, "reading migrations", err);
    while (rc == RC_OK && (step = sqlite3_step(st)) == SQLITE_ROW)
        rc = compare_one(find(ours, sqlite3_column_int64(st, 0)), st, err);
    if (rc == RC_OK && step != SQLITE_DONE)
        rc = state_conn_error(c->db, "reading migrations", err);
    sqlite3_finalize(st);
    return rc;
}

static bool is_applied(struct state_conn *c, int number)
{
    sqlite3_stmt *st = NULL;
    sqlite3_prepare_v2(c->db, "SELECT 1 FROM migrations WHERE number = ?", -1, &st, NULL);
    sqlite3_bind_int(st, 1, number);
    bool applied = sqlite3_step(st) == SQLITE_ROW;
    sqlite3_finalize(st);
    return applied;
}

static enum rc note_applied(struct state_conn *c, const struct state_migration *m, struct err *err)
{
    sqlite3_stmt *st = NULL;
    char          sha[65];
    enum rc       rc = RC_OK;

    sha256_text(m->sql, sha);
    sqlite3_prepare_v2(c->db, "INSERT INTO migrations VALUES (?, ?, ?, unixepoch())", -1, &st, NULL);
    sqlite3_bind_int(st, 1, m->number);
    sqlite3_bind_text(st, 2, m->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 3, sha, -1, SQLITE_STATIC);
    if (sqlite3_step(st) != SQLITE_DONE)
        rc = state_conn_error(c->db, m->name, err);
    sqlite3_finalize(st);
    return rc;
}

static enum rc apply(struct state_conn *c, const struct state_migration *m, struct err *err)
{
    TRY(state_conn_exec(c, "BEGIN IMMEDIATE", err));
    enum rc rc = RC_OK;
    if (sqlite3_exec(c->db, m->sql, NULL, NULL, NULL) != SQLITE_OK)
        rc = state_conn_error(c->db, m->name, err);
    if (rc == RC_OK)
        rc = note_applied(c, m, err);
    if (rc == RC_OK)
        rc = state_conn_exec(c, "COMMIT", err);
    if (rc != RC_OK)
        sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

static enum rc migrate(struct state *s, const struct state_migration *ours, struct err *err)
{
    struct state_conn *c = &s->writer;

    TRY(state_conn_exec(
        c,
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
        " sha256 TEXT NOT NULL, applied INTEGER NOT NULL) STRICT",
        err));
    for (const struct state_migration *m = ours; m->name; m++) {
        if (is_applied(c, m->number))
            continue;
        TRY(apply(c, m, err));
        s->migrated++;
    }
    return RC_OK;
}

static enum rc check_with(struct state_conn *c, const char *pragma, struct err *err)
{
    sqlite3_stmt *st = NULL;
    enum rc       rc = RC_OK;

    if (sqlite3_prepare_v2(c->db, pragma, -1, &st, NULL) != SQLITE_OK)
        return state_conn_error(c->db, "checking the file", err);
    if (sqlite3_step(st) != SQLITE_ROW)
        rc = state_conn_error(c->db, "checking the file", err);
    else if (!str_eq(str_of((const char *)sqlite3_column_text(st, 0)), S("ok")))
        rc = err_set(err, RC_CORRUPT, "state: %s", (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    return rc;
}

static enum rc open_all(struct state *s, const struct state_migration *ours, struct err *err)
{
    struct stat st;

    /* SQLite gives the files beside it (-wal, -shm) the mode of this one. */
    AUTO_FD fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fstat(fd, &st) != 0)
        return err_errno(err, RC_IO, errno, "state: %s", s->path);
    TRY(state_conn_open(s->path, &s->writer, err));
    TRY(compare(&s->writer, ours, err)); /* before anything is written */
    if (st.st_size > 0 && st.st_size <= CHECKED_AT_START)
        TRY(check_with(&s->writer, "PRAGMA quick_check(1)", err));
    TRY(state_conn_exec(&s->writer, "PRAGMA journal_mode = WAL", err));
    TRY(migrate(s, ours, err));
    for (size_t i = 0; i < STATE_READERS; i++) {
        TRY(state_conn_open(s->path, &s->readers[i], err));
        TRY(state_conn_exec(&s->readers[i], "PRAGMA query_only = ON", err));
    }
    return RC_OK;
}

enum rc state_open(const char *path, struct state **out, struct err *err)
{
    return state_open_with(path, STATE_MIGRATIONS, out, err);
}

/* SQLite need not count the memory it takes: counting means one lock for all threads, at each piece. */
static void set_up_once(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum rc state_open_with(const char *path, const struct state_migration *migrations, struct state **out,
                        struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    AUTO(state) s = MEM_NEW(struct state);

    pthread_once(&once, set_up_once);
    s->path = mem_strdup(str_of(path));
    pthread_mutex_init(&s->write_lock, NULL);
    pthread_mutex_init(&s->readers_lock, NULL);
    pthread_cond_init(&s->reader_back, NULL);
    TRY(open_all(s, migrations, err));
    *out = TAKE(s);
    return RC_OK;
}

struct state *state_free(struct state *s)
{
    if (!s)
        return NULL;
    for (size_t i = 0; i < STATE_READERS; i++)
        state_conn_close(&s->readers[i]);
    state_conn_close(&s->writer);
    pthread_mutex_destroy(&s->write_lock);
    pthread_mutex_destroy(&s->readers_lock);
    pthread_cond_destroy(&s->reader_back);
    mem_free(s->path);
    return mem_free(s);
}

int state_migrated(const struct state *s)
{
    return s->migrated;
}

enum rc state_check(struct state *s, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    TRY(state_tx_read(s, &tx, err));
    TRY(check_with(tx->conn, "PRAGMA integrity_check(1)", err));
    return RC_OK;
}

enum rc state_backup(struct state *s, const char *path, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct state_conn copy = { 0 };
    enum rc           rc = RC_OK;

    AUTO_FD fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(err, errno == EEXIST ? RC_CONFLICT : RC_IO, errno, "state: backup to %s", path);
    TRY(state_tx_read(s, &tx, err));
    TRY(state_conn_open(path, &copy, err));
    sqlite3_backup *b = sqlite3_backup_init(copy.db, "main", tx->conn->db, "main");
    if (!b)
        rc = state_conn_error(copy.db, "backup", err);
    else if (sqlite3_backup_step(b, -1) != SQLITE_DONE)
        rc = err_set(err, RC_IO, "state: the backup to %s did not finish", path);
    sqlite3_backup_finish(b);
    state_conn_close(&copy);
    return rc;
}
