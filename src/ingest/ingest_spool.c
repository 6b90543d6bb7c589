/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"

enum { PATH_SIZE = 4096, CURSORS_MAX = 4 << 20 };

struct ingest_spool {
    pthread_mutex_t lock;
    char           *dir;
    uint64_t        max_bytes, bytes;
    uint64_t        first, next; /* numbers of the oldest unit and of the one to come; equal: none */
    struct map     *stored; /* source → cursor (heap) of the units that were dropped: what the file holds */
    struct map     *put;    /* the same of all units that were put */
    bool            is_new;
};

static void unit_path(const struct ingest_spool *s, uint64_t number, const char *suffix, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%s/%016llx.%s", s->dir, (unsigned long long)number, suffix);
}

static void set_cursor(struct map *cursors, str source, str cursor)
{
    mem_free(map_put(cursors, source, mem_strdup(cursor)));
}

static void free_cursors(struct map *cursors)
{
    struct map_iter it = { 0 };

    while (cursors && map_next(cursors, &it))
        mem_free(it.value);
    map_free(cursors);
}

/* --- opening --- */

static enum rc read_cursors(struct ingest_spool *s, struct err *err)
{
    AUTO(arena) a = arena_new(CURSORS_MAX * 8);
    char               path[PATH_SIZE];
    str                text;
    const struct json *cursors;
    enum rc            rc;

    snprintf(path, sizeof path, "%s/cursors.json", s->dir);
    rc = file_read(a, path, CURSORS_MAX, &text, err);
    s->is_new = rc == RC_NOT_FOUND;
    if (rc != RC_OK)
        return s->is_new ? RC_OK : rc;
    if (json_parse(a, text, &cursors, err) != RC_OK)
        return err_wrap(err, "%s", path);
    for (uint32_t i = 0; cursors->kind == JSON_OBJECT && i < cursors->n; i++) {
        const struct json_member *m = &cursors->members[i];

        if (m->value.kind == JSON_STRING) {
            set_cursor(s->stored, m->key, m->value.s);
            set_cursor(s->put, m->key, m->value.s);
        }
    }
    return RC_OK;
}

static enum rc write_cursors(struct ingest_spool *s, struct err *err)
{
    AUTO_STRBUF     text = STRBUF_INIT(CURSORS_MAX);
    struct json_w   w = json_w_make(&text);
    struct map_iter it = { 0 };
    char            path[PATH_SIZE];

    json_w_object(&w);
    while (map_next(s->stored, &it))
        json_w_kstr(&w, it.key, str_of(it.value));
    json_w_end(&w);
    TRY(strbuf_ok(&text, "the file of cursors", err));
    snprintf(path, sizeof path, "%s/cursors.json", s->dir);
    return file_write_atomic(path, strbuf_view(&text), 0600, err);
}

struct scan {
    struct ingest_spool *spool;
    bool                 any;
};

static enum rc scan_entry(void *ctx, const char *name, struct err *err)
{
    struct scan       *scan = ctx;
    char               path[PATH_SIZE], number_text[24] = "0x";
    unsigned long long number;
    struct stat        st;

    (void)err;
    snprintf(path, sizeof path, "%s/%s", scan->spool->dir, name);
    if (str_ends(str_of(name), S(".tmp"))) {
        unlink(path); /* was being written when the process ended: nobody was told that it is safe */
        return RC_OK;
    }
    if (strlen(name) != 21 || !str_ends(str_of(name), S(".unit")) || stat(path, &st) != 0)
        return RC_OK;
    memcpy(number_text + 2, name, 16);
    number = strtoull(number_text, NULL, 16);
    if (!scan->any)
        scan->spool->first = number; /* names are in order */
    scan->any = true;
    scan->spool->next = number + 1;
    scan->spool->bytes += (uint64_t)st.st_size;
    return RC_OK;
}

static enum rc note_cursor(void *ctx, str source, str cursor, struct err *err)
{
    (void)err;
    set_cursor(ctx, source, cursor);
    return RC_OK;
}

static enum rc read_unit(struct ingest_spool *s, uint64_t number, struct arena *a, str *sealed,
                         struct err *err)
{
    char path[PATH_SIZE];

    unit_path(s, number, "unit", path);
    return file_read(a, path, INGEST_UNIT_MAX, sealed, err);
}

static enum rc replay_cursors(struct ingest_spool *s, struct err *err)
{
    AUTO(arena) a = arena_new(INGEST_UNIT_MAX * 3);
    struct ingest_unit_reader reader = { .ctx = s->put, .cursor = note_cursor };

    for (uint64_t n = s->first; n < s->next; n++) {
        str     sealed, token;
        enum rc rc = read_unit(s, n, a, &sealed, err);

        if (rc == RC_OK)
            rc = ingest_unit_read(sealed, &token, &reader, err);
        if (rc != RC_OK && rc != RC_CORRUPT && rc != RC_NOT_FOUND)
            return rc;
        s->is_new = false;
        arena_reset(a);
    }
    return RC_OK;
}

enum rc ingest_spool_open(const char *dir, uint64_t max_bytes, struct ingest_spool **out, struct err *err)
{
    AUTO(ingest_spool) s = MEM_NEW(struct ingest_spool);
    struct scan scan = { .spool = s };

