/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_tokens.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/auto.h"
#include "base/file.h"
#include "tests/t.h"

#define LOG "/abc/u-u-i-d/deduplication_logs/deduplication_log_1.txt"

static const char *at(struct arena *a, const char *dir, const char *path)
{
    return arena_printf(a, "%s%s", dir, path).p;
}

TEST(a_token_without_its_part_is_forgotten_and_no_other)
{
    AUTO(arena) a = arena_new(1 << 20);
    char     dir[] = "/tmp/vedette-tokens-XXXXXX";
    unsigned forgotten = 9;
    str      text;

    CHECK(t_folder(dir) != NULL);
    CHECK_OK(engine_tokens_mend(str_of(at(a, dir, "/nothing")), &forgotten, NULL));
    CHECK_EQ(forgotten, 0);
    static const char *const folders[] = { "/abc/u-u-i-d/deduplication_logs",
                                           "/abc/u-u-i-d/all_1_7_2",
                                           "/abc/u-u-i-d/all_8_8_0",
                                           "/abc/u-u-i-d/202611_3_3_0_12",
                                           "/abc/u-u-i-d/tmp_insert_all_9_9_0",
                                           "/abc/u-u-i-d/detached",
                                           "/abc/another" };
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        CHECK_OK(file_mkdirs(at(a, dir, folders[i]), 0700, NULL));
    CHECK_OK(file_write_atomic(at(a, dir, LOG),
                               S("1\tall_5_5_0\tone\n1\tall_8_8_0\ttwo\n1\tall_9_9_0\tlost\n2\tall_9_9_"
                                 "0\tgone\n1\t202611_3_3_0\tthree\n"
                                 "1\t202610_3_3_0\tlost too\nnonsense\n"),
                               0600, NULL));
    CHECK_OK(engine_tokens_mend(str_of(dir), &forgotten, NULL));
    CHECK_EQ(forgotten, 2);
    CHECK_OK(file_read(a, at(a, dir, LOG), 4096, &text, NULL));
    CHECK_SEQ(
        text,
        S("1\tall_5_5_0\tone\n1\tall_8_8_0\ttwo\n2\tall_9_9_0\tgone\n1\t202611_3_3_0\tthree\nnonsense\n"));
    CHECK_OK(engine_tokens_mend(str_of(dir), &forgotten, NULL));
    CHECK_EQ(forgotten, 0);
    CHECK_OK(file_remove_tree(dir, NULL));
}
