/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_archive.h"

#include <errno.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/auto.h"
#include "base/codec.h"
#include "base/mem.h"

enum { READ_BLOCK = 256 * 1024, PIECE = 256 * 1024 };

DEFINE_AUTO_TYPE(archive, struct archive *, archive_read_free)

static enum rc broken(struct archive *a, const char *path, struct err *err)
{
    const char *why = archive_error_string(a);
    return err_set(err, RC_CORRUPT, "%s: %s", path ? path : "standard input",
                   why ? why : "cannot be read as an archive");
}

/* The bytes of one entry, or of the gzip file that it is. */
struct entry {
    const struct cli_archive_sink *sink;
    struct codec_inflate          *inflate;
    bool                           first;
};

static enum rc pass(struct entry *e, str bytes, struct err *err)
{
    if (e->first && bytes.n >= 2 && (uint8_t)bytes.p[0] == 0x1f && (uint8_t)bytes.p[1] == 0x8b)
        e->inflate = codec_inflate_new();
    e->first = false;
    if (e->inflate)
        return codec_inflate_feed(e->inflate, bytes, e->sink->piece, e->sink->ctx, err);
    return e->sink->piece(e->sink->ctx, bytes, err);
}

static enum rc read_entry(struct archive *a, const char *path, const struct cli_archive_sink *sink,
                          struct err *err)
{
    AUTO(mem) buf = mem_alloc(PIECE);
    struct entry e = { .sink = sink, .first = true };
    la_ssize_t   n = 0;
    enum rc      rc = RC_OK;

    while (rc == RC_OK && (n = archive_read_data(a, buf, PIECE)) > 0) {
        rc = pass(&e, str_make(buf, (size_t)n), err);
        if (rc == RC_OK && sink->progress)
            sink->progress(sink->ctx, (uint64_t)archive_filter_bytes(a, -1));
    }
    if (rc == RC_OK && n < 0)
        rc = broken(a, path, err);
    if (rc == RC_OK && e.inflate)
        rc = codec_inflate_finish(e.inflate, err);
    codec_inflate_free(e.inflate);
    return rc;
}

static str base_name(const char *path)
{
    str    s = str_of(path ? path : "stdin");
    size_t slash = str_rfind_byte(s, '/');
    return slash == STR_NPOS ? s : str_from(s, slash + 1);
}

static enum rc each_entry(struct archive *a, const char *path, const struct cli_archive_sink *sink,
                          struct err *err)
{
    struct archive_entry *entry;
    int                   r;

    while ((r = archive_read_next_header(a, &entry)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
        const char *name = archive_entry_pathname(entry);
        bool        raw = archive_format(a) == ARCHIVE_FORMAT_RAW;
        if (!raw && archive_entry_filetype(entry) != AE_IFREG)
            continue;
        TRY(sink->begin(sink->ctx, raw || !name ? base_name(path) : str_of(name), err));
        TRY(read_entry(a, path, sink, err));
        TRY(sink->end(sink->ctx, err));
    }
    return r == ARCHIVE_EOF ? RC_OK : broken(a, path, err);
}

enum rc cli_archive_read(const char *path, const struct cli_archive_sink *sink, struct err *err)
{
    struct stat st;
    AUTO(archive) a = archive_read_new();

    if (path && stat(path, &st) != 0)
        return err_errno(err, errno == ENOENT ? RC_NOT_FOUND : RC_IO, errno, "%s", path);
    archive_read_support_filter_all(a);
    archive_read_support_format_zip(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    if (archive_read_open_filename(a, path, READ_BLOCK) != ARCHIVE_OK)
        return broken(a, path, err);
    return each_entry(a, path, sink, err);
}