    s->dir = mem_strdup(str_of(dir));
    s->max_bytes = max_bytes;
    s->stored = map_new(MAP_CASE);
    s->put = map_new(MAP_CASE);
    pthread_mutex_init(&s->lock, NULL);
    TRY(file_mkdirs(dir, 0700, err));
    TRY(file_list(dir, scan_entry, &scan, err));
    TRY(read_cursors(s, err));
    TRY(replay_cursors(s, err));
    TRY(write_cursors(s, err));
    *out = TAKE(s);
    return RC_OK;
}

struct ingest_spool *ingest_spool_close(struct ingest_spool *s)
{
    if (!s)
        return NULL;
    free_cursors(s->stored);
    free_cursors(s->put);
    mem_free(s->dir);
    pthread_mutex_destroy(&s->lock);
    return mem_free(s);
}

bool ingest_spool_is_new(const struct ingest_spool *s)
{
    return s->is_new;
}

str ingest_spool_cursor(struct ingest_spool *s, str source, struct arena *a)
{
    str cursor;

    pthread_mutex_lock(&s->lock);
    cursor = arena_str(a, str_of(map_find(s->put, source)));
    pthread_mutex_unlock(&s->lock);
    return cursor;
}

/* --- putting --- */

static enum rc sync_dir(const struct ingest_spool *s, struct err *err)
{
    AUTO_FD fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 || fsync(fd) != 0)
        return err_errno(err, RC_IO, errno, "%s", s->dir);
    return RC_OK;
}

static enum rc write_unit(struct ingest_spool *s, uint64_t number, str sealed, struct err *err)
{
    char path[PATH_SIZE], temporary[PATH_SIZE];

    unit_path(s, number, "unit", path);
    unit_path(s, number, "tmp", temporary);
    AUTO_FD fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_errno(err, RC_IO, errno, "%s", temporary);
    if (file_write_all(fd, sealed, err) != RC_OK) {
        unlink(temporary);
        return err_wrap(err, "%s", temporary);
    }
    if (fdatasync(fd) != 0 || rename(temporary, path) != 0) {
        enum rc rc = err_errno(err, RC_IO, errno, "%s", temporary);

        unlink(temporary);
        return rc;
    }
    return sync_dir(s, err);
}

static void make_token(char out[INGEST_UNIT_TOKEN + 1])
{
    uint8_t random[INGEST_UNIT_TOKEN / 2];

    hash_random(random, sizeof random);
    hash_hex(random, sizeof random, out);
}

enum rc ingest_spool_put(struct ingest_spool *s, struct ingest_unit *u, struct err *err)
{
    char                      token[INGEST_UNIT_TOKEN + 1];
    str                       sealed, same;
    struct ingest_unit_reader reader = { .ctx = s->put, .cursor = note_cursor };
    enum rc                   rc;

    make_token(token);
    sealed = ingest_unit_seal(u, str_of(token));
    pthread_mutex_lock(&s->lock);
    if (s->bytes + sealed.n > s->max_bytes && s->first < s->next)
        rc = err_set(err, RC_BUSY, "the spool holds %llu bytes, as many as it may",
                     (unsigned long long)s->bytes);
    else
        rc = write_unit(s, s->next, sealed, err);
    if (rc == RC_OK)
        rc = ingest_unit_read(sealed, &same, &reader, err);
    if (rc == RC_OK) {
        s->next++;
        s->bytes += sealed.n;
        s->is_new = false;
    }
    pthread_mutex_unlock(&s->lock);
    return rc;
}

/* --- taking --- */

enum rc ingest_spool_first(struct ingest_spool *s, struct arena *a, str *sealed, struct err *err)
{
    enum rc rc = RC_NOT_FOUND;

    pthread_mutex_lock(&s->lock);
    while (s->first < s->next) {
        rc = read_unit(s, s->first, a, sealed, err);
        if (rc != RC_NOT_FOUND)
            break;
        s->first++; /* a number that was never used, or a file that somebody took away */
    }
    pthread_mutex_unlock(&s->lock);
    return rc;
}

static enum rc drop_locked(struct ingest_spool *s, bool damaged, struct err *err)
{
    AUTO(arena) a = arena_new(INGEST_UNIT_MAX * 3);
    struct ingest_unit_reader reader = { .ctx = s->stored, .cursor = note_cursor };
    char                      path[PATH_SIZE], aside[PATH_SIZE];
    str                       sealed, token;

    TRY(read_unit(s, s->first, a, &sealed, err));
    unit_path(s, s->first, "unit", path);
    unit_path(s, s->first, "damaged", aside);
    if (!damaged) {
        TRY(ingest_unit_read(sealed, &token, &reader, err));
        TRY(write_cursors(s, err));
    }
    if ((damaged ? rename(path, aside) : unlink(path)) != 0)
        return err_errno(err, RC_IO, errno, "%s", path);
    s->first++;
    s->bytes -= sealed.n;
    return RC_OK;
}

enum rc ingest_spool_drop(struct ingest_spool *s, bool damaged, struct err *err)
{
    enum rc rc;

    pthread_mutex_lock(&s->lock);
    rc = drop_locked(s, damaged, err);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

void ingest_spool_size(struct ingest_spool *s, uint64_t *files, uint64_t *bytes)
{
    pthread_mutex_lock(&s->lock);
    *files = s->next - s->first;
    *bytes = s->bytes;
    pthread_mutex_unlock(&s->lock);
}
