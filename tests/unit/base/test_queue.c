/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#include <pthread.h>

#include "base/env.h"
#include "base/snapshot.h"
#include "tests/t.h"

TEST(messages_leave_in_the_order_they_came)
{
    AUTO(queue) q = queue_new(2);
    int m[3];
    CHECK(queue_push(q, &m[0], 0));
    CHECK(queue_push(q, &m[1], 0));
    CHECK(!queue_push(q, &m[2], MILLIS(5)));
    CHECK(queue_pop(q, 0) == &m[0]);
    CHECK(queue_push(q, &m[2], 0));
    CHECK(queue_pop(q, 0) == &m[1]);
    CHECK(queue_pop(q, 0) == &m[2]);
    CHECK(queue_pop(q, MILLIS(5)) == NULL);
}

TEST(a_closed_queue_drains_and_takes_no_more)
{
    AUTO(queue) q = queue_new(2);
    int m;
    CHECK(queue_push(q, &m, 0));
    queue_close(q);
    CHECK(!queue_push(q, &m, -1));
    CHECK(queue_pop(q, -1) == &m);
    CHECK(queue_pop(q, -1) == NULL);
}

enum { MESSAGES = 20000 };

static void *produce(void *arg)
{
    for (intptr_t i = 1; i <= MESSAGES; i++)
        if (!queue_push(arg, (void *)i, -1))
            break;
    return NULL;
}

TEST(two_threads_lose_nothing)
{
    AUTO(queue) q = queue_new(16);
    pthread_t t;
    CHECK_EQ(pthread_create(&t, NULL, produce, q), 0);
    for (intptr_t i = 1; i <= MESSAGES; i++)
        CHECK_EQ((intptr_t)queue_pop(q, SECONDS(10)), i);
    pthread_join(t, NULL);
}

static int destroyed;

static void destroy(void *value)
{
    (void)value;
    destroyed++;
}

TEST(a_snapshot_lives_until_its_last_reader_lets_go)
{
    AUTO(snapshot_slot) slot = snapshot_slot_new();
    int one, two;
    CHECK(snapshot_get(slot) == NULL);
    snapshot_publish(slot, &one, destroy);
    struct snapshot *held = snapshot_get(slot);
    snapshot_publish(slot, &two, destroy);
    CHECK_EQ(destroyed, 0);
    CHECK(snapshot_value(held) == &one);
    snapshot_unref(held);
    CHECK_EQ(destroyed, 1);
}
