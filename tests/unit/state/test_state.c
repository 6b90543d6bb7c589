/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "state/state_stmt.h"
#include "tests/t.h"

static const struct state_migration FIRST[] = {
    { 1, "things", "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;" },
    { 0 },
};

static const struct state_migration SECOND[] = {
    { 1, "things", "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;" },
    { 5, "weights", "ALTER TABLE things ADD COLUMN weight INTEGER NOT NULL DEFAULT 7;" },
    { 0 },
};

static const struct state_migration CHANGED[] = {
    { 1, "things", "CREATE TABLE things (id INTEGER PRIMARY KEY, title TEXT) STRICT;" },
    { 0 },
};

static const struct state_migration BROKEN[] = {
    { 1, "things", "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;" },
    { 2, "broken", "CREATE TABLE half (id INTEGER) STRICT; CREATE TABEL typo (x);" },
    { 0 },
};

static char dir[] = "/tmp/vedette-state-XXXXXX";

static const char *fresh(void)
{
    static char path[64];
    static int  n;
    if (n == 0)
        CHECK(t_folder(dir) != NULL);
    snprintf(path, sizeof path, "%s/%d.db", dir, n++);
    return path;
}

__attribute__((destructor)) static void cleaned(void)
{
    struct err err;
    if (file_remove_tree(dir, &err) != RC_OK)
        fprintf(stderr, "%s\n", err.text);
}

static struct state *opened(const char *path, const struct state_migration *m)
{
    struct state *s = NULL;
    struct err    err = { 0 };
    CHECK_OK_ERR(state_open_with(path, m, &s, &err), &err);
    return s;
}

static void add(struct state *s, str name)
{
    AUTO(state_tx) tx = NULL;
    CHECK_OK(state_tx_write(s, &tx, NULL));
    CHECK_OK(state_stmt_run(tx, "INSERT INTO things (name) VALUES (?)", STATE_ARGS(STATE_S(name)), NULL));
    CHECK_OK(state_tx_commit(tx, NULL));
}

static int64_t number(struct state *s, const char *sql)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    CHECK_OK(state_tx_read(s, &tx, NULL));
    CHECK_OK(state_stmt_one(tx, sql, STATE_NO_ARGS, &st, NULL));
    return state_stmt_i64(st, 0);
}

TEST(migrations_are_applied_once_and_in_order)
{
    const char *path = fresh();
    {
        AUTO(state) s = opened(path, FIRST);
        CHECK_EQ(state_migrated(s), 1);
        add(s, S("a"));
    }
    AUTO(state) s = opened(path, SECOND);
    CHECK_EQ(state_migrated(s), 1);
    CHECK_EQ(number(s, "SELECT weight FROM things"), 7);
}

TEST(the_file_is_for_its_owner_alone)
{
    const char *path = fresh();
    struct stat st;
    state_free(opened(path, FIRST));
    CHECK_EQ(stat(path, &st), 0);
    CHECK_EQ(st.st_mode & 0777, 0600);
}

TEST(a_file_of_a_newer_program_is_refused_untouched)
{
    const char   *path = fresh();
    struct err    err = { 0 };
    struct state *none = NULL;
    state_free(opened(path, SECOND));
    CHECK_EQ(state_open_with(path, FIRST, &none, &err), RC_UNSUPPORTED);
    CHECK(str_contains(str_of(err.text), S("migration 5 \"weights\" is unknown")));
    CHECK(none == NULL);
}

TEST(a_migration_that_was_edited_is_refused)
{
    const char   *path = fresh();
    struct state *none = NULL;
    state_free(opened(path, FIRST));
    CHECK_EQ(state_open_with(path, CHANGED, &none, NULL), RC_CORRUPT);
}

