/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_stream.h"

#include <pthread.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "base/vec.h"
#include "content/content_traits.h"
#include "hunt/hunt_run.h"
#include "state/state_stmt.h"

enum { ARENA_BYTES = 256 << 20, MAX_ID = 64, MAX_TITLE = 260, MAX_QUERY = 256 * 1024 };
#define POLL SECONDS(1)
#define QUERY_LIMIT SECONDS(60)

struct hunt_streams {
    struct hunt_stream_opts opts;
    pthread_t               thread;
    pthread_mutex_t         lock; /* of what follows */
    pthread_cond_t          wake;
    bool                    stopping, idle; /* idle: none runs, until one is put */
};

#define COLUMNS                                                                                              \
    "id, version, title, query, status, every, owner_id, owner, started, looked_to, modified, last_run, "    \
    "error, columns, n_rows, request"

static struct hunt_stream read_stream(const struct state_stmt *st, struct arena *a)
{
    str id = state_stmt_str_in(st, 0, a);

    return (struct hunt_stream) {
        .id = id,
        .etag = hunt_etag(a, id, state_stmt_i64(st, 1)),
        .version = state_stmt_i64(st, 1),
        .title = state_stmt_str_in(st, 2, a),
        .query = state_stmt_str_in(st, 3, a),
        .status = state_stmt_str_in(st, 4, a),
        .every = state_stmt_i64(st, 5),
        .owner = { .object_id = state_stmt_str_in(st, 6, a), .name = state_stmt_str_in(st, 7, a) },
        .started = state_stmt_i64(st, 8),
        .looked_to = state_stmt_i64(st, 9),
        .modified = state_stmt_i64(st, 10),
        .last_run = state_stmt_i64(st, 11),
        .error = state_stmt_str_in(st, 12, a),
        .columns = state_stmt_str_in(st, 13, a),
        .n_rows = state_stmt_i64(st, 14),
        .request = state_stmt_str_in(st, 15, a),
    };
}

typedef VEC(struct hunt_stream) stream_list;

static enum rc read_list(struct state_tx *tx, const char *sql, struct state_args args, struct arena *a,
                         stream_list *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx, sql, args, &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        *vec_push_in(a, out) = read_stream(st, a);
    }
}

enum rc hunt_stream_list(struct hunt *h, struct arena *a, struct hunt_stream **out, size_t *n,
                         struct err *err)
{
    AUTO(state_tx) tx = NULL;
    stream_list list = { 0 };

    TRY(state_tx_read(h->state, &tx, err));
    TRY(read_list(tx, "SELECT " COLUMNS " FROM hunt_streams ORDER BY started DESC, id", STATE_NO_ARGS, a,
                  &list, err));
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

static enum rc find(struct state_tx *tx, str id, struct arena *a, struct hunt_stream *out, struct err *err)
{
    stream_list list = { 0 };

    TRY(read_list(tx, "SELECT " COLUMNS " FROM hunt_streams WHERE id = ?", STATE_ARGS(STATE_S(id)), a, &list,
                  err));
    if (!list.n)
        return err_set(err, RC_NOT_FOUND, "there is no livestream '" STR_FMT "'",
                       STR_ARG(str_slice(id, 0, 64)));
    *out = list.p[0];
    return RC_OK;
}

enum rc hunt_stream_get(struct hunt *h, str id, struct arena *a, struct hunt_stream *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(h->state, &tx, err));
    return find(tx, id, a, out, err);
}

enum rc hunt_stream_rows(struct hunt *h, str id, struct hunt_stream_page *page, struct arena *a,
                         struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct hunt_stream_row) list = { 0 };
    bool more;

    TRY(state_tx_read(h->state, &tx, err));
    TRY(state_stmt_open(
        tx, "SELECT seq, time, row FROM hunt_stream_rows WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?",
        STATE_ARGS(STATE_S(id), STATE_I(page->after), STATE_I(page->top)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = (struct hunt_stream_row) { state_stmt_i64(st, 0), state_stmt_i64(st, 1),
                                                            state_stmt_str_in(st, 2, a) };
    }
    page->rows = list.p;
    page->n = list.n;
    return RC_OK;
}

/* --- one look --- */

struct look {
    struct hunt       *hunt;
    struct arena      *arena;
    struct hunt_stream s;
    bool               row_wise, failed;
    str                note; /* what went wrong, or was left out */
    struct hunt_found  found;
    VEC(struct hunt_stream_row) fresh;
};

static enum rc given(struct state_tx *tx, str id, uint64_t mark, bool *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(tx, "SELECT 1 FROM hunt_stream_rows WHERE stream = ? AND mark = ?",
                        STATE_ARGS(STATE_S(id), STATE_I((int64_t)mark)), &st, err));
    return state_stmt_next(st, out, err);
}

