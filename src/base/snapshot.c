/* SPDX-License-Identifier: Apache-2.0 */
#include "base/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/mem.h"

struct snapshot {
    atomic_size_t refs;
    void         *value;
    void (*destroy)(void *);
};

/* A reader that has loaded the pointer but not yet counted itself must not see the version freed: the slot's
 * lock covers just these two steps, and the swap. */
struct snapshot_slot {
    pthread_mutex_t  lock;
    struct snapshot *current;
};

struct snapshot_slot *snapshot_slot_new(void)
{
    struct snapshot_slot *slot = MEM_NEW(struct snapshot_slot);
    pthread_mutex_init(&slot->lock, NULL);
    return slot;
}

struct snapshot_slot *snapshot_slot_free(struct snapshot_slot *slot)
{
    if (!slot)
        return NULL;
    snapshot_unref(slot->current);
    pthread_mutex_destroy(&slot->lock);
    return mem_free(slot);
}

void snapshot_publish(struct snapshot_slot *slot, void *value, void (*destroy)(void *value))
{
    struct snapshot *fresh = MEM_NEW(struct snapshot);
    fresh->value = value;
    fresh->destroy = destroy;
    atomic_init(&fresh->refs, 1);

    pthread_mutex_lock(&slot->lock);
    struct snapshot *before = slot->current;
    slot->current = fresh;
    pthread_mutex_unlock(&slot->lock);
    snapshot_unref(before);
}

struct snapshot *snapshot_get(struct snapshot_slot *slot)
{
    pthread_mutex_lock(&slot->lock);
    struct snapshot *s = slot->current;
    if (s)
        atomic_fetch_add(&s->refs, 1);
    pthread_mutex_unlock(&slot->lock);
    return s;
}

void *snapshot_value(const struct snapshot *s)
{
    return s->value;
}

struct snapshot *snapshot_unref(struct snapshot *s)
{
    if (s && atomic_fetch_sub(&s->refs, 1) == 1) {
        if (s->destroy)
            s->destroy(s->value);
        mem_free(s);
    }
    return NULL;
}
