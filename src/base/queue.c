/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#include <errno.h>
#include <pthread.h>

#include "base/deadline.h"
#include "base/mem.h"

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t  not_empty, not_full;
    bool            closed;
    size_t          cap, head, n;
    void           *slots[];
};

struct queue *queue_new(size_t capacity)
{
    struct queue *q = mem_zalloc(sizeof *q + capacity * sizeof q->slots[0]);
    pthread_mutex_init(&q->lock, NULL);
    deadline_cond_init(&q->not_empty);
    deadline_cond_init(&q->not_full);
    q->cap = capacity;
    return q;
}

struct queue *queue_free(struct queue *q)
{
    if (!q)
        return NULL;
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->not_empty);
    pthread_cond_destroy(&q->not_full);
    return mem_free(q);
}

/* False when the time is over. */
static bool wait_on(struct queue *q, pthread_cond_t *c, duration wait, const struct timespec *deadline)
{
    if (wait == 0)
        return false;
    if (wait < 0)
        return pthread_cond_wait(c, &q->lock) == 0;
    return pthread_cond_timedwait(c, &q->lock, deadline) != ETIMEDOUT;
}

bool queue_push(struct queue *q, void *message, duration wait)
{
    struct timespec deadline = wait > 0 ? deadline_in(wait) : (struct timespec) { 0 };
    pthread_mutex_lock(&q->lock);
    while (!q->closed && q->n == q->cap && wait_on(q, &q->not_full, wait, &deadline))
        ;
    bool taken = !q->closed && q->n < q->cap;
    if (taken) {
        q->slots[(q->head + q->n++) % q->cap] = message;
        pthread_cond_signal(&q->not_empty);
    }
    pthread_mutex_unlock(&q->lock);
    return taken;
}

void *queue_pop(struct queue *q, duration wait)
{
    struct timespec deadline = wait > 0 ? deadline_in(wait) : (struct timespec) { 0 };
    void           *message = NULL;
    pthread_mutex_lock(&q->lock);
    while (!q->closed && q->n == 0 && wait_on(q, &q->not_empty, wait, &deadline))
        ;
    if (q->n) {
        message = q->slots[q->head];
        q->head = (q->head + 1) % q->cap;
        q->n--;
        pthread_cond_signal(&q->not_full);
    }
    pthread_mutex_unlock(&q->lock);
    return message;
}

void queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->not_empty);
    pthread_cond_broadcast(&q->not_full);
    pthread_mutex_unlock(&q->lock);
}

size_t queue_count(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    size_t n = q->n;
    pthread_mutex_unlock(&q->lock);
    return n;
}
