/* SPDX-License-Identifier: Apache-2.0 */
#include "base/deadline.h"

#include <errno.h>
#include <time.h>

#include "tests/t.h"

static int64_t nanos(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

TEST(a_deadline_lies_its_span_behind_now_and_is_a_whole_timespec)
{
    static const duration SPANS[] = { 0, 1, MILLIS(1), MILLIS(999), SECONDS(1), MINUTES(5) + MILLIS(700) };

    for (size_t i = 0; i < sizeof SPANS / sizeof *SPANS; i++) {
        int64_t         before = nanos(deadline_in(0));
        struct timespec t = deadline_in(SPANS[i]);
        int64_t         after = nanos(deadline_in(0));
        CHECK(t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
        CHECK(nanos(t) >= before + SPANS[i] * 100);
        CHECK(nanos(t) <= after + SPANS[i] * 100);
    }
}

TEST(a_condition_that_nobody_signals_times_out_at_its_deadline)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t  c;
    struct timespec until = deadline_in(MILLIS(20));
    int             ended = 0;

    deadline_cond_init(&c);
    pthread_mutex_lock(&lock);
    while (!ended)
        ended = pthread_cond_timedwait(&c, &lock, &until);
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&c);
    CHECK_EQ(ended, ETIMEDOUT);
    CHECK(nanos(deadline_in(0)) >= nanos(until));
}
