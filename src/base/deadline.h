/* SPDX-License-Identifier: Apache-2.0 */
/* base/deadline: waiting on a condition for a span of time, by the clock that nobody sets: a host whose time
 * is corrected neither wakes early nor sleeps on.
 *
 * Threads: pure functions. */
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <pthread.h>

#include "base/duration.h"

/* A condition that pthread_cond_timedwait takes deadlines of this kind for. Destroyed as any other. */
void            deadline_cond_init(pthread_cond_t *c);
struct timespec deadline_in(duration from_now); /* not negative */

#endif
