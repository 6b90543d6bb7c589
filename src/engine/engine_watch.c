/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_watch.h"

#include <pthread.h>

#include "base/deadline.h"
#include "base/mem.h"

enum { LOOK_EVERY_MS = 100, KILLS_A_LOOK = 32 };

struct engine_watch {
    const struct engine_chdb *db;
    struct chdb_connection_ **conn; /* the watcher's thread alone */
    pthread_t                 thread;
    pthread_mutex_t           lock; /* of all below */
    pthread_cond_t            changed;
    struct engine_watched    *list;
    bool                      ends;
};

static void kill_one(struct engine_watch *w, const char *tag)
{
    char sql[160];
    int  n =
        snprintf(sql, sizeof sql,
                 "KILL QUERY WHERE position(query, '%s') > 0 AND NOT startsWith(query, 'KILL') ASYNC", tag);
    w->db->result_free(w->db->query(*w->conn, sql, (size_t)n, "Null", 4, NULL, NULL, NULL, NULL, 0));
}

/* Copies the tags, since killing takes longer than the lock may be held. */
static size_t due_locked(struct engine_watch *w, char tags[KILLS_A_LOOK][sizeof w->list->tag])
{
    size_t n = 0;

    for (struct engine_watched *q = w->list; q && n < KILLS_A_LOOK; q = q->next) {
        if (!q->killed && q->req && http_req_gone(q->req))
            q->killed = true;
        if (q->killed)
            memcpy(tags[n++], q->tag, sizeof q->tag);
    }
    return n;
}

static void *watch(void *arg)
{
    struct engine_watch *w = arg;
    char                 tags[KILLS_A_LOOK][sizeof w->list->tag];

    pthread_mutex_lock(&w->lock);
    while (!w->ends) {
        size_t n = due_locked(w, tags);
        pthread_mutex_unlock(&w->lock);
        for (size_t i = 0; i < n; i++)
            kill_one(w, tags[i]);
        pthread_mutex_lock(&w->lock);

        struct timespec until = deadline_in(MILLIS(LOOK_EVERY_MS));
        if (!w->ends && !w->list)
            pthread_cond_wait(&w->changed, &w->lock); /* nothing to look at: sleep until there is */
        else if (!w->ends)
            pthread_cond_timedwait(&w->changed, &w->lock, &until);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct engine_watch *engine_watch_new(const struct engine_chdb *db, int argc, char **argv)
{
    struct chdb_connection_ **conn = db->connect(argc, argv);
    if (!conn)
        return NULL;
    struct engine_watch *w = MEM_NEW(struct engine_watch);
    w->db = db;
    w->conn = conn;
    pthread_mutex_init(&w->lock, NULL);
    deadline_cond_init(&w->changed);
    if (pthread_create(&w->thread, NULL, watch, w) != 0)
        abort(); /* no thread at start: nothing would be killed */
    return w;
}

struct engine_watch *engine_watch_free(struct engine_watch *w)
{
    if (!w)
        return NULL;
    pthread_mutex_lock(&w->lock);
    w->ends = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    w->db->close(w->conn);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    return mem_free(w);
}

void engine_watch_add(struct engine_watch *w, struct engine_watched *q)
{
    char id[GUID_TEXT_SIZE];

    (void)guid_text(guid_random(), id);
    (void)snprintf(q->tag, sizeof q->tag, "/*vedette:%s*/", id);
    pthread_mutex_lock(&w->lock);
    q->next = w->list;
    q->link = &w->list;
    if (q->next)
        q->next->link = &q->next;
    w->list = q;
    if (!q->next)
        pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

bool engine_watch_remove(struct engine_watch *w, struct engine_watched *q)
{
    pthread_mutex_lock(&w->lock);
    *q->link = q->next;
    if (q->next)
        q->next->link = q->link;
    bool killed = q->killed;
    pthread_mutex_unlock(&w->lock);
    return killed;
}

unsigned engine_watch_kill(struct engine_watch *w, str query_id)
{
    unsigned n = 0;

    pthread_mutex_lock(&w->lock);
    for (struct engine_watched *q = w->list; q; q = q->next) {
        if (query_id.n == 0 || str_eq(q->query_id, query_id)) {
            q->killed = true;
            n++;
        }
    }
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    return n;
}

unsigned engine_watch_count(struct engine_watch *w)
{
    unsigned n = 0;

    pthread_mutex_lock(&w->lock);
    for (struct engine_watched *q = w->list; q; q = q->next)
        n++;
    pthread_mutex_unlock(&w->lock);
    return n;
}
