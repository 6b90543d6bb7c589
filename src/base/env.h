/* SPDX-License-Identifier: Apache-2.0 */
/* base/env: clock and randomness come from outside, so that tests and replays set them.
 *
 * Threads: an env is shared by all; the real one and the fake one are both safe. */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include "base/guid.h"
#include "base/ts.h"

struct env {
    void *ctx;
    ts (*now)(void *ctx);
    void (*random)(void *ctx, void *out, size_t n);
    int64_t (*monotonic_ns)(void *ctx);
};

const struct env *env_real(void);

static inline ts env_now(const struct env *e)
{
    return e->now(e->ctx);
}

static inline int64_t env_monotonic_ns(const struct env *e)
{
    return e->monotonic_ns(e->ctx);
}

guid env_guid(const struct env *e); /* version 4 */

/* For tests: a clock that stands where it is put and a seeded generator. */
struct env_fake {
    struct env env;
    ts         now;
    uint64_t   seed;
};

void env_fake_init(struct env_fake *f, ts now, uint64_t seed);

#endif
