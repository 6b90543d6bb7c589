/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables_block.h"

#include "tests/t.h"

static bool put(struct tables_block *b, size_t row, struct json v)
{
    return tables_block_put(b, row, &v);
}

static struct json text(const char *s)
{
    return json_make_str(str_of(s));
}

TEST(rows_that_gave_nothing_are_filled)
{
    struct tables_block b;
    tables_block_init(&b, TABLES_LONG, true, 1 << 20);

    CHECK(put(&b, 2, json_make_i64(7)));
    tables_block_fill(&b, 4);
    CHECK_EQ(b.rows, 4);
    CHECK_SEQ(strbuf_view(&b.nulls), str_make("\1\1\0\1", 4));
    CHECK_EQ(b.data.n, 32);
    CHECK_EQ(b.data.p[16], 7);
    tables_block_done(&b);
}

TEST(texts_have_lengths_and_no_nulls)
{
    struct tables_block b;
    tables_block_init(&b, TABLES_STRING, true, 1 << 20);

    CHECK(put(&b, 1, text("ab")));
    tables_block_fill(&b, 3);
    CHECK_SEQ(strbuf_view(&b.data), str_make("\0\2ab\0", 5));
    CHECK_EQ(b.nulls.n, 0);
    tables_block_done(&b);
}

TEST(undoing_leaves_no_trace)
{
    struct tables_block b;
    tables_block_init(&b, TABLES_REAL, true, 1 << 20);

    CHECK(put(&b, 0, json_make_double(1.5)));
    struct tables_block_mark mark = tables_block_mark(&b);
    CHECK(put(&b, 3, json_make_double(2.5)));
    tables_block_undo(&b, mark);
    CHECK_EQ(b.rows, 1);
    CHECK_EQ(b.data.n, 8);
    CHECK_EQ(b.nulls.n, 1);
    tables_block_done(&b);
}

static bool fits(enum tables_type type, struct json v)
{
    struct tables_block b;
    tables_block_init(&b, type, true, 1 << 20);
    bool fine = put(&b, 0, v);
    CHECK_EQ(b.rows, fine ? 1 : 0);
    CHECK_EQ(b.data.n > 0, fine);
    tables_block_done(&b);
    return fine;
}

TEST(a_value_that_does_not_fit_is_refused_and_changes_nothing)
{
    CHECK(!fits(TABLES_LONG, text("12a")));
    CHECK(!fits(TABLES_LONG, json_make_double(1.5)));
    CHECK(!fits(TABLES_LONG, json_make_double(1e300)));
    CHECK(!fits(TABLES_REAL, text("")));
    CHECK(!fits(TABLES_BOOL, json_make_i64(2)));
    CHECK(!fits(TABLES_DATETIME, text("yesterday")));
    CHECK(!fits(TABLES_DATETIME, json_make_i64(5)));
    CHECK(!fits(TABLES_TIMESPAN, text("soon")));
    CHECK(!fits(TABLES_GUID, text("61f0c404")));
    CHECK(!fits(TABLES_DECIMAL, text("1.2.3")));
    CHECK(!fits(TABLES_DECIMAL, text("123456789012345678901")));
    CHECK(fits(TABLES_LONG, json_make_double(3.0)));
    CHECK(fits(TABLES_BOOL, text("TRUE")));
    CHECK(fits(TABLES_TIMESPAN, text("PT5M")));
    CHECK(fits(TABLES_DECIMAL, text("-0.000000000000000001")));
}

TEST(a_guid_has_its_halves_turned_round)
{
    struct tables_block b;
    tables_block_init(&b, TABLES_GUID, true, 1 << 20);

    CHECK(put(&b, 0, text("{61f0c404-5cb3-11e7-907b-a6006ad3dba0}")));
    CHECK_SEQ(strbuf_view(&b.data),
              str_make("\xe7\x11\xb3\x5c\x04\xc4\xf0\x61\xa0\xdb\xd3\x6a\x00\xa6\x7b\x90", 16));
    tables_block_done(&b);
}

TEST(lengths_are_varints)
{
    AUTO_STRBUF out = STRBUF_INIT(100);

    tables_block_varint(&out, 0);
    tables_block_varint(&out, 127);
    tables_block_varint(&out, 300);
    CHECK_SEQ(strbuf_view(&out), str_make("\0\x7f\xac\x02", 4));
}
