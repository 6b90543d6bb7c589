/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_spool.h"

#include <unistd.h>

#include "base/file.h"
#include "tests/t.h"

static void make_dir(char dir[64])
{
    snprintf(dir, 64, "/tmp/ingest-spool-XXXXXX");
    CHECK(t_folder(dir) != NULL);
}

static struct ingest_spool *open_spool(const char *dir, uint64_t max)
{
    struct ingest_spool *s = NULL;
    struct err           err = { 0 };

    CHECK_OK_ERR(ingest_spool_open(dir, max, &s, &err), &err);
    return s;
}

static enum rc put(struct ingest_spool *s, const char *text, const char *cursor)
{
    struct ingest_unit u;
    enum rc            rc;

    ingest_unit_init(&u);
    ingest_unit_text(&u, &(struct ingest_origin) { .source = S("s") }, 1, str_of(text));
    ingest_unit_cursor(&u, S("s"), str_of(cursor));
    rc = ingest_spool_put(s, &u, NULL);
    ingest_unit_done(&u);
    return rc;
}

static enum rc keep_text(void *ctx, const struct ingest_origin *from, ts received, str text, struct err *err)
{
    (void)from, (void)received, (void)err;
    strbuf_add(ctx, text);
    return RC_OK;
}

static void expect_first(struct ingest_spool *s, const char *want)
{
    AUTO(arena) a = arena_new(64 << 20);
    AUTO_STRBUF               got = STRBUF_INIT(4096);
    struct ingest_unit_reader reader = { .ctx = &got, .text = keep_text };
    str                       sealed, token;

    CHECK_OK(ingest_spool_first(s, a, &sealed, NULL));
    CHECK_OK(ingest_unit_read(sealed, &token, &reader, NULL));
    CHECK_SEQ(strbuf_view(&got), str_of(want));
}

static void expect_cursor(struct ingest_spool *s, const char *want)
{
    AUTO(arena) a = arena_new(64 << 10);

    CHECK_SEQ(ingest_spool_cursor(s, S("s"), a), str_of(want));
}

TEST(units_come_out_in_order_and_stay_until_dropped)
{
    char                 dir[64];
    struct ingest_spool *s;
    AUTO(arena) a = arena_new(64 << 20);
    str sealed;

    make_dir(dir);
    s = open_spool(dir, 1 << 20);
    CHECK(ingest_spool_is_new(s));
    CHECK_EQ(ingest_spool_first(s, a, &sealed, NULL), RC_NOT_FOUND);
    CHECK_OK(put(s, "one\n", "1"));
    CHECK_OK(put(s, "two\n", "2"));
    expect_first(s, "one\n");
    expect_first(s, "one\n");
    CHECK_OK(ingest_spool_drop(s, false, NULL));
    expect_first(s, "two\n");
    CHECK_OK(ingest_spool_drop(s, false, NULL));
    CHECK_EQ(ingest_spool_first(s, a, &sealed, NULL), RC_NOT_FOUND);
    ingest_spool_close(s);
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(units_and_cursors_outlive_the_process)
{
    char                 dir[64];
    struct ingest_spool *s;

    make_dir(dir);
    s = open_spool(dir, 1 << 20);
    CHECK_OK(put(s, "one\n", "1"));
    CHECK_OK(put(s, "two\n", "2"));
    CHECK_OK(ingest_spool_drop(s, false, NULL));
    ingest_spool_close(s);
    s = open_spool(dir, 1 << 20);
    CHECK(!ingest_spool_is_new(s));
    expect_cursor(s, "2");
    expect_first(s, "two\n");
    CHECK_OK(ingest_spool_drop(s, false, NULL));
    ingest_spool_close(s);
    s = open_spool(dir, 1 << 20);
    expect_cursor(s, "2");
    CHECK_OK(put(s, "three\n", "3"));
    expect_first(s, "three\n");
    ingest_spool_close(s);
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(beyond_its_size_nothing_is_taken_until_something_is_dropped)
{
    char                 dir[64];
    struct ingest_spool *s;

    make_dir(dir);
    s = open_spool(dir, 300);
    CHECK_OK(put(s, "one\n", "1"));
    CHECK_EQ(put(s, "two\n", "2"), RC_BUSY);
    expect_cursor(s, "1");
    CHECK_OK(ingest_spool_drop(s, false, NULL));
    CHECK_OK(put(s, "two\n", "2"));
    ingest_spool_close(s);
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(a_half_written_unit_is_forgotten_and_a_damaged_one_set_aside)
{
    char                 dir[64], path[128];
    struct ingest_spool *s;
    AUTO(arena) a = arena_new(64 << 20);
    str sealed, token;

    make_dir(dir);
    snprintf(path, sizeof path, "%s/0000000000000005.tmp", dir);
    CHECK_OK(file_write_atomic(path, S("half"), 0600, NULL));
    snprintf(path, sizeof path, "%s/0000000000000003.unit", dir);
    CHECK_OK(file_write_atomic(path, S("garbage"), 0600, NULL));
    s = open_spool(dir, 1 << 20);
    CHECK_OK(put(s, "good\n", "1"));
    CHECK_OK(ingest_spool_first(s, a, &sealed, NULL));
    CHECK_EQ(ingest_unit_read(sealed, &token, &(struct ingest_unit_reader) { 0 }, NULL), RC_CORRUPT);
    CHECK_OK(ingest_spool_drop(s, true, NULL));
    expect_first(s, "good\n");
    snprintf(path, sizeof path, "%s/0000000000000003.damaged", dir);
    CHECK(file_exists(path));
    ingest_spool_close(s);
    CHECK_OK(file_remove_tree(dir, NULL));
}
