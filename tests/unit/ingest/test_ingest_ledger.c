/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_ledger.h"

#include <pthread.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/t.h"

static struct ingest_ledger *open_ledger(const char *path)
{
    struct ingest_ledger *l = NULL;
    struct err            err = { 0 };

    CHECK_OK_ERR(ingest_ledger_open(path, &l, &err), &err);
    return l;
}

static void make_path(char path[64])
{
    snprintf(path, 64, "/tmp/ingest-ledger-XXXXXX");
    close(mkstemp(path));
}

TEST(a_stored_request_is_known_also_after_a_restart)
{
    char path[64];
    AUTO(arena) a = arena_new(64 << 10);
    str                   result = STR_NONE;
    struct ingest_ledger *l;

    make_path(path);
    l = open_ledger(path);
    CHECK(ingest_ledger_begin(l, S("t1"), a, &result));
    ingest_ledger_done(l, S("t1"), S("{\"refused\":0}"));
    CHECK(!ingest_ledger_begin(l, S("t1"), a, &result));
    CHECK_SEQ(result, S("{\"refused\":0}"));
    ingest_ledger_close(l);
    l = open_ledger(path);
    CHECK(!ingest_ledger_begin(l, S("t1"), a, &result));
    CHECK_SEQ(result, S("{\"refused\":0}"));
    CHECK(ingest_ledger_begin(l, S("t2"), a, &result));
    ingest_ledger_drop(l, S("t2"));
    CHECK(ingest_ledger_begin(l, S("t2"), a, &result));
    ingest_ledger_drop(l, S("t2"));
    ingest_ledger_close(l);
    unlink(path);
}

TEST(a_line_cut_short_by_a_crash_is_passed_over)
{
    char path[64];
    AUTO(arena) a = arena_new(64 << 10);
    str                   result;
    struct ingest_ledger *l;

    make_path(path);
    CHECK_OK(file_write_atomic(path, S("t1\t{}\nt2\t{\"row"), 0600, NULL));
    l = open_ledger(path);
    CHECK(!ingest_ledger_begin(l, S("t1"), a, &result));
    CHECK(ingest_ledger_begin(l, S("t2"), a, &result));
    ingest_ledger_done(l, S("t2"), S("{}"));
    ingest_ledger_close(l);
    l = open_ledger(path);
    CHECK(!ingest_ledger_begin(l, S("t2"), a, &result));
    ingest_ledger_close(l);
    unlink(path);
}

static void *repeat(void *ctx)
{
    AUTO(arena) a = arena_new(64 << 10);
    str result;

    return ingest_ledger_begin(ctx, S("t"), a, &result) ? ctx : NULL;
}

TEST(a_repetition_waits_for_the_first_and_gets_its_answer)
{
    char path[64];
    AUTO(arena) a = arena_new(64 << 10);
    str                   result;
    struct ingest_ledger *l;
    pthread_t             thread;
    void                 *got;

    make_path(path);
    l = open_ledger(path);
    CHECK(ingest_ledger_begin(l, S("t"), a, &result));
    CHECK_EQ(pthread_create(&thread, NULL, repeat, l), 0);
    usleep(20000);
    ingest_ledger_done(l, S("t"), S("{}"));
    pthread_join(thread, &got);
    CHECK(got == NULL);
    ingest_ledger_close(l);
    unlink(path);
}

TEST(what_cannot_stand_on_a_line_is_not_kept)
{
    char path[64];
    AUTO(arena) a = arena_new(64 << 10);
    str                   result;
    struct ingest_ledger *l;

    make_path(path);
    l = open_ledger(path);
    CHECK(ingest_ledger_begin(l, S("a\nb"), a, &result));
    ingest_ledger_done(l, S("a\nb"), S("{}"));
    CHECK(ingest_ledger_begin(l, S("a\nb"), a, &result));
    ingest_ledger_drop(l, S("a\nb"));
    ingest_ledger_close(l);
    unlink(path);
}
