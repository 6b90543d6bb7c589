/* SPDX-License-Identifier: Apache-2.0 */
/* base/queue: a bounded queue of pointers between threads; ownership moves with the message. */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include "base/auto.h"
#include "base/ts.h"

struct queue;

struct queue *queue_new(size_t capacity);
struct queue *queue_free(struct queue *q); /* must be empty or its messages are forgotten */
DEFINE_AUTO(queue, queue_free)

/* Waits up to `wait` (0: not at all, -1: for ever) for room. False: still full, or closed; the message stays
 * the caller's. */
bool queue_push(struct queue *q, void *message, duration wait);
/* NULL: nothing came within `wait`, or the queue is closed and empty. */
void  *queue_pop(struct queue *q, duration wait);
void   queue_close(struct queue *q); /* pushes fail from now on, pops drain what is there */
size_t queue_count(struct queue *q);

#endif
