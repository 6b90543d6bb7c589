/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_sse.h"

#include <pthread.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum { MAX_EVENT = 64 << 10 };

/* One text that all listeners share; freed by the last one. */
struct event {
    size_t refs;
    size_t n;
    char   text[];
};

struct listener {
    struct http_sse *hub;
    struct listener *next, **link;
    struct event    *queue[HTTP_SSE_QUEUE];
    size_t           first, count;
    struct event    *current; /* partly sent */
    size_t           sent;
    bool             lagged;
    bool             greeted;
};

struct http_sse {
    pthread_mutex_t  lock;
    pthread_cond_t   changed;
    struct listener *listeners;
    unsigned         n, max;
    duration         heartbeat;
    bool             closed;
};

struct http_sse *http_sse_new(unsigned max_listeners, duration heartbeat)
{
    struct http_sse *hub = MEM_NEW(struct http_sse);
    hub->max = max_listeners;
    hub->heartbeat = heartbeat;
    pthread_mutex_init(&hub->lock, NULL);
    deadline_cond_init(&hub->changed);
    return hub;
}

static void event_unref_locked(struct event *e)
{
    if (e && --e->refs == 0)
        mem_free(e);
}

void http_sse_close(struct http_sse *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->closed = true;
    pthread_cond_broadcast(&hub->changed);
    pthread_mutex_unlock(&hub->lock);
}

struct http_sse *http_sse_free(struct http_sse *hub)
{
    if (!hub)
        return NULL;
    http_sse_close(hub);
    pthread_mutex_lock(&hub->lock);
    while (hub->n)
        pthread_cond_wait(&hub->changed, &hub->lock);
    pthread_mutex_unlock(&hub->lock);
    pthread_cond_destroy(&hub->changed);
    pthread_mutex_destroy(&hub->lock);
    return mem_free(hub);
}

static struct event *event_new(str event, str data)
{
    AUTO_STRBUF text = STRBUF_INIT(MAX_EVENT);

    if (event.n) {
        strbuf_addz(&text, "event: ");
        strbuf_add(&text, event);
        strbuf_addc(&text, '\n');
    }
    strbuf_addz(&text, "data: ");
    strbuf_add(&text, data);
    strbuf_addz(&text, "\n\n");
    if (text.overflow)
        return NULL;
    struct event *e = mem_alloc(sizeof *e + text.n);
    e->refs = 1;
    e->n = text.n;
    memcpy(e->text, text.p, text.n);
    return e;
}

static void offer_locked(struct listener *l, struct event *e)
{
    if (l->count == HTTP_SSE_QUEUE) {
        l->lagged = true;
        return;
    }
    l->queue[(l->first + l->count++) % HTTP_SSE_QUEUE] = e;
    e->refs++;
}

void http_sse_publish(struct http_sse *hub, str event, str data)
{
    struct event *e = event_new(event, data);

    if (!e)
        return;
    pthread_mutex_lock(&hub->lock);
    for (struct listener *l = hub->listeners; l; l = l->next)
        offer_locked(l, e);
    event_unref_locked(e);
    pthread_cond_broadcast(&hub->changed);
    pthread_mutex_unlock(&hub->lock);
}

static size_t comment(char *buf, size_t max, str text)
{
    size_t n = text.n < max ? text.n : max;
    memcpy(buf, text.p, n);
    return n;
}

/* The first bytes go out at once, so that the client sees its stream open. */
static size_t next_locked(struct listener *l, char *buf, size_t max)
{
    struct http_sse *hub = l->hub;
    struct timespec  until = deadline_in(hub->heartbeat);

    if (!l->greeted) {
        l->greeted = true;
        return comment(buf, max, S(": open\n\n"));
    }
    while (!l->current) {
        if (l->count) {
            l->current = l->queue[l->first];
            l->first = (l->first + 1) % HTTP_SSE_QUEUE;
            l->count--;
            l->sent = 0;
        } else if (hub->closed || l->lagged) {
            return 0;
        } else if (pthread_cond_timedwait(&hub->changed, &hub->lock, &until) != 0) {
            return comment(buf, max, S(": still here\n\n"));
        }
    }
    size_t n = l->current->n - l->sent < max ? l->current->n - l->sent : max;
    memcpy(buf, l->current->text + l->sent, n);
    l->sent += n;
    if (l->sent == l->current->n) {
        event_unref_locked(l->current);
        l->current = NULL;
    }
    return n;
}

static enum rc sse_next(void *ctx, char *buf, size_t max, size_t *n, struct err *err)
{
    struct listener *l = ctx;

    (void)err;
    pthread_mutex_lock(&l->hub->lock);
    *n = next_locked(l, buf, max);
    pthread_mutex_unlock(&l->hub->lock);
    return RC_OK;
}

static void sse_done(void *ctx)
{
    struct listener *l = ctx;
    struct http_sse *hub = l->hub;

    pthread_mutex_lock(&hub->lock);
    *l->link = l->next;
    if (l->next)
        l->next->link = l->link;
    event_unref_locked(l->current);
    for (size_t i = 0; i < l->count; i++)
        event_unref_locked(l->queue[(l->first + i) % HTTP_SSE_QUEUE]);
    hub->n--;
    pthread_cond_broadcast(&hub->changed);
    pthread_mutex_unlock(&hub->lock);
    mem_free(l);
}

enum rc http_sse_listen(struct http_sse *hub, struct http_res *res, struct err *err)
{
    struct listener *l = MEM_NEW(struct listener);
    bool             taken = false;

    l->hub = hub;
    pthread_mutex_lock(&hub->lock);
    if (!hub->closed && hub->n < hub->max) {
        taken = true;
        l->next = hub->listeners;
        l->link = &hub->listeners;
        if (l->next)
            l->next->link = &l->next;
        hub->listeners = l;
        hub->n++;
    }
    pthread_mutex_unlock(&hub->lock);
    if (!taken) {
        mem_free(l);
        return err_set(err, RC_BUSY, "more than %u listen to events already, or the server is stopping",
                       hub->max);
    }
    http_res_header(res, S("Cache-Control"), S("no-store"));
    http_res_stream(res, 200, S("text/event-stream"),
                    (struct http_stream) { .ctx = l, .next = sse_next, .done = sse_done });
    return RC_OK;
}

unsigned http_sse_listeners(struct http_sse *hub)
{
    pthread_mutex_lock(&hub->lock);
    unsigned n = hub->n;
    pthread_mutex_unlock(&hub->lock);
    return n;
}