static enum rc keep_rows(struct look *l, struct state_tx *tx, ts now, struct err *err)
{
    for (size_t i = 0; i < l->found.n_rows; i++) {
        bool before = false;
        if (!l->row_wise)
            TRY(given(tx, l->s.id, l->found.marks[i], &before, err));
        if (before)
            continue;
        struct hunt_stream_row row = { ++l->s.n_rows, now, l->found.rows[i] };
        TRY(state_stmt_run(
            tx, "INSERT INTO hunt_stream_rows (stream, seq, mark, time, row) VALUES (?, ?, ?, ?, ?)",
            STATE_ARGS(STATE_S(l->s.id), STATE_I(row.seq), STATE_I((int64_t)l->found.marks[i]), STATE_I(now),
                       STATE_S(row.row)),
            err));
        *vec_push_in(l->arena, &l->fresh) = row;
    }
    return state_stmt_run(tx, "DELETE FROM hunt_stream_rows WHERE stream = ? AND seq <= ?",
                          STATE_ARGS(STATE_S(l->s.id), STATE_I(l->s.n_rows - HUNT_STREAM_KEPT)), err);
}

/* Not when it was paused, changed or deleted meanwhile. */
static enum rc keep_look(struct look *l, ts to, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    ts now = env_now(l->hunt->env);

    TRY(state_tx_write(l->hunt->state, &tx, err));
    if (!l->failed)
        TRY(keep_rows(l, tx, now, err));
    TRY(state_stmt_run(tx,
                       "UPDATE hunt_streams SET looked_to = ?, last_run = ?, error = ?, columns = ?, n_rows "
                       "= ? WHERE id = ? AND version = ? AND status = 'Running'",
                       STATE_ARGS(STATE_I(to), STATE_I(now), STATE_S(l->note),
                                  STATE_S(l->found.columns.n ? l->found.columns : l->s.columns),
                                  STATE_I(l->s.n_rows), STATE_S(l->s.id), STATE_I(l->s.version)),
                       err));
    if (!state_stmt_changed(tx)) {
        vec_clear(&l->fresh);
        return RC_OK; /* rolled back */
    }
    return state_tx_commit(tx, err);
}

static enum rc look_at(struct hunt_streams *s, const struct hunt_stream *stream, struct err *err)
{
    AUTO(arena) a = arena_new(ARENA_BYTES);
    struct look             l = { .hunt = s->opts.hunt, .arena = a, .s = *stream };
    const struct access_who who = { .kind = ACCESS_USER,
                                    .id = stream->owner.object_id,
                                    .name = stream->owner.name };
    struct err              why = { 0 };
    ts                      to = 0;

    TRY(s->opts.watermark(s->opts.watermark_ctx, &to, err));
    l.row_wise = content_traits_of(stream->query).row_wise;
    const struct hunt_run run = { .query = s->opts.hunt->query,
                                  .who = &who,
                                  .text = stream->query,
                                  .has_ingested = true,
                                  .ingested_from = l.row_wise ? stream->looked_to : stream->started,
                                  .ingested_to = to,
                                  .keep = HUNT_STREAM_BURST,
                                  .limit = QUERY_LIMIT };
    if (to > stream->looked_to) /* else the watermark stands: nothing can have come */
        l.failed = hunt_run_query(&run, a, &l.found, &why) != RC_OK;
    if (l.failed)
        l.note = str_of(why.text);
    else if (l.found.n > l.found.n_rows)
        l.note = arena_printf(a, "%zu rows came at once: the first %zu are kept", l.found.n, l.found.n_rows);
    TRY(keep_look(&l, l.failed || to < stream->looked_to ? stream->looked_to : to, err));
    if (l.fresh.n && s->opts.tell)
        s->opts.tell(s->opts.tell_ctx, &l.s, l.fresh.p, l.fresh.n);
    return RC_OK;
}

static enum rc look_at_due(struct hunt_streams *s, bool *idle, struct err *err)
{
    AUTO(arena) a = arena_new(ARENA_BYTES);
    stream_list list = { 0 };

