/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_live.h"

#include <assert.h>
#include <pthread.h>

#include "base/deadline.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "ingest/ingest_stream.h"

enum {
    CUT_MS = 200, /* a unit is no older than this when the writer takes it */
    RETRY_MS = 500,
    TEXT_MAX =
        INGEST_UNIT_MAX - INGEST_UNIT_FULL - (64 << 10), /* of one call, so that a unit never overflows */
};

struct ingest_live {
    struct ingest_core  *core;
    struct ingest_spool *spool;
    pthread_t            writer, sender;
    bool                 writer_runs, sender_runs;
    pthread_mutex_t      lock;
    pthread_cond_t       filled, emptied, spooled;
    struct ingest_unit   filling;  /* what sources add to */
    struct ingest_unit   spare;    /* of the writer */
    int64_t              since_ns; /* when the first text of `filling` came; 0: it is empty */
    bool                 stopping;
};

/* --- sources add --- */

static bool has_room_locked(const struct ingest_live *l)
{
    return l->filling.bytes.n < INGEST_UNIT_FULL;
}

static void note_first_locked(struct ingest_live *l)
{
    if (!l->since_ns) {
        l->since_ns = env_monotonic_ns(l->core->env);
        pthread_cond_signal(&l->filled);
    } else if (!has_room_locked(l)) {
        pthread_cond_signal(&l->filled);
    }
}

bool ingest_live_text(struct ingest_live *l, const struct ingest_origin *from, str text, str cursor_of,
                      str cursor, bool wait)
{
    bool taken;

    assert(text.n <= TEXT_MAX);
    pthread_mutex_lock(&l->lock);
    while (wait && !has_room_locked(l) && !l->stopping)
        pthread_cond_wait(&l->emptied, &l->lock);
    taken = has_room_locked(l) && !l->stopping;
    if (taken) {
        if (text.n)
            ingest_unit_text(&l->filling, from, env_now(l->core->env), text);
        if (cursor_of.n)
            ingest_unit_cursor(&l->filling, cursor_of, cursor);
        note_first_locked(l);
    }
    pthread_mutex_unlock(&l->lock);
    return taken;
}

void ingest_live_health(struct ingest_live *l, const struct ingest_live_health *h)
{
    AUTO_STRBUF   text = STRBUF_INIT(16 << 10);
    struct json_w w = json_w_make(&text);
    char          buf[TS_TEXT_SIZE];

    json_w_object(&w);
    json_w_kstr(&w, S("Type"), S("Health"));
    json_w_kstr(&w, S("TimeGenerated"), ts_text(env_now(l->core->env), buf));
    json_w_kstr(&w, S("OperationName"), S("Ingestion"));
    json_w_kstr(&w, S("ResourceKind"), S("Source"));
    json_w_kstr(&w, S("ResourceName"), h->source);
    json_w_kstr(&w, S("Status"), h->lost ? S("Loss") : S("Warning"));
    json_w_kstr(&w, S("Code"), h->code);
    json_w_kstr(&w, S("Reason"), h->reason);
    json_w_kstr(&w, S("Remedy"), h->remedy);
    json_w_ki64(&w, S("Rows"), (int64_t)h->rows);
    json_w_ki64(&w, S("Lost"), (int64_t)h->lost);
    json_w_kstr(&w, S("Computer"), l->core->host);
    json_w_end(&w);
    strbuf_addc(&text, '\n');
    ingest_live_text(l, &(struct ingest_origin) { .source = S("intake"), .rows = true }, strbuf_view(&text),
                     STR_NONE, STR_NONE, false);
}

/* --- the writer: memory → spool --- */

static void wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms)
{
    struct timespec at = deadline_in(MILLIS(ms));

    pthread_cond_timedwait(cond, lock, &at);
}

/* Waits until there is a unit worth writing and swaps it out. False when the process stops and all is
 * written. */
static bool take_filled(struct ingest_live *l)
{
    bool taken;

    pthread_mutex_lock(&l->lock);
    for (;;) {
        int64_t age_ms = l->since_ns ? (env_monotonic_ns(l->core->env) - l->since_ns) / 1000000 : 0;

        if (l->stopping || (l->since_ns && (age_ms >= CUT_MS || !has_room_locked(l))))
            break;
        wait_ms(&l->filled, &l->lock, l->since_ns ? CUT_MS - age_ms : 1000);
    }
    taken = !ingest_unit_is_empty(&l->filling);
    if (taken) {
        struct ingest_unit full = l->filling;

        l->filling = l->spare;
        l->spare = full;
        l->since_ns = 0;
        pthread_cond_broadcast(&l->emptied);
    }
    pthread_mutex_unlock(&l->lock);
    return taken;
}

static void pause_writer(struct ingest_live *l)
{
    pthread_mutex_lock(&l->lock);
    wait_ms(&l->spooled, &l->lock, RETRY_MS);
    pthread_mutex_unlock(&l->lock);
}

static bool is_stopping(struct ingest_live *l)
{
    bool stopping;

    pthread_mutex_lock(&l->lock);
    stopping = l->stopping;
    pthread_mutex_unlock(&l->lock);
    return stopping;
}

/* Until it is on disk; a full spool or disk makes the sources wait behind us. What cannot be written when the
 * process stops was never told to be read: the followers read it again. */
