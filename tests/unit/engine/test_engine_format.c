/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_format.h"

#include "tests/t.h"

TEST(the_table_is_sorted_and_each_name_is_found)
{
    for (const struct engine_format *f = ENGINE_FORMAT; f->name; f++) {
        CHECK(engine_format_find(str_of(f->name)) == f);
        CHECK(f->type != NULL);
        CHECK((f->shape == ENGINE_FORMAT_LINES || f->shape == ENGINE_FORMAT_BINARY) == (f->head > 0));
        CHECK(!f[1].name || strcmp(f->name, f[1].name) < 0);
    }
    CHECK(engine_format_find(S("json")) == NULL);
}

static size_t head(const char *format, str block)
{
    return engine_format_head(engine_format_find(str_of(format)), block);
}

TEST(the_head_of_a_block_is_measured)
{
    CHECK_EQ(head("TSV", S("a\nb\n")), 0);
    CHECK_EQ(head("TSVWithNames", S("a\tb\n1\t2\n")), 4);
    CHECK_EQ(head("JSONCompactEachRowWithNamesAndTypes", S("[\"a\"]\n[\"Int8\"]\n[1]\n")), 15);
    CHECK_EQ(head("CSVWithNames", S("\"a\nb\",\"c\"\n1,2\n")), 10);
    CHECK_EQ(head("RowBinaryWithNamesAndTypes", S("\x02\x01"
                                                  "a\x01"
                                                  "b\x04"
                                                  "Int8\x04"
                                                  "Int8\x07\x07")),
             15);
    CHECK_EQ(head("RowBinaryWithNames", S("\x05\x01")), 0);
}
