/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/t.h"
#include "ingest/ingest_flight.h"

TEST(the_watermark_is_the_earliest_batch_under_way)
{
    struct env_fake clock;
    ts              first, second;

    env_fake_init(&clock, SECONDS(1000), 1);
    AUTO(ingest_flight) f = ingest_flight_new(&clock.env);
    first = ingest_flight_start(f);
    clock.now += SECONDS(1);
    second = ingest_flight_start(f);
    CHECK(second > first);
    CHECK_EQ(ingest_flight_watermark(f), first);
    ingest_flight_end(f, first);
    CHECK_EQ(ingest_flight_watermark(f), second);
    ingest_flight_end(f, second);
    CHECK(ingest_flight_watermark(f) > second);
}

TEST(no_batch_takes_off_below_a_watermark_that_was_told)
{
    struct env_fake clock;
    ts              told;

    env_fake_init(&clock, SECONDS(1000), 1);
    AUTO(ingest_flight) f = ingest_flight_new(&clock.env);
    told = ingest_flight_watermark(f);
    clock.now -= SECONDS(60); /* somebody set the clock back */
    CHECK(ingest_flight_start(f) > told);
}

TEST(a_lost_batch_holds_the_watermark_for_a_while)
{
    struct env_fake clock;
    ts              lost;

    env_fake_init(&clock, SECONDS(1000), 1);
    AUTO(ingest_flight) f = ingest_flight_new(&clock.env);
    lost = ingest_flight_start(f);
    ingest_flight_lose(f, lost);
    clock.now += INGEST_FLIGHT_LATE - SECONDS(1);
    CHECK_EQ(ingest_flight_watermark(f), lost);
    clock.now += SECONDS(2);
    CHECK(ingest_flight_watermark(f) > lost);
}

TEST(an_earlier_life_holds_the_watermark_for_as_long_as_said)
{
    struct env_fake clock;

    env_fake_init(&clock, SECONDS(1000), 1);
    AUTO(ingest_flight) f = ingest_flight_new(&clock.env);
    ingest_flight_hold(f, SECONDS(990), SECONDS(5));
    CHECK_EQ(ingest_flight_watermark(f), SECONDS(990));
    clock.now += SECONDS(6);
    CHECK(ingest_flight_watermark(f) > SECONDS(1000));
}
