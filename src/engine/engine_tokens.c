/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_tokens.h"

#include <sys/stat.h>

#include "base/arena.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/vec.h"

enum { ARENA = 256 << 20, LOG_MAX = 64 << 20, DEPTH = 2 /* the tables' folders: XXX/UUID */ };

/* The blocks that a part holds. */
struct blocks {
    str     partition;
    int64_t min, max;
};

struct table {
    struct arena *arena;
    const char   *dir;
    VEC(struct blocks) parts;
    unsigned *forgotten;
};

/* "202611_5_9_1", with or without a mutation behind it: the three numbers are counted from the left of the
 * tail, and the partition is what stands before them. */
static bool read_blocks(str name, struct blocks *out)
{
    str     pieces[5];
    size_t  n = 0;
    int64_t level;

    for (str rest = name, piece; n < 5 && str_split(&rest, '_', &piece);)
        pieces[n++] = piece;
    if (n < 4 || str_starts(name, S("tmp")) || str_starts(name, S("delete")))
        return false;
    *out = (struct blocks) { .partition = pieces[0] };
    return str_to_i64(pieces[1], &out->min) && str_to_i64(pieces[2], &out->max) &&
           str_to_i64(pieces[3], &level);
}

static enum rc note_part(void *ctx, const char *name, struct err *err)
{
    struct table *t = ctx;
    struct blocks b;

    (void)err;
    if (!read_blocks(str_of(name), &b))
        return RC_OK;
    b.partition = arena_str(t->arena, b.partition);
    *vec_push_in(t->arena, &t->parts) = b;
    return RC_OK;
}

static bool is_stored(const struct table *t, const struct blocks *b)
{
    for (size_t i = 0; i < t->parts.n; i++)
        if (t->parts.p[i].min <= b->min && t->parts.p[i].max >= b->max &&
            str_eq(t->parts.p[i].partition, b->partition))
            return true;
    return false;
}

/* A line that cannot be read stays: it is the store's to judge. */
static bool is_orphan(const struct table *t, str line)
{
    str           rest = line, act, part;
    struct blocks b;

    return str_split(&rest, '\t', &act) && str_eq(act, S("1")) && str_split(&rest, '\t', &part) &&
           read_blocks(part, &b) && !is_stored(t, &b);
}

static enum rc mend_log(void *ctx, const char *name, struct err *err)
{
    struct table *t = ctx;
    AUTO_STRBUF   kept = STRBUF_INIT(LOG_MAX);
    const char   *path = arena_printf(t->arena, "%s/deduplication_logs/%s", t->dir, name).p;
    unsigned      before = *t->forgotten;
    str           text, line;

    TRY(file_read(t->arena, path, LOG_MAX, &text, err));
    for (str rest = text; str_split(&rest, '\n', &line);) {
        if (!line.n)
            continue;
        if (is_orphan(t, line)) {
            ++*t->forgotten;
            continue;
        }
        strbuf_add(&kept, line);
        strbuf_addc(&kept, '\n');
    }
    TRY(strbuf_ok(&kept, path, err));
    return *t->forgotten == before ? RC_OK : file_write_atomic(path, strbuf_view(&kept), 0640, err);
}

static enum rc mend_table(const char *dir, unsigned *forgotten, struct err *err)
{
    AUTO(arena) arena = arena_new(ARENA);
    struct table t = { .arena = arena, .dir = dir, .forgotten = forgotten };
    const char  *logs = arena_printf(arena, "%s/deduplication_logs", dir).p;

    if (!file_exists(logs))
        return RC_OK;
    TRY(file_list(dir, note_part, &t, err));
    return file_list(logs, mend_log, &t, err);
}

struct walk {
    const char *dir;
    int         depth;
    unsigned   *forgotten;
};

static enum rc visit(void *ctx, const char *name, struct err *err)
{
    const struct walk *w = ctx;
    AUTO(arena) arena = arena_new(64 << 10);
    const char *path = arena_printf(arena, "%s/%s", w->dir, name).p;
    struct stat st;

    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return RC_OK;
    if (w->depth == DEPTH)
        return mend_table(path, w->forgotten, err);
    struct walk inner = { path, w->depth + 1, w->forgotten };
    return file_list(path, visit, &inner, err);
}

enum rc engine_tokens_mend(str data, unsigned *forgotten, struct err *err)
{
    AUTO(arena) arena = arena_new(64 << 10);
    struct walk w = { arena_str(arena, data).p, 1, forgotten };

    *forgotten = 0;
    return file_exists(w.dir) ? file_list(w.dir, visit, &w, err) : RC_OK;
}
