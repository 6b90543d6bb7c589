/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/t.h"

/* A libchdb that remembers what connections were told; a setting named "wrong" is refused. */
static struct {
    unsigned made, closed;
    char     said[4096];
} fake;

static struct chdb_connection_ **fake_connect(int argc, char **argv)
{
    (void)argc, (void)argv;
    fake.made++;
    struct chdb_connection_ **c = mem_zalloc(sizeof *c);
    return c;
}

static void fake_close(struct chdb_connection_ **c)
{
    fake.closed++;
    mem_free(c);
}

static struct chdb_result_ *fake_query(struct chdb_connection_ *c, const char *sql, size_t n,
                                       const char *format, size_t format_n, const char *const *names,
                                       const size_t *name_n, const char *const *values, const size_t *value_n,
                                       size_t params)
{
    (void)c, (void)format, (void)format_n, (void)names, (void)name_n, (void)values, (void)value_n,
        (void)params;
    size_t used = strlen(fake.said);
    (void)snprintf(fake.said + used, sizeof fake.said - used, "%.*s|", (int)n, sql);
    return (struct chdb_result_ *)(uintptr_t)(str_contains(str_make(sql, n), S("SET wrong")) ? 2 : 1);
}

static const char *fake_error(struct chdb_result_ *r)
{
    return (uintptr_t)r == 2 ? "Code: 115. DB::Exception: Unknown setting 'wrong'. (UNKNOWN_SETTING)" : NULL;
}

static void fake_free(struct chdb_result_ *r)
{
    (void)r;
}

static const struct engine_chdb FAKE = { .connect = fake_connect,
                                         .close = fake_close,
                                         .query = fake_query,
                                         .error = fake_error,
                                         .result_free = fake_free };

static struct engine_pool *pool(unsigned readers)
{
    memset(&fake, 0, sizeof fake);
    return engine_pool_new(&(struct engine_pool_opts) {
        .db = &FAKE,
        .at_work = { [ENGINE_READ] = readers, [ENGINE_WRITE] = 1, [ENGINE_ADMIN] = 1 },
        .wait = MILLIS(100) });
}

static const struct http_pair THREADS = { STR_INIT("max_threads"), STR_INIT("it's 1") };

TEST(a_connection_is_set_up_once_and_used_again)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_pool   *p = pool(2);
    struct engine_session s = { .database = S("law"), .readonly = 1, .settings = { &THREADS, 1 } };
    struct engine_conn   *c;
    struct engine_fault   fault;

    for (int i = 0; i < 3; i++) {
        CHECK(engine_pool_take(p, ENGINE_READ, &s, a, &c, &fault));
        engine_pool_give(p, c, true);
    }
    CHECK_EQ(fake.made, 1);
    CHECK_STR(fake.said, "USE `law`|SET max_threads='it\\'s 1'|SET readonly=1|");
    engine_pool_free(p);
    CHECK_EQ(fake.closed, 1);
}

TEST(other_settings_never_get_the_same_connection)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_pool   *p = pool(2);
    struct engine_session set = { .database = S("law"), .settings = { &THREADS, 1 } },
                          plain = { .database = S("law") };
    struct engine_conn *c;
    struct engine_fault fault;

    CHECK(engine_pool_take(p, ENGINE_READ, &set, a, &c, &fault));
    engine_pool_give(p, c, true);
    CHECK(engine_pool_take(p, ENGINE_READ, &plain, a, &c, &fault));
    engine_pool_give(p, c, true);
    CHECK(engine_pool_take(p, ENGINE_WRITE, &plain, a, &c, &fault));
    engine_pool_give(p, c, true);
    CHECK_EQ(fake.made, 3);
    engine_pool_free(p);
}

TEST(one_in_an_unknown_state_is_not_used_again)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_pool   *p = pool(2);
    struct engine_session s = { .database = S("law") };
    struct engine_conn   *c;
    struct engine_fault   fault;

    CHECK(engine_pool_take(p, ENGINE_READ, &s, a, &c, &fault));
    engine_pool_give(p, c, false);
    CHECK_EQ(fake.closed, 1);
    CHECK(engine_pool_take(p, ENGINE_READ, &s, a, &c, &fault));
    CHECK_EQ(fake.made, 2);
    engine_pool_give(p, c, true);
    engine_pool_free(p);
}

TEST(who_finds_no_turn_in_time_is_told_so)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_pool   *p = pool(1);
    struct engine_session s = { .database = S("law") };
    struct engine_conn   *c, *second;
    struct engine_fault   fault;

    CHECK(engine_pool_take(p, ENGINE_READ, &s, a, &c, &fault));
    CHECK(!engine_pool_take(p, ENGINE_READ, &s, a, &second, &fault));
    CHECK_EQ(fault.code, ENGINE_TOO_MANY_QUERIES);
    CHECK(engine_pool_take(p, ENGINE_WRITE, &s, a, &second, &fault));
    engine_pool_give(p, second, true);
    engine_pool_give(p, c, true);
    CHECK_EQ(engine_pool_at_work(p, ENGINE_READ), 0);
    engine_pool_free(p);
}

TEST(a_setting_that_is_refused_gives_its_turn_back)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_pool    *p = pool(1);
    const struct http_pair wrong[] = { { S("wrong"), S("1") },
                                       { S("a=1, b"), S("2") },
                                       { S("c"), S("x\nDROP TABLE t") } };
    struct engine_session  s = { .database = S("law") };
    struct engine_conn    *c;
    struct engine_fault    fault;

    for (int i = 0; i < 3; i++) {
        s.settings = (struct http_pairs) { &wrong[i], 1 };
        CHECK(!engine_pool_take(p, ENGINE_READ, &s, a, &c, &fault));
        CHECK_EQ(fault.code, i == 2 ? ENGINE_BAD_ARGUMENTS : 115);
    }
    CHECK_EQ(engine_pool_at_work(p, ENGINE_READ), 0);
    CHECK_EQ(fake.made, fake.closed);
    engine_pool_free(p);
}
