/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_tail.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"

enum { LINE_MAX_BYTES = INGEST_TAIL_PIECE }; /* a longer line is given out in parts */

/* --- which file is it --- */

static bool digest_head(int fd, uint32_t n, uint64_t *out)
{
    char    buf[INGEST_TAIL_HEAD];
    ssize_t got = pread(fd, buf, n, 0);

    if (got != (ssize_t)n)
        return false;
    *out = hash_fnv(str_make(buf, n));
    return true;
}

/* Notes more of the file's start once there is more of it. */
static void note_head(struct ingest_tail *t, uint64_t size)
{
    uint32_t n = size < INGEST_TAIL_HEAD ? (uint32_t)size : INGEST_TAIL_HEAD;

    if (n > t->head_n && digest_head(t->fd, n, &t->head))
        t->head_n = n;
}

static bool head_matches(int fd, const struct ingest_tail *t)
{
    uint64_t head;

    return t->head_n == 0 || (digest_head(fd, t->head_n, &head) && head == t->head);
}

static void rotated_path(const struct ingest_tail *t, int rotation, char out[4096])
{
    if (rotation)
        snprintf(out, 4096, "%s.%d", t->path, rotation);
    else
        snprintf(out, 4096, "%s", t->path);
}

static int open_rotation(const struct ingest_tail *t, int rotation, struct stat *st)
{
    char path[4096];
    int  fd;

    rotated_path(t, rotation, path);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

static void adopt(struct ingest_tail *t, int fd, const struct stat *st, int rotation, uint64_t offset)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = fd;
    t->device = st->st_dev;
    t->inode = st->st_ino;
    t->offset = offset;
    t->head_n = 0;
    t->rotation = rotation;
    t->idle = 0;
    note_head(t, (uint64_t)st->st_size);
}

/* --- finding the place of a cursor --- */

static bool parse_cursor(str cursor, struct ingest_tail *t)
{
    uint64_t parts[5];
    str      part;

    for (int i = 0; i < 5; i++) {
        if (!str_split(&cursor, ' ', &part) || !str_to_u64(part, &parts[i]))
            return false;
    }
    t->device = parts[0];
    t->inode = parts[1];
    t->offset = parts[2];
    t->head_n = (uint32_t)parts[3];
    t->head = parts[4];
    return t->head_n <= INGEST_TAIL_HEAD;
}

/* The same file under its name or that of a rotation; or, after a copy and truncation, the copy. */
static bool is_file_of_cursor(const struct ingest_tail *t, int fd, const struct stat *st, bool by_content)
{
    if ((uint64_t)st->st_size < t->offset || !head_matches(fd, t))
        return false;
    return by_content ? t->head_n > 0 : st->st_ino == t->inode && st->st_dev == t->device;
}

static bool find_file(struct ingest_tail *t, bool by_content)
{
    for (int rotation = 0; rotation <= INGEST_TAIL_ROTATIONS; rotation++) {
        struct stat st;
        int         fd = open_rotation(t, rotation, &st);

        if (fd < 0)
            continue;
        if (is_file_of_cursor(t, fd, &st, by_content)) {
            adopt(t, fd, &st, rotation, t->offset);
            return true;
        }
        close(fd);
    }
    return false;
}

void ingest_tail_open(struct ingest_tail *t, const char *path, str cursor, bool from_end,
                      enum ingest_tail_step *step)
{
    struct stat st;
    int         fd;

    *t = (struct ingest_tail) { .path = mem_strdup(str_of(path)), .fd = -1 };
    *step = INGEST_TAIL_IDLE;
    if (parse_cursor(cursor, t)) {
        if (find_file(t, false) || find_file(t, true))
            return;
        *step = t->offset || t->head_n ? INGEST_TAIL_GAP : INGEST_TAIL_IDLE;
        from_end = false;
    }
    fd = open_rotation(t, 0, &st);
    if (fd >= 0)
        adopt(t, fd, &st, 0, from_end ? (uint64_t)st.st_size : 0);
}

void ingest_tail_close(struct ingest_tail *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
    t->path = mem_free(t->path);
}

