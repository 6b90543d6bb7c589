/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_flight.h"

#include <pthread.h>

#include "base/vec.h"

struct flight {
    ts started;
    ts until; /* lost: forgotten then; 0 while somebody answers for it */
};

struct ingest_flight {
    const struct env *env;
    pthread_mutex_t   lock;
    VEC(struct flight) under_way; /* as many as there are senders: a few */
    ts last;
};

struct ingest_flight *ingest_flight_new(const struct env *env)
{
    struct ingest_flight *f = MEM_NEW(struct ingest_flight);

    f->env = env;
    pthread_mutex_init(&f->lock, NULL);
    return f;
}

struct ingest_flight *ingest_flight_free(struct ingest_flight *f)
{
    if (!f)
        return NULL;
    pthread_mutex_destroy(&f->lock);
    vec_done(&f->under_way);
    return mem_free(f);
}

/* Time that never stands still nor goes back, whatever is done to the clock: the watermark is made of it. */
static ts next_time_locked(struct ingest_flight *f)
{
    ts now = env_now(f->env);

    f->last = now > f->last ? now : f->last + 1;
    return f->last;
}

ts ingest_flight_start(struct ingest_flight *f)
{
    ts t;

    pthread_mutex_lock(&f->lock);
    t = next_time_locked(f);
    *vec_push(&f->under_way) = (struct flight) { .started = t };
    pthread_mutex_unlock(&f->lock);
    return t;
}

static struct flight *find_locked(struct ingest_flight *f, ts started)
{
    for (size_t i = 0; i < f->under_way.n; i++) {
        if (f->under_way.p[i].started == started && !f->under_way.p[i].until)
            return &f->under_way.p[i];
    }
    abort(); /* a batch landed that never took off */
}

void ingest_flight_end(struct ingest_flight *f, ts started)
{
    pthread_mutex_lock(&f->lock);
    *find_locked(f, started) = vec_last(&f->under_way);
    f->under_way.n--;
    pthread_mutex_unlock(&f->lock);
}

void ingest_flight_lose(struct ingest_flight *f, ts started)
{
    pthread_mutex_lock(&f->lock);
    find_locked(f, started)->until = env_now(f->env) + INGEST_FLIGHT_LATE;
    pthread_mutex_unlock(&f->lock);
}

void ingest_flight_hold(struct ingest_flight *f, ts at, duration how_long)
{
    pthread_mutex_lock(&f->lock);
    *vec_push(&f->under_way) = (struct flight) { .started = at, .until = env_now(f->env) + how_long };
    pthread_mutex_unlock(&f->lock);
}

ts ingest_flight_watermark(struct ingest_flight *f)
{
    ts earliest;

    pthread_mutex_lock(&f->lock);
    earliest = next_time_locked(f);
    for (size_t i = 0; i < f->under_way.n;) {
        struct flight *it = &f->under_way.p[i];

        if (it->until && it->until <= f->last) {
            *it = vec_last(&f->under_way);
            f->under_way.n--;
            continue;
        }
        if (it->started < earliest)
            earliest = it->started;
        i++;
    }
    pthread_mutex_unlock(&f->lock);
    return earliest;
}
