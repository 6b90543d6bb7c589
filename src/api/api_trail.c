/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_trail.h"

#include <pthread.h>

#include "base/deadline.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "state/state_setting.h"
#include "tables/tables_batch.h"

enum { EVERY_SECONDS = 2, RETRY_SECONDS = 15 };

struct api_trail {
    struct access  *access;
    struct state   *state;
    struct tables  *tables;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  wake;
    bool            ends, runs;
};

/* "sent to id A, sending up to B": A = B when nothing is under way. */
struct mark {
    int64_t sent, sending;
};

static enum rc mark_get(struct api_trail *t, struct arena *a, struct mark *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    str text = STR_NONE, sent;

    TRY(state_tx_read(t->state, &tx, err));
    enum rc rc = state_setting_get(tx, S("audit.trail"), a, &text, err);
    *out = (struct mark) { 0 };
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    TRY(rc);
    if (!str_split(&text, ' ', &sent) || !str_to_i64(sent, &out->sent) || !str_to_i64(text, &out->sending))
        return err_set(err, RC_CORRUPT, "the mark of the audit trail cannot be read");
    return RC_OK;
}

static enum rc mark_put(struct api_trail *t, struct mark m, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    char text[64];
    int  n = snprintf(text, sizeof text, "%lld %lld", (long long)m.sent, (long long)m.sending);

    TRY(state_tx_write(t->state, &tx, err));
    TRY(state_setting_put(tx, S("audit.trail"), str_make(text, (size_t)n), err));
    return state_tx_commit(tx, err);
}

static enum rc add_row(struct tables_batch *batch, const struct access_audit_row *r, struct arena *a,
                       struct err *err)
{
    AUTO_STRBUF        text = STRBUF_INIT(64 * 1024);
    struct json_w      w = json_w_make(&text);
    const struct json *object;

    json_w_object(&w);
    json_w_kstr(&w, S("OperationName"), r->operation);
    json_w_kstr(&w, S("Description"), r->description);
    json_w_kstr(&w, S("Status"), r->status);
    json_w_kstr(&w, S("CorrelationId"), r->correlation);
    json_w_kstr(&w, S("SentinelResourceId"), r->resource);
    json_w_kstr(&w, S("SentinelResourceName"),
                str_from(r->resource, str_rfind_byte(r->resource, '/') == STR_NPOS
                                          ? 0
                                          : str_rfind_byte(r->resource, '/') + 1));
    json_w_kstr(&w, S("SourceSystem"), S("Vedette"));
    json_w_key(&w, S("ExtendedProperties"));
    json_w_object(&w);
    json_w_kstr(&w, S("CallerName"), r->who_name);
    json_w_kstr(&w, S("CallerObjectId"), r->who_id);
    json_w_kstr(&w, S("CallerIpAddress"), r->peer);
    json_w_end(&w);
    json_w_end(&w);
    TRY(strbuf_ok(&text, "an audit row", err));
    TRY(json_parse(a, strbuf_view(&text), &object, err));
    return tables_batch_row(batch, object, r->time, err);
}

static enum rc send_page(struct api_trail *t, const struct access_audit_page *page, struct arena *a,
                         struct err *err)
{
    AUTO(tables_batch) batch = NULL;
    char token[96];

    TRY(tables_batch_new(t->tables, S("SentinelAudit"), &batch, err));
    for (size_t i = 0; i < page->n; i++)
        TRY(add_row(batch, &page->rows[i], a, err));
    int n = snprintf(token, sizeof token, "audit-%lld-%lld", (long long)page->ids[0],
                     (long long)page->ids[page->n - 1]);
    return tables_batch_send(batch, str_make(token, (size_t)n), env_now(env_real()), err);
}

/* After a crash the page under way ends where it ended then. */
static void cut_page(struct access_audit_page *page, int64_t last)
{
    while (page->n && page->ids[page->n - 1] > last)
        page->n--;
}

static enum rc send_next(struct api_trail *t, size_t *n, struct err *err)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct access_audit_page page;
    struct mark              m;

    *n = 0;
    TRY(mark_get(t, a, &m, err));
    TRY(access_audit_after(t->access, m.sent, a, &page, err));
    if (m.sending > m.sent)
        cut_page(&page, m.sending);
    if (!page.n)
        return m.sending > m.sent ? mark_put(t, (struct mark) { m.sending, m.sending }, err) : RC_OK;
    m.sending = page.ids[page.n - 1];
    TRY(mark_put(t, m, err));
    TRY(send_page(t, &page, a, err));
    TRY(mark_put(t, (struct mark) { m.sending, m.sending }, err));
    *n = page.n;
    return RC_OK;
}

enum rc api_trail_send(struct api_trail *t, size_t *sent, struct err *err)
{
    size_t n;

    *sent = 0;
    do {
        TRY(send_next(t, &n, err));
        *sent += n;
    } while (n);
    return RC_OK;
}

static bool wait_for(struct api_trail *t, int seconds)
{
    struct timespec until = deadline_in(SECONDS(seconds));

    pthread_mutex_lock(&t->lock);
    while (!t->ends && pthread_cond_timedwait(&t->wake, &t->lock, &until) == 0)
        continue;
    bool goes_on = !t->ends;
    pthread_mutex_unlock(&t->lock);
    return goes_on;
}

static void *follow(void *p)
{
    struct api_trail *t = p;
    bool              failing = false;

    while (wait_for(t, failing ? RETRY_SECONDS : EVERY_SECONDS)) {
        struct err err = { 0 };
        size_t     sent;
        bool       failed = api_trail_send(t, &sent, &err) != RC_OK;
        if (failed && !failing)
            log_warn(EV_TABLES_RETRY, F_CSTR("table", "SentinelAudit"), F_ERR(&err));
        failing = failed;
    }
    return NULL;
}

enum rc api_trail_new(struct access *access, struct state *state, struct tables *tables,
                      struct api_trail **out, struct err *err)
{
    struct api_trail *t = MEM_NEW(struct api_trail);

    *t = (struct api_trail) { .access = access, .state = state, .tables = tables };
    pthread_mutex_init(&t->lock, NULL);
    deadline_cond_init(&t->wake);
    if (tables) {
        int failed = pthread_create(&t->thread, NULL, follow, t);
        if (failed) {
            api_trail_free(t);
            return err_errno(err, RC_INTERNAL, failed, "starting the audit trail");
        }
        t->runs = true;
    }
    *out = t;
    return RC_OK;
}

struct api_trail *api_trail_free(struct api_trail *t)
{
    if (!t)
        return NULL;
    pthread_mutex_lock(&t->lock);
    t->ends = true;
    pthread_cond_broadcast(&t->wake);
    pthread_mutex_unlock(&t->lock);
    if (t->runs)
        pthread_join(t->thread, NULL);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->wake);
    return mem_free(t);
}