void ingest_tail_cursor(const struct ingest_tail *t, struct strbuf *out)
{
    strbuf_addf(out, "%llu %llu %llu %u %llu", (unsigned long long)t->device, (unsigned long long)t->inode,
                (unsigned long long)t->offset, t->head_n, (unsigned long long)t->head);
}

/* --- reading --- */

/* Whole lines from the place on. The rest of a line waits for its end, unless there will be none: the file
 * was rotated away, or the line is longer than a piece. */
static enum rc read_lines(struct ingest_tail *t, struct strbuf *buf, bool to_the_end, str *text,
                          struct err *err)
{
    char   *room;
    ssize_t n;
    size_t  end;

    strbuf_clear(buf);
    room = strbuf_room(buf, LINE_MAX_BYTES);
    n = pread(t->fd, room, LINE_MAX_BYTES, (off_t)t->offset);
    if (n < 0)
        return err_errno(err, RC_IO, errno, "%s", t->path);
    strbuf_added(buf, (size_t)n);
    *text = strbuf_view(buf);
    end = str_rfind_byte(*text, '\n');
    if (end != STR_NPOS)
        *text = str_slice(*text, 0, end + 1);
    else if (!to_the_end && (size_t)n < LINE_MAX_BYTES)
        *text = STR_NONE;
    t->offset += text->n;
    return RC_OK;
}

/* The file after the one that is open: the next younger rotation, or the file under its own name. A file that
 * was rotated while it was open may have moved on by more than one, so its present name is looked for. */
static int present_rotation(const struct ingest_tail *t)
{
    for (int rotation = 0; rotation <= INGEST_TAIL_ROTATIONS; rotation++) {
        char        path[4096];
        struct stat st;

        rotated_path(t, rotation, path);
        if (stat(path, &st) == 0 && st.st_ino == t->inode && st.st_dev == t->device)
            return rotation;
    }
    return -1;
}

static bool open_next(struct ingest_tail *t)
{
    int         rotation = present_rotation(t);
    struct stat st;

    if (rotation == 0)
        return false;
    /* Compressed or removed: what is under its own name is all that is left to read. */
    for (int next = rotation < 0 ? 0 : rotation - 1; next >= 0; next--) {
        int fd = open_rotation(t, next, &st);

        if (fd >= 0) {
            adopt(t, fd, &st, next, 0);
            return true;
        }
    }
    return false; /* not made anew yet */
}

/* Renamed or removed, and nobody writes to it any more. */
static bool may_be_left(struct ingest_tail *t)
{
    return present_rotation(t) != 0 && (t->rotation > 0 || t->idle++ >= INGEST_TAIL_PATIENCE);
}

enum rc ingest_tail_next(struct ingest_tail *t, struct strbuf *buf, enum ingest_tail_step *step, str *text,
                         struct err *err)
{
    struct stat st;

    *step = INGEST_TAIL_IDLE;
    *text = STR_NONE;
    if (t->fd < 0) {
        int fd = open_rotation(t, 0, &st);

        if (fd < 0)
            return RC_OK;
        adopt(t, fd, &st, 0, 0);
    }
    if (fstat(t->fd, &st) != 0)
        return err_errno(err, RC_IO, errno, "%s", t->path);
    if ((uint64_t)st.st_size < t->offset || !head_matches(t->fd, t)) {
        /* Copied and cut: what was written between our last look and the cut stands in the copy alone. */
        if (!find_file(t, true))
            adopt(t, dup(t->fd), &st, t->rotation, 0);
        *step = INGEST_TAIL_TRUNCATED;
        return RC_OK;
    }
    note_head(t, (uint64_t)st.st_size);
    if ((uint64_t)st.st_size > t->offset)
        TRY(read_lines(t, buf, false, text, err));
    if (text->n == 0 && may_be_left(t)) {
        TRY(read_lines(t, buf, true, text, err)); /* a last line without an end */
        if (text->n == 0 && open_next(t))
            *step = INGEST_TAIL_ROTATED;
    }
    if (text->n) {
        t->idle = 0;
        *step = INGEST_TAIL_TEXT;
    }
    return RC_OK;
}