TEST(a_migration_that_fails_leaves_nothing_behind)
{
    const char   *path = fresh();
    struct err    err = { 0 };
    struct state *none = NULL;
    CHECK(state_open_with(path, BROKEN, &none, &err) != RC_OK);
    CHECK(str_contains(str_of(err.text), S("broken")));
    AUTO(state) s = opened(path, FIRST);
    CHECK_EQ(number(s, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
}

TEST(a_file_that_is_no_database_is_named_damaged)
{
    const char   *path = fresh();
    struct state *none = NULL;
    CHECK_OK(file_write_atomic(
        path, S("this is no database, whatever its name may say, and it is long enough"), 0600, NULL));
    CHECK_EQ(state_open_with(path, FIRST, &none, NULL), RC_CORRUPT);
}

TEST(what_was_not_committed_is_rolled_back)
{
    AUTO(state) s = opened(fresh(), FIRST);
    {
        AUTO(state_tx) tx = NULL;
        CHECK_OK(state_tx_write(s, &tx, NULL));
        CHECK_OK(state_stmt_run(tx, "INSERT INTO things (name) VALUES ('x')", STATE_NO_ARGS, NULL));
        CHECK_EQ(state_stmt_changed(tx), 1);
    }
    CHECK_EQ(number(s, "SELECT count(*) FROM things"), 0);
}

TEST(a_reader_sees_one_moment)
{
    AUTO(state) s = opened(fresh(), FIRST);
    add(s, S("a"));
    AUTO(state_tx) tx = NULL;
    CHECK_OK(state_tx_read(s, &tx, NULL));
    for (int i = 0; i < 2; i++) {
        AUTO(state_stmt) st = NULL;
        CHECK_OK(state_stmt_one(tx, "SELECT count(*) FROM things", STATE_NO_ARGS, &st, NULL));
        CHECK_EQ(state_stmt_i64(st, 0), 1);
        if (i == 0)
            add(s, S("b"));
    }
}

TEST(a_reader_cannot_write)
{
    AUTO(state) s = opened(fresh(), FIRST);
    AUTO(state_tx) tx = NULL;
    CHECK_OK(state_tx_read(s, &tx, NULL));
    CHECK(state_stmt_run(tx, "DELETE FROM things", STATE_NO_ARGS, NULL) != RC_OK);
}

TEST(values_of_every_kind_come_back)
{
    static const struct state_migration kinds[] = {
        { 1, "kinds", "CREATE TABLE kinds (t TEXT, i INTEGER, d REAL, b BLOB, n TEXT, e TEXT) STRICT;" },
        { 0 }
    };
    AUTO(state) s = opened(fresh(), kinds);
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    str quote = S("it's; DROP TABLE kinds -- \xc3\xa4");

    CHECK_OK(state_tx_write(s, &tx, NULL));
    CHECK_OK(state_stmt_run(tx, "INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)",
                            STATE_ARGS(STATE_S(quote), STATE_I(INT64_MIN), STATE_D(0.5), STATE_B(S("a\0b")),
                                       STATE_NULL, STATE_SN(S(""))),
                            NULL));
    CHECK_OK(state_stmt_one(tx, "SELECT * FROM kinds", STATE_NO_ARGS, &st, NULL));
    CHECK_SEQ(state_stmt_str(st, 0), quote);
    CHECK(state_stmt_i64(st, 1) == INT64_MIN);
    CHECK(state_stmt_double(st, 2) == 0.5);
    CHECK_SEQ(state_stmt_str(st, 3), S("a\0b"));
    CHECK(state_stmt_is_null(st, 4));
    CHECK(state_stmt_is_null(st, 5));
}

TEST(a_constraint_is_a_conflict_and_a_missing_row_is_not_found)
{
    AUTO(state) s = opened(fresh(), FIRST);
    add(s, S("a"));
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    CHECK_OK(state_tx_write(s, &tx, NULL));
    CHECK_EQ(state_stmt_run(tx, "INSERT INTO things (name) VALUES ('a')", STATE_NO_ARGS, NULL), RC_CONFLICT);
    CHECK_EQ(state_stmt_one(tx, "SELECT 1 FROM things WHERE name = 'z'", STATE_NO_ARGS, &st, NULL),
             RC_NOT_FOUND);
}

TEST(the_same_statement_can_be_open_twice_and_many_are_kept)
{
    AUTO(state) s = opened(fresh(), FIRST);
    add(s, S("a"));
    AUTO(state_tx) tx = NULL;
    CHECK_OK(state_tx_read(s, &tx, NULL));
    for (int i = 0; i < 3 * STATE_STMT_KEPT; i++) {
        AUTO(state_stmt) one = NULL;
        AUTO(state_stmt) two = NULL;
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT id + %d FROM things", i);
        CHECK_OK(state_stmt_one(tx, sql, STATE_NO_ARGS, &one, NULL));
        CHECK_OK(state_stmt_one(tx, sql, STATE_NO_ARGS, &two, NULL));
        CHECK_EQ(state_stmt_i64(one, 0), 1 + i);
        CHECK_EQ(state_stmt_i64(two, 0), 1 + i);
    }
}

static void *adds_many(void *p)
{
    char name[32];
    for (int i = 0; i < 50; i++) {
        int n = snprintf(name, sizeof name, "%p-%d", (void *)&name, i);
        add(p, str_make(name, (size_t)n));
        number(p, "SELECT count(*) FROM things");
    }
    return NULL;
}

TEST(threads_take_turns)
{
    AUTO(state) s = opened(fresh(), FIRST);
    pthread_t threads[8];
    for (int i = 0; i < 8; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, adds_many, s), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQ(number(s, "SELECT count(*) FROM things"), 400);
}

TEST(a_backup_is_a_whole_file_of_its_own)
{
    AUTO(state) s = opened(fresh(), FIRST);
    add(s, S("a"));
    char copy[64];
    snprintf(copy, sizeof copy, "%s/copy.db", dir);
    CHECK_OK(state_backup(s, copy, NULL));
    CHECK_EQ(state_backup(s, copy, NULL), RC_CONFLICT);
    AUTO(state) c = opened(copy, FIRST);
    CHECK_EQ(number(c, "SELECT count(*) FROM things"), 1);
    CHECK_OK(state_check(c, NULL));
}

/* Writes numbered rows and tells each commit through the pipe, until it is killed. */
static void write_until_killed(const char *path, int out)
{
    struct state *s = opened(path, FIRST);
    for (int64_t i = 1;; i++) {
        struct state_tx *tx = NULL;
        char             name[32];
        int              n = snprintf(name, sizeof name, "row %d", (int)i);
        if (state_tx_write(s, &tx, NULL) != RC_OK ||
            state_stmt_run(tx, "INSERT INTO things VALUES (?, ?)",
                           STATE_ARGS(STATE_I(i), STATE_S(str_make(name, (size_t)n))), NULL) != RC_OK ||
            state_tx_commit(tx, NULL) != RC_OK || write(out, &i, sizeof i) != sizeof i)
            _exit(1);
        state_tx_free(tx);
    }
}

TEST(kill_9_loses_nothing_that_was_committed)
{
    for (int round = 0; round < 5; round++) {
        const char *path = fresh();
        int         pipe_fds[2];
        int64_t     told = 0, last = 0;

        CHECK_EQ(pipe(pipe_fds), 0);
        pid_t child = fork();
        if (child == 0)
            write_until_killed(path, pipe_fds[1]);
        close(pipe_fds[1]);
        while (last < 20 + 7 * round && read(pipe_fds[0], &last, sizeof last) == sizeof last)
            continue;
        kill(child, SIGKILL);
        while (read(pipe_fds[0], &told, sizeof told) == sizeof told)
            last = told;
        close(pipe_fds[0]);
        waitpid(child, NULL, 0);

        AUTO(state) s = opened(path, FIRST);
        int64_t rows = number(s, "SELECT count(*) FROM things");
        CHECK(rows == last || rows == last + 1); /* the last commit may not have been told */
        CHECK_OK(state_check(s, NULL));
    }
}
