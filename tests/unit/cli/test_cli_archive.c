/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_archive.h"

#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "tests/t.h"

static char dir[] = "/tmp/test_cli_archive.XXXXXX";

static enum rc begin(void *ctx, str name, struct err *err)
{
    (void)err;
    strbuf_addf(ctx, "<" STR_FMT ">", STR_ARG(name));
    return RC_OK;
}

static enum rc piece(void *ctx, str bytes, struct err *err)
{
    (void)err;
    strbuf_add(ctx, bytes);
    return RC_OK;
}

static enum rc end(void *ctx, struct err *err)
{
    (void)err;
    strbuf_addz(ctx, "</>");
    return RC_OK;
}

static const char *path_of(const char *name)
{
    static char path[256];
    static bool made;
    if (!made)
        CHECK(t_folder(dir) != NULL);
    made = true;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void check_read(const char *name, const char *want)
{
    AUTO_STRBUF             got = STRBUF_INIT(1 << 20);
    struct cli_archive_sink sink = { &got, begin, piece, end, NULL };
    struct err              err = { 0 };
    CHECK_OK_ERR(cli_archive_read(path_of(name), &sink, &err), &err);
    CHECK_SEQ(strbuf_view(&got), str_of(want));
}

static void add(struct archive *a, const char *name, str text)
{
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_pathname(e, name);
    archive_entry_set_size(e, (int64_t)text.n);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    CHECK_EQ(archive_write_header(a, e), ARCHIVE_OK);
    CHECK_EQ(archive_write_data(a, text.p, text.n), (long)text.n);
    archive_entry_free(e);
}

static void write_file(const char *name, str text)
{
    CHECK_OK(file_write_atomic(path_of(name), text, 0600, NULL));
}

TEST(a_plain_file_is_its_own_entry)
{
    write_file("plain.json", S("{\"a\":1}\n"));
    check_read("plain.json", "<plain.json>{\"a\":1}\n</>");
    write_file("empty.json", S(""));
    check_read("empty.json", "");
}

TEST(gzip_is_undone)
{
    AUTO_STRBUF gz = STRBUF_INIT(1 << 16);
    CHECK_OK(codec_gzip(&gz, S("{\"a\":1}\n"), 6, NULL));
    write_file("one.json.gz", strbuf_view(&gz));
    check_read("one.json.gz", "<one.json.gz>{\"a\":1}\n</>");
}

TEST(zip_and_tar_give_their_files_and_a_gzip_among_them_is_undone)
{
    AUTO_STRBUF     gz = STRBUF_INIT(1 << 16);
    struct archive *zip = archive_write_new(), *tar = archive_write_new();

    CHECK_OK(codec_gzip(&gz, S("two"), 6, NULL));
    archive_write_set_format_zip(zip);
    CHECK_EQ(archive_write_open_filename(zip, path_of("a.zip")), ARCHIVE_OK);
    add(zip, "d/one.json", S("one"));
    add(zip, "two.json.gz", strbuf_view(&gz));
    archive_write_free(zip);
    check_read("a.zip", "<d/one.json>one</><two.json.gz>two</>");

    archive_write_set_format_pax_restricted(tar);
    archive_write_add_filter_gzip(tar);
    CHECK_EQ(archive_write_open_filename(tar, path_of("a.tar.gz")), ARCHIVE_OK);
    add(tar, "one.json", S("one"));
    add(tar, "two.json.gz", strbuf_view(&gz));
    archive_write_free(tar);
    check_read("a.tar.gz", "<one.json>one</><two.json.gz>two</>");
}

TEST(a_cut_archive_is_damage_and_a_missing_one_is_missing)
{
    AUTO_STRBUF gz = STRBUF_INIT(1 << 20), got = STRBUF_INIT(1 << 20), text = STRBUF_INIT(1 << 20);
    struct cli_archive_sink sink = { &got, begin, piece, end, NULL };
    struct err              err;

    for (int i = 0; i < 2000; i++)
        strbuf_addf(&text, "{\"n\":%d}\n", i * 7919);
    CHECK_OK(codec_gzip(&gz, strbuf_view(&text), 6, NULL));
    write_file("cut.gz", str_slice(strbuf_view(&gz), 0, gz.n / 2));
    CHECK_EQ(cli_archive_read(path_of("cut.gz"), &sink, &err), RC_CORRUPT);
    CHECK(str_contains(str_of(err.text), S("cut.gz")));
    CHECK_EQ(cli_archive_read(path_of("none"), &sink, &err), RC_NOT_FOUND);
    CHECK_OK(file_remove_tree(dir, NULL));
}
