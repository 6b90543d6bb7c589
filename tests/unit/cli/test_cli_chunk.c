/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_chunk.h"

#include "base/strbuf.h"
#include "tests/t.h"

struct got {
    struct strbuf all; /* the pieces, each ended by a bar */
    uint64_t      pieces;
    size_t        longest;
};

static enum rc take(void *ctx, str records, uint64_t number, struct err *err)
{
    struct got *g = ctx;
    (void)err;
    CHECK_EQ(number, g->pieces);
    g->pieces++;
    g->longest = records.n > g->longest ? records.n : g->longest;
    strbuf_add(&g->all, records);
    strbuf_addc(&g->all, '|');
    return RC_OK;
}

/* Feeds `text` in portions of `step` bytes. */
static void cut(str text, size_t step, struct got *g)
{
    AUTO(cli_chunk) c = cli_chunk_new(take, g);
    *g = (struct got) { .all = STRBUF_INIT(256 << 20) };
    for (size_t at = 0; at < text.n; at += step)
        CHECK_OK(cli_chunk_feed(c, str_slice(text, at, at + step), NULL));
    CHECK_OK(cli_chunk_finish(c, NULL));
}

static void check_cut(const char *text, const char *want)
{
    for (size_t step = 1; step < 8; step += 3) {
        struct got g;
        cut(str_of(text), step, &g);
        CHECK_SEQ(strbuf_view(&g.all), str_of(want));
        strbuf_done(&g.all);
    }
}

TEST(lines_are_passed_as_they_are)
{
    check_cut("{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}\n{\"b\":2}\n|");
    check_cut("{\"a\":1}\n{\"b\":", "{\"a\":1}\n{\"b\":|");
    check_cut("Nov 24 host sshd[1]: x\n", "Nov 24 host sshd[1]: x\n|");
    check_cut("[2026-11-24] a text line\n", "[2026-11-24] a text line\n|");
    check_cut("\xEF\xBB\xBF{\"a\":1}\n", "{\"a\":1}\n|");
    check_cut("", "");
    check_cut(" \n\n", "");
}

TEST(arrays_and_wrapped_arrays_become_a_record_a_line)
{
    check_cut("[{\"a\":1},{\"b\":2}]", "{\"a\":1}\n{\"b\":2}\n|");
    check_cut("[\n {\"a\":1},\n {\"b\":2}\n]\n", "{\"a\":1}\n{\"b\":2}\n|");
    check_cut("{\"Records\":[{\"a\":1},{\"b\":2}]\n}", "{\"a\":1}\n{\"b\":2}\n|");
}

TEST(a_pretty_printed_object_stays_whole)
{
    check_cut("{\n  \"a\": 1\n}\n", "{\n  \"a\": 1\n}\n|");
}

TEST(a_broken_first_line_does_not_change_what_the_file_is)
{
    check_cut("{broken\n{\"a\":1}\n", "{broken\n{\"a\":1}\n|");
    check_cut("{\"cut\":\"of\n{\"a\":1}\n", "{\"cut\":\"of\n{\"a\":1}\n|");
}

TEST(pieces_hang_on_the_content_and_not_on_how_it_came)
{
    AUTO_STRBUF text = STRBUF_INIT(256 << 20);
    struct got  one, other;

    for (int i = 0; i < 1200000; i++)
        strbuf_addf(&text, "{\"n\":%d,\"text\":\"%*s\"}\n", i, i % 120, "");
    cut(strbuf_view(&text), 1 << 16, &one);
    cut(strbuf_view(&text), 777, &other);
    CHECK(one.pieces > 1);
    CHECK(one.longest <= CLI_CHUNK_TARGET);
    CHECK_SEQ(strbuf_view(&one.all), strbuf_view(&other.all));
    strbuf_done(&one.all);
    strbuf_done(&other.all);
}

TEST(a_line_over_the_limit_is_cut_and_the_next_one_kept)
{
    AUTO_STRBUF text = STRBUF_INIT(64 << 20);
    struct got  g;

    strbuf_addz(&text, "{\"a\":1}\n{\"long\":\"");
    for (size_t i = 0; i < CLI_CHUNK_MAX_RECORD + 100; i += 10)
        strbuf_addz(&text, "0123456789");
    strbuf_addz(&text, "\"}\n{\"z\":26}\n");
    cut(strbuf_view(&text), 1 << 16, &g);
    CHECK(str_starts(strbuf_view(&g.all), S("{\"a\":1}\n|{\"long\":\"0123")));
    CHECK(str_ends(strbuf_view(&g.all), S("|{\"z\":26}\n|")));
    CHECK(g.all.n < CLI_CHUNK_REFUSED + 100);
    strbuf_done(&g.all);
}
