/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_fault.h"

#include "tests/t.h"

TEST(a_code_is_read_from_the_text)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_fault f;

    CHECK(!engine_fault_take(&f, a, "Code: 60. DB::Exception: Table law.x does not exist. (UNKNOWN_TABLE)"));
    CHECK_EQ(f.code, 60);
    CHECK_EQ(engine_fault_status(f.code), 404);
    CHECK(!engine_fault_take(&f, a, "something else"));
    CHECK_EQ(f.code, ENGINE_INTERNAL);
    CHECK_EQ(engine_fault_status(f.code), 500);
}

TEST(our_own_read_like_clickhouses)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_fault f;

    CHECK(!engine_fault_set(&f, a, ENGINE_READONLY, "READONLY", "no %s", "writes"));
    CHECK_SEQ(f.text, S("Code: 164. DB::Exception: no writes. (READONLY)"));
}

TEST(statuses_are_those_of_clickhouse)
{
    CHECK_EQ(engine_fault_status(62), 400);
    CHECK_EQ(engine_fault_status(159), 408);
    CHECK_EQ(engine_fault_status(241), 500);
    CHECK_EQ(engine_fault_status(202), 503);
    CHECK_EQ(engine_fault_status(48), 501);
}
