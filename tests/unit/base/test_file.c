/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "tests/t.h"

static const char *scratch(void)
{
    static char dir[] = "/tmp/vedette-test-file-XXXXXX";
    static bool made;
    if (!made)
        CHECK(t_folder(dir) != NULL);
    made = true;
    return dir;
}

static const char *in_scratch(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", scratch(), name);
    return path;
}

TEST(a_file_is_written_whole_and_read_back)
{
    AUTO(arena) a = arena_new(1 << 20);
    str         text;
    struct stat st;
    CHECK_OK(file_write_atomic(in_scratch("x"), S("one"), 0600, NULL));
    CHECK_OK(file_write_atomic(in_scratch("x"), S("two"), 0600, NULL));
    CHECK_OK(file_read(a, in_scratch("x"), 100, &text, NULL));
    CHECK_SEQ(text, S("two"));
    CHECK(stat(in_scratch("x"), &st) == 0);
    CHECK_EQ(st.st_mode & 0777, 0600);
}

TEST(limits_and_absence_have_their_codes)
{
    AUTO(arena) a = arena_new(1 << 20);
    str        text;
    struct err err;
    CHECK_OK(file_write_atomic(in_scratch("ten"), S("0123456789"), 0600, NULL));
    CHECK_EQ(file_read(a, in_scratch("ten"), 9, &text, &err), RC_LIMIT);
    CHECK_EQ(file_read(a, in_scratch("none"), 9, &text, &err), RC_NOT_FOUND);
    CHECK_OK(file_read(a, "/proc/self/status", 1 << 16, &text, &err));
    CHECK(str_starts(text, S("Name:")));
}

static enum rc note(void *ctx, const char *name, struct err *err)
{
    (void)err;
    strbuf_addf(ctx, "%s ", name);
    return RC_OK;
}

TEST(folders_are_made_listed_in_order_and_removed)
{
    AUTO_STRBUF names = STRBUF_INIT(100);
    CHECK_OK(file_mkdirs(in_scratch("d/e/f"), 0700, NULL));
    CHECK_OK(file_mkdirs(in_scratch("d/a"), 0700, NULL));
    CHECK_OK(file_list(in_scratch("d"), note, &names, NULL));
    CHECK_SEQ(strbuf_view(&names), S("a e "));
    CHECK_OK(file_remove_tree(scratch(), NULL));
    CHECK(!file_exists(scratch()));
}

TEST(a_path_below_a_folder_does_not_lead_out_of_it)
{
    AUTO(arena) a = arena_new(1 << 20);
    char dir[256];
    str  text;

    CHECK_OK(file_mkdirs(in_scratch("below/host"), 0700, NULL));
    CHECK_OK(file_write_atomic(in_scratch("below/host/f"), S("in"), 0600, NULL));
    CHECK_OK(file_write_atomic(in_scratch("secret"), S("out"), 0600, NULL));
    CHECK(symlink("../../secret", in_scratch("below/host/link")) == 0);
    CHECK(symlink("..", in_scratch("below/up")) == 0);
    snprintf(dir, sizeof dir, "%s/below", scratch());
    CHECK_OK(file_read_below(a, dir, S("host/f"), 100, &text, NULL));
    CHECK_SEQ(text, S("in"));
    CHECK_EQ(file_read_below(a, dir, S("host/f"), 1, &text, NULL), RC_LIMIT);
    CHECK_EQ(file_read_below(a, dir, S("host/none"), 100, &text, NULL), RC_NOT_FOUND);
    CHECK_EQ(file_read_below(a, dir, S("../secret"), 100, &text, NULL), RC_INVALID);
    CHECK_EQ(file_read_below(a, dir, S("host//f"), 100, &text, NULL), RC_INVALID);
    CHECK_EQ(file_read_below(a, dir, S("/etc/passwd"), 100, &text, NULL), RC_INVALID);
    CHECK_EQ(file_read_below(a, dir, S("host/link"), 100, &text, NULL), RC_IO);
    CHECK_EQ(file_read_below(a, dir, S("up/secret"), 100, &text, NULL), RC_IO);
    CHECK_EQ(file_read_below(a, dir, S("host"), 100, &text, NULL), RC_IO);
}
