/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_frame.h"
#include "tests/t.h"

/* The same messages however the bytes are cut. */
static void expect(str input, const char *want, uint64_t cut)
{
    for (size_t piece = 1; piece <= input.n; piece++) {
        AUTO_STRBUF         out = STRBUF_INIT(1 << 16);
        struct ingest_frame f;

        ingest_frame_init(&f, 40);
        for (size_t at = 0; at < input.n; at += piece)
            ingest_frame_feed(&f, str_slice(input, at, at + piece), &out);
        ingest_frame_finish(&f, &out);
        CHECK_SEQ(strbuf_view(&out), str_of(want));
        CHECK_EQ(f.cut, cut);
        ingest_frame_done(&f);
    }
}

TEST(lines_end_with_line_feeds_or_nul)
{
    expect(S("<1>one\n<2>two\r\n\n<3>three"), "<1>one\n<2>two\n<3>three\n", 0);
    expect(S("<1>one\0<2>two\0"), "<1>one\n<2>two\n", 0);
}

TEST(counted_frames_may_hold_line_feeds)
{
    expect(S("6 <1>one8 <2>a\nb\nc6 <3>end"), "<1>one\n<2>a#012b#012c\n<3>end\n", 0);
}

TEST(both_ways_may_be_mixed)
{
    expect(S("6 <1>one<2>two\n6 <3>end"), "<1>one\n<2>two\n<3>end\n", 0);
}

TEST(a_line_that_begins_with_a_number_is_a_line)
{
    expect(S("2026-01-01 x\n"), "2026-01-01 x\n", 0);
    expect(S("0 x\n"), "0 x\n", 0);
    expect(S("123456789 x\n"), "123456789 x\n", 0);
}

TEST(what_is_too_long_is_cut_and_counted_and_the_next_is_whole)
{
    expect(S("<1>0123456789012345678901234567890123456789\n<2>next\n"),
           "<1>0123456789012345678901234567890123456\n<2>next\n", 1);
    expect(S("50 <1>456789012345678901234567890123456789012345678907 <2>next"),
           "<1>4567890123456789012345678901234567890\n<2>next\n", 1);
}
