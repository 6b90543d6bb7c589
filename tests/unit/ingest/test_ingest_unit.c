/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/t.h"
#include "ingest/ingest_unit.h"

static const str TOKEN = STR_INIT("0123456789abcdef0123456789abcdef");

static enum rc print_text(void *ctx, const struct ingest_origin *from, ts received, str text, struct err *err)
{
    (void)err;
    strbuf_addf(ctx, "%s " STR_FMT "," STR_FMT "," STR_FMT " %lld " STR_FMT ";", from->rows ? "R" : "T",
                STR_ARG(from->source), STR_ARG(from->address), STR_ARG(from->facility), (long long)received,
                STR_ARG(text));
    return RC_OK;
}

static enum rc print_cursor(void *ctx, str source, str cursor, struct err *err)
{
    (void)err;
    strbuf_addf(ctx, "C " STR_FMT "=" STR_FMT ";", STR_ARG(source), STR_ARG(cursor));
    return RC_OK;
}

static struct ingest_unit make_unit(void)
{
    struct ingest_unit u;

    ingest_unit_init(&u);
    CHECK(ingest_unit_is_empty(&u));
    ingest_unit_text(
        &u, &(struct ingest_origin) { .source = S("s"), .address = S("1.2.3.4:5"), .facility = S("auth") },
        42, S("a\nb\n"));
    ingest_unit_text(&u, &(struct ingest_origin) { .source = S("own"), .rows = true }, 43, S("{}"));
    ingest_unit_cursor(&u, S("s"), S("7 8"));
    return u;
}

TEST(what_was_put_in_comes_out)
{
    struct ingest_unit        u = make_unit();
    AUTO_STRBUF               got = STRBUF_INIT(4096);
    struct ingest_unit_reader reader = { &got, print_text, print_cursor };
    str                       token;

    CHECK_OK(ingest_unit_read(ingest_unit_seal(&u, TOKEN), &token, &reader, NULL));
    CHECK_SEQ(token, TOKEN);
    CHECK_SEQ(strbuf_view(&got), S("T s,1.2.3.4:5,auth 42 a\nb\n;R own,, 43 {};C s=7 8;"));
    ingest_unit_done(&u);
}

TEST(a_flipped_bit_or_a_missing_byte_is_noticed)
{
    struct ingest_unit        u = make_unit();
    str                       sealed = ingest_unit_seal(&u, TOKEN), token;
    struct ingest_unit_reader reader = { 0 };

    for (size_t i = 0; i < sealed.n; i++) {
        CHECK_EQ(ingest_unit_read(str_slice(sealed, 0, i), &token, &reader, NULL), RC_CORRUPT);
        /* The token is no part of the digest: another one names other batches, but the same rows. */
        if (i >= 15 && i < 15 + INGEST_UNIT_TOKEN)
            continue;
        u.bytes.p[i] ^= 1;
        if (i != 15 + INGEST_UNIT_TOKEN + 64)
            CHECK_EQ(ingest_unit_read(sealed, &token, &reader, NULL), RC_CORRUPT);
        u.bytes.p[i] ^= 1;
    }
    CHECK_OK(ingest_unit_read(sealed, &token, &reader, NULL));
    ingest_unit_done(&u);
}