    {
        AUTO(state_tx) tx = NULL;
        TRY(state_tx_read(s->opts.hunt->state, &tx, err));
        TRY(read_list(tx, "SELECT " COLUMNS " FROM hunt_streams WHERE status = 'Running' ORDER BY last_run",
                      STATE_NO_ARGS, a, &list, err));
    }
    *idle = list.n == 0;
    for (size_t i = 0; i < list.n; i++) {
        pthread_mutex_lock(&s->lock);
        bool stop = s->stopping;
        pthread_mutex_unlock(&s->lock);
        if (stop)
            break;
        if (env_now(s->opts.hunt->env) - list.p[i].last_run >= list.p[i].every)
            TRY(look_at(s, &list.p[i], err));
    }
    return RC_OK;
}

static void *work(void *arg)
{
    struct hunt_streams *s = arg;

    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        struct err ignored;
        bool       idle = false;
        s->idle = true; /* a put from here on clears it again */
        pthread_mutex_unlock(&s->lock);
        bool failed = look_at_due(s, &idle, &ignored) != RC_OK;
        pthread_mutex_lock(&s->lock);
        struct timespec until = deadline_in(POLL);
        s->idle = s->idle && idle && !failed;
        while (s->idle && !s->stopping)
            pthread_cond_wait(&s->wake, &s->lock);
        if (!s->stopping && !(idle && !failed))
            (void)pthread_cond_timedwait(&s->wake, &s->lock, &until);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

enum rc hunt_stream_open(const struct hunt_stream_opts *opts, struct hunt_streams **out, struct err *err)
{
    struct hunt_streams *s = MEM_NEW(struct hunt_streams);

    *s = (struct hunt_streams) { .opts = *opts };
    pthread_mutex_init(&s->lock, NULL);
    deadline_cond_init(&s->wake);
    int failed = pthread_create(&s->thread, NULL, work, s);
    if (failed) {
        mem_free(s);
        return err_errno(err, RC_INTERNAL, failed, "the thread of livestreams");
    }
    *out = s;
    return RC_OK;
}

struct hunt_streams *hunt_stream_close(struct hunt_streams *s)
{
    if (!s)
        return NULL;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    return mem_free(s);
}

/* --- changing --- */

static enum rc take_body(const struct json *props, struct hunt_stream *s, struct err *err)
{
    int64_t seconds = json_i64(props, S("everySeconds"), s->every / TS_PER_SECOND);

    s->title = json_str(props, S("title"), s->title);
    s->query = json_str(props, S("query"), s->query);
    s->status = json_str(props, S("status"), s->status);
    if (!str_trim(s->title).n || s->title.n > MAX_TITLE)
        return err_set(err, RC_INVALID, "properties.title: 1 to %d bytes", MAX_TITLE);
    if (!str_trim(s->query).n || s->query.n > MAX_QUERY)
        return err_set(err, RC_INVALID, "properties.query: 1 to %d bytes", MAX_QUERY);
    if (!str_eq(s->status, S("Running")) && !str_eq(s->status, S("Paused")))
        return err_set(err, RC_INVALID, "properties.status: Running or Paused");
    if (seconds < HUNT_STREAM_SOONEST / TS_PER_SECOND || seconds > HUNT_STREAM_LATEST / TS_PER_SECOND)
        return err_set(err, RC_INVALID, "properties.everySeconds: %d to %d",
                       (int)(HUNT_STREAM_SOONEST / TS_PER_SECOND), (int)(HUNT_STREAM_LATEST / TS_PER_SECOND));
    s->every = SECONDS(seconds);
    return RC_OK;
}

/* Before it runs: is there room beside the others? */
static enum rc check_room(struct state_tx *tx, const struct hunt_stream *s, bool is_new, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(tx,
                       "SELECT count(*), coalesce(sum(status = 'Running'), 0), coalesce(sum(status = "
                       "'Running' AND owner_id = ?), 0) FROM hunt_streams WHERE id <> ?",
                       STATE_ARGS(STATE_S(s->owner.object_id), STATE_S(s->id)), &st, err));
    if (is_new && state_stmt_i64(st, 0) >= HUNT_STREAM_MAX)
        return err_set(err, RC_LIMIT, "at most %d livestreams: delete some", HUNT_STREAM_MAX);
    if (!str_eq(s->status, S("Running")))
        return RC_OK;
    if (state_stmt_i64(st, 2) >= HUNT_STREAM_OF_USER)
        return err_set(err, RC_LIMIT, "%d livestreams of yours run: pause one", HUNT_STREAM_OF_USER);
    if (state_stmt_i64(st, 1) >= HUNT_STREAM_RUNNING)
        return err_set(err, RC_LIMIT, "%d livestreams run: pause one", HUNT_STREAM_RUNNING);
    return RC_OK;
}