static void write_unit(struct ingest_live *l)
{
    struct err err = { 0 };
    uint64_t   files, bytes;

    while (ingest_spool_put(l->spool, &l->spare, &err) != RC_OK) {
        log_warn(EV_INGEST_SOURCE, F_CSTR("what", "the spool takes nothing, sources wait"), F_ERR(&err));
        if (is_stopping(l))
            return;
        pause_writer(l);
    }
    ingest_spool_size(l->spool, &files, &bytes);
    ingest_stats_spool(l->core->stats, files, bytes);
    pthread_mutex_lock(&l->lock);
    pthread_cond_broadcast(&l->spooled);
    pthread_mutex_unlock(&l->lock);
}

static void *run_writer(void *arg)
{
    struct ingest_live *l = arg;

    while (take_filled(l)) {
        write_unit(l);
        ingest_unit_clear(&l->spare);
    }
    return NULL;
}

/* --- the sender: spool → engine --- */

static enum rc feed_text(void *ctx, const struct ingest_origin *from, ts received, str text, struct err *err)
{
    struct ingest_stream *stream = ctx;

    ingest_stream_from(stream, from, received);
    TRY(ingest_stream_feed(stream, text, err));
    return str_ends(text, S("\n")) ? RC_OK : ingest_stream_feed(stream, S("\n"), err);
}

static enum rc store_unit(struct ingest_live *l, str sealed, struct err *err)
{
    struct ingest_stream_opts opts = { .kind = INGEST_STREAM_LINES,
                                       .source = S("live"),
                                       .host = l->core->host };
    struct ingest_unit_reader reader = { 0 };
    AUTO(ingest_stream) stream = NULL;

    TRY(ingest_unit_read(sealed, &opts.token, &reader, err));
    stream = ingest_stream_new(l->core, &opts);
    reader = (struct ingest_unit_reader) { .ctx = stream, .text = feed_text };
    TRY(ingest_unit_read(sealed, &opts.token, &reader, err));
    return ingest_stream_finish(stream, err);
}

static void tell_of_damage(struct ingest_live *l, const struct err *err)
{
    struct ingest_live_health h = {
        .source = S("spool"),
        .code = S("SPOOL_DAMAGED"),
        .reason = str_of(err->text),
        .remedy = S("The unit was set aside in DIR/intake/spool as *.damaged; see the disk's own log."),
        .lost = 1,
    };

    log_error(EV_INGEST_DROPPED, F_CSTR("what", "a spooled unit is damaged and was set aside"), F_ERR(err));
    ingest_live_health(l, &h);
}

/* True when there was a unit to work on. */
static bool send_next(struct ingest_live *l, struct arena *a)
{
    struct err err = { 0 };
    str        sealed;
    uint64_t   files, bytes;
    enum rc    rc = ingest_spool_first(l->spool, a, &sealed, &err);

    if (rc == RC_NOT_FOUND)
        return false;
    if (rc == RC_OK)
        rc = store_unit(l, sealed, &err);
    if (rc == RC_CORRUPT)
        tell_of_damage(l, &err);
    if (rc == RC_OK || rc == RC_CORRUPT)
        rc = ingest_spool_drop(l->spool, rc == RC_CORRUPT, &err);
    if (rc != RC_OK) {
        log_warn(EV_TABLES_RETRY, F_CSTR("what", "a spooled unit waits"), F_ERR(&err));
        return false;
    }
    ingest_spool_size(l->spool, &files, &bytes);
    ingest_stats_spool(l->core->stats, files, bytes);
    return true;
}

static void *run_sender(void *arg)
{
    struct ingest_live *l = arg;
    AUTO(arena) a = arena_new(INGEST_UNIT_MAX * 3);

    while (!is_stopping(l)) {
        bool worked = send_next(l, a);

        arena_reset(a);
        if (!worked)
            pause_writer(l); /* until something is spooled, or for a while */
    }
    return NULL;
}

/* --- life --- */

enum rc ingest_live_start(struct ingest_core *core, struct ingest_spool *spool, struct ingest_live **out,
                          struct err *err)
{
    AUTO(ingest_live) l = MEM_NEW(struct ingest_live);
    l->core = core;
    l->spool = spool;
    ingest_unit_init(&l->filling);
    ingest_unit_init(&l->spare);
    pthread_mutex_init(&l->lock, NULL);
    deadline_cond_init(&l->filled);
    deadline_cond_init(&l->emptied);
    deadline_cond_init(&l->spooled);
    l->writer_runs = pthread_create(&l->writer, NULL, run_writer, l) == 0;
    l->sender_runs = l->writer_runs && pthread_create(&l->sender, NULL, run_sender, l) == 0;
    if (!l->sender_runs)
        return err_set(err, RC_INTERNAL, "no thread could be started to keep and send events");
    *out = TAKE(l);
    return RC_OK;
}

struct ingest_live *ingest_live_stop(struct ingest_live *l)
{
    if (!l)
        return NULL;
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_cond_broadcast(&l->filled);
    pthread_cond_broadcast(&l->emptied);
    pthread_cond_broadcast(&l->spooled);
    pthread_mutex_unlock(&l->lock);
    if (l->writer_runs)
        pthread_join(l->writer, NULL);
    if (l->sender_runs)
        pthread_join(l->sender, NULL);
    ingest_unit_done(&l->filling);
    ingest_unit_done(&l->spare);
    pthread_cond_destroy(&l->filled);
    pthread_cond_destroy(&l->emptied);
    pthread_cond_destroy(&l->spooled);
    pthread_mutex_destroy(&l->lock);
    return mem_free(l);
}
