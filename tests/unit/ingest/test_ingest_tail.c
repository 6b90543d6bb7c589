/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/t.h"

/* A folder of its own with a log in it. */
struct place {
    char dir[64], path[80], old[80], older[80];
};

static struct place make_place(void)
{
    struct place p = { .dir = "/tmp/ingest-tail-XXXXXX" };

    CHECK(t_folder(p.dir) != NULL);
    snprintf(p.path, sizeof p.path, "%s/log", p.dir);
    snprintf(p.old, sizeof p.old, "%s/log.1", p.dir);
    snprintf(p.older, sizeof p.older, "%s/log.2", p.dir);
    return p;
}

static void append(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);

    CHECK(fd >= 0);
    CHECK_OK(file_write_all(fd, str_of(text), NULL));
    close(fd);
}

/* Steps until nothing has happened for long enough that a renamed file would have been left. */
static void read_all(struct ingest_tail *t, struct strbuf *out)
{
    AUTO_STRBUF           buf = STRBUF_INIT(2 * INGEST_TAIL_PIECE);
    enum ingest_tail_step step;
    str                   text;

    for (int idle = 0; idle <= INGEST_TAIL_PATIENCE + 2;) {
        CHECK_OK(ingest_tail_next(t, &buf, &step, &text, NULL));
        strbuf_add(out, text);
        idle = step == INGEST_TAIL_IDLE ? idle + 1 : 0;
    }
}

static void expect(struct ingest_tail *t, const char *want)
{
    AUTO_STRBUF got = STRBUF_INIT(1 << 20);

    read_all(t, &got);
    CHECK_SEQ(strbuf_view(&got), str_of(want));
}

static struct ingest_tail open_tail(const struct place *p, str cursor, bool from_end)
{
    struct ingest_tail    t;
    enum ingest_tail_step step;

    ingest_tail_open(&t, p->path, cursor, from_end, &step);
    CHECK_EQ(step, INGEST_TAIL_IDLE);
    return t;
}

static void reopen(struct ingest_tail *t, const struct place *p)
{
    AUTO_STRBUF cursor = STRBUF_INIT(256);

    ingest_tail_cursor(t, &cursor);
    ingest_tail_close(t);
    *t = open_tail(p, strbuf_view(&cursor), true);
}

static void finish(struct ingest_tail *t, const struct place *p)
{
    ingest_tail_close(t);
    CHECK_OK(file_remove_tree(p->dir, NULL));
}

TEST(whole_lines_are_given_out_and_halves_wait)
{
    struct place       p = make_place();
    struct ingest_tail t;

    append(p.path, "before\n");
    t = open_tail(&p, STR_NONE, true);
    append(p.path, "one\ntw");
    expect(&t, "one\n");
    append(p.path, "o\n");
    expect(&t, "two\n");
    finish(&t, &p);
}

TEST(a_file_that_comes_later_is_read_from_its_start)
{
    struct place       p = make_place();
    struct ingest_tail t = open_tail(&p, STR_NONE, true);

    expect(&t, "");
    append(p.path, "first\n");
    expect(&t, "first\n");
    finish(&t, &p);
}

TEST(a_renamed_file_is_read_to_its_end_before_the_new_one)
{
    struct place       p = make_place();
    struct ingest_tail t;

    append(p.path, "a\n");
    t = open_tail(&p, STR_NONE, false);
    expect(&t, "a\n");
    CHECK_EQ(rename(p.path, p.old), 0);
    append(p.old, "late\nno end");
    append(p.path, "new\n");
    expect(&t, "late\nno endnew\n");
    finish(&t, &p);
}

TEST(a_file_that_is_cut_is_read_from_its_start)
{
    struct place       p = make_place();
    struct ingest_tail t;

    append(p.path, "some long line of before\n");
    t = open_tail(&p, STR_NONE, false);
    expect(&t, "some long line of before\n");
    CHECK_EQ(truncate(p.path, 0), 0);
    append(p.path, "x\n");
    expect(&t, "x\n");
    finish(&t, &p);
}

TEST(a_cut_file_that_has_grown_past_the_place_is_still_seen_as_cut)
{
    struct place       p = make_place();
    struct ingest_tail t;

    append(p.path, "old\n");
    t = open_tail(&p, STR_NONE, false);
    expect(&t, "old\n");
    CHECK_EQ(truncate(p.path, 0), 0);
    append(p.path, "something else entirely\n");
    expect(&t, "something else entirely\n");
    finish(&t, &p);
}

TEST(copy_and_truncate_loses_nothing_that_is_in_the_copy)
{
    struct place       p = make_place();
    struct ingest_tail t;

    append(p.path, "seen\n");
    t = open_tail(&p, STR_NONE, false);
    expect(&t, "seen\n");
    append(p.old, "seen\nunseen\n");
    CHECK_EQ(truncate(p.path, 0), 0);
    append(p.path, "after\n");
    expect(&t, "unseen\nafter\n");
    finish(&t, &p);
}

TEST(the_cursor_goes_on_where_it_was)
{
    struct place       p = make_place();
    struct ingest_tail t;

    append(p.path, "one\n");
    t = open_tail(&p, STR_NONE, false);
    expect(&t, "one\n");
    append(p.path, "two\n");
    reopen(&t, &p);
    expect(&t, "two\n");
    finish(&t, &p);
}

TEST(what_was_rotated_twice_while_nobody_read_is_found)
{
    struct place       p = make_place();
    struct ingest_tail t;

    append(p.path, "one\n");
    t = open_tail(&p, STR_NONE, false);
    expect(&t, "one\n");
    append(p.path, "two\n");
    CHECK_EQ(rename(p.path, p.older), 0);
    append(p.old, "three\n");
    append(p.path, "four\n");
    reopen(&t, &p);
    expect(&t, "two\nthree\nfour\n");
    finish(&t, &p);
}

TEST(a_file_that_is_gone_is_told_of_and_the_new_one_read_whole)
{
    struct place          p = make_place();
    struct ingest_tail    t;
    enum ingest_tail_step step;
    AUTO_STRBUF           cursor = STRBUF_INIT(256);

    append(p.path, "one\n");
    t = open_tail(&p, STR_NONE, false);
    expect(&t, "one\n");
    ingest_tail_cursor(&t, &cursor);
    ingest_tail_close(&t);
    append(p.old, "a file of another name keeps the inode from being used again\n");
    CHECK_EQ(rename(p.old, p.path), 0);
    ingest_tail_open(&t, p.path, strbuf_view(&cursor), true, &step);
    CHECK_EQ(step, INGEST_TAIL_GAP);
    expect(&t, "a file of another name keeps the inode from being used again\n");
    finish(&t, &p);
}

TEST(a_line_without_end_is_given_out_in_parts)
{
    struct place       p = make_place();
    struct ingest_tail t = open_tail(&p, STR_NONE, false);
    AUTO_STRBUF        line = STRBUF_INIT(1 << 20), got = STRBUF_INIT(1 << 20);

    for (int i = 0; i < 40000; i++)
        strbuf_addz(&line, "0123456789");
    append(p.path, line.p);
    read_all(&t, &got);
    CHECK_EQ(got.n, INGEST_TAIL_PIECE);
    append(p.path, "\n");
    read_all(&t, &got);
    CHECK_EQ(got.n, 400001);
    finish(&t, &p);
}