static enum rc write(struct state_tx *tx, const struct hunt_stream *s, ts now, struct err *err)
{
    return state_stmt_run(
        tx,
        "INSERT INTO hunt_streams (id, version, title, query, status, every, owner_id, owner, started, "
        "looked_to, modified, last_run, error, columns, n_rows, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
        "?8, ?9, ?10, ?11, ?12, '', ?13, ?14, ?15) ON CONFLICT (id) DO UPDATE SET version = ?2, title = ?3, "
        "query = ?4, status = ?5, every = ?6, owner_id = ?7, owner = ?8, started = ?9, looked_to = ?10, "
        "modified = ?11, last_run = ?12, error = '', columns = ?13, n_rows = ?14, request = ?15",
        STATE_ARGS(STATE_S(s->id), STATE_I(s->version), STATE_S(s->title), STATE_S(s->query),
                   STATE_S(s->status), STATE_I(s->every), STATE_S(s->owner.object_id), STATE_S(s->owner.name),
                   STATE_I(s->started), STATE_I(s->looked_to), STATE_I(now), STATE_I(s->last_run),
                   STATE_S(s->columns), STATE_I(s->n_rows), STATE_S(s->request)),
        err);
}

static enum rc change(struct hunt *h, struct state_tx *tx, const struct hunt_stream_put *put,
                      struct hunt_stream *s, struct err *err)
{
    struct hunt_stream was = *s;
    ts                 now = env_now(h->env);

    TRY(take_body(put->properties, s, err));
    TRY(check_room(tx, s, was.version == 0, err));
    if (!was.version || !str_eq(was.query, s->query)) {
        *s = (struct hunt_stream) { .id = s->id,
                                    .title = s->title,
                                    .query = s->query,
                                    .status = s->status,
                                    .every = s->every,
                                    .owner = s->owner,
                                    .version = s->version,
                                    .columns = S("[]"),
                                    .started = now,
                                    .looked_to = now };
        TRY(state_stmt_run(tx, "DELETE FROM hunt_stream_rows WHERE stream = ?", STATE_ARGS(STATE_S(s->id)),
                           err));
    }
    s->version++;
    s->request = put->request;
    return write(tx, s, now, err);
}

enum rc hunt_stream_put(struct hunt_streams *streams, const struct hunt_stream_put *put, struct arena *a,
                        struct hunt_stream *out, bool *created, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct hunt       *h = streams->opts.hunt;
    str                query = json_str(put->properties, S("query"), STR_NONE);
    struct err         why = { 0 };
    struct hunt_stream s = {
        .id = put->id,
        .status = S("Running"),
        .every = HUNT_STREAM_USUAL,
        .owner = { .object_id = put->who->id, .name = put->who->name },
    };

    if (!put->id.n || put->id.n > MAX_ID)
        return err_set(err, RC_INVALID, "a livestream's id has 1 to %d bytes", MAX_ID);
    if (query.n)
        TRY(hunt_run_check(h->query, query, err));
    TRY(state_tx_write(h->state, &tx, err));
    enum rc rc = find(tx, put->id, a, &s, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    *created = rc == RC_NOT_FOUND;
    bool again = !*created && put->request.n && str_eq(put->request, s.request);
    if (!again) {
        TRY(hunt_may_change(put->if_match, s.etag, err));
        TRY(change(h, tx, put, &s, err));
    }
    TRY(find(tx, put->id, a, out, err));
    TRY(state_tx_commit(tx, err));
    pthread_mutex_lock(&streams->lock);
    streams->idle = false;
    pthread_cond_signal(&streams->wake);
    pthread_mutex_unlock(&streams->lock);
    return RC_OK;
}

enum rc hunt_stream_delete(struct hunt *h, str id, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(h->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM hunt_stream_rows WHERE stream = ?", STATE_ARGS(STATE_S(id)), err));
    TRY(state_stmt_run(tx, "DELETE FROM hunt_streams WHERE id = ?", STATE_ARGS(STATE_S(id)), err));
    bool there = state_stmt_changed(tx) > 0;
    TRY(state_tx_commit(tx, err));
    return there ? RC_OK
                 : err_set(err, RC_NOT_FOUND, "there is no livestream '" STR_FMT "'",
                           STR_ARG(str_slice(id, 0, 64)));
}
