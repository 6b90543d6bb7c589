/* SPDX-License-Identifier: Apache-2.0 */
#include "base/env.h"

#include "base/hash.h"

static ts real_now(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return ts_from_unix(t.tv_sec, t.tv_nsec);
}

static int64_t real_monotonic(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void real_random(void *ctx, void *out, size_t n)
{
    (void)ctx;
    hash_random(out, n);
}

const struct env *env_real(void)
{
    static const struct env real = { .now = real_now, .random = real_random, .monotonic_ns = real_monotonic };
    return &real;
}

guid env_guid(const struct env *e)
{
    guid g;
    e->random(e->ctx, g.bytes, sizeof g.bytes);
    g.bytes[6] = (uint8_t)((g.bytes[6] & 0x0f) | 0x40);
    g.bytes[8] = (uint8_t)((g.bytes[8] & 0x3f) | 0x80);
    return g;
}

static ts fake_now(void *ctx)
{
    return ((struct env_fake *)ctx)->now;
}

static int64_t fake_monotonic(void *ctx)
{
    return ((struct env_fake *)ctx)->now * 100;
}

/* splitmix64: one 64-bit word a step. */
static void fake_random(void *ctx, void *out, size_t n)
{
    struct env_fake *f = ctx;
    unsigned char   *p = out;
    for (size_t i = 0; i < n; i++) {
        f->seed += 0x9e3779b97f4a7c15;
        uint64_t z = (f->seed ^ f->seed >> 30) * 0xbf58476d1ce4e5b9;
        p[i] = (unsigned char)(z >> 56);
    }
}

void env_fake_init(struct env_fake *f, ts now, uint64_t seed)
{
    *f = (struct env_fake) { .now = now, .seed = seed };
    f->env =
        (struct env) { .ctx = f, .now = fake_now, .random = fake_random, .monotonic_ns = fake_monotonic };
}
