/* SPDX-License-Identifier: Apache-2.0 */
#include "base/deadline.h"

#include <time.h>

void deadline_cond_init(pthread_cond_t *c)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(c, &attr);
    pthread_condattr_destroy(&attr);
}

struct timespec deadline_in(duration from_now)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t nanos = t.tv_nsec + from_now % TS_PER_SECOND * 100;
    t.tv_sec += from_now / TS_PER_SECOND + nanos / 1000000000;
    t.tv_nsec = nanos % 1000000000;
    return t;
}
