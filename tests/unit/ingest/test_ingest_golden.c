/* SPDX-License-Identifier: Apache-2.0 */
/* tests/golden/ingest/NAME.in goes through the decoders; the rows are NAME.rows. Read the difference before
 * accepting it: VEDETTE_GOLDEN_ACCEPT=1 rewrites the rows. */
#include "base/file.h"
#include "tests/t.h"
#include "tests/unit/ingest/decode.h"

#define FOLDER "tests/golden/ingest/"

static void check_golden(struct arena *a, str stem)
{
    struct decode_result r;
    struct err           err = { 0 };
    str                  in, rows = STR_NONE;
    str                  in_path = arena_printf(a, FOLDER STR_FMT ".in", STR_ARG(stem));
    str                  rows_path = arena_printf(a, FOLDER STR_FMT ".rows", STR_ARG(stem));
    bool                 accept = getenv("VEDETTE_GOLDEN_ACCEPT") != NULL;

    CHECK_OK_ERR(file_read(a, in_path.p, 1 << 20, &in, &err), &err);
    decode_text(in, SECONDS(1770000000), &r);
    if (accept)
        CHECK_OK_ERR(file_write_atomic(rows_path.p, strbuf_view(&r.out), 0644, &err), &err);
    CHECK_OK_ERR(file_read(a, rows_path.p, 4 << 20, &rows, &err), &err);
    CHECK_SEQ(strbuf_view(&r.out), rows);
    decode_done(&r);
}

static enum rc check_file(void *ctx, const char *name, struct err *err)
{
    str file = str_of(name);

    (void)err;
    if (str_ends(file, S(".in")))
        check_golden(ctx, str_slice(file, 0, file.n - 3));
    return RC_OK;
}

TEST(samples_become_the_rows_that_were_agreed_upon)
{
    AUTO(arena) a = arena_new(64 << 20);

    CHECK_OK(file_list(FOLDER, check_file, a, NULL));
}

TEST(every_decoder_takes_its_example_and_no_other_does)
{
    AUTO(arena) a = arena_new(4 << 20);

    for (const struct ingest_decoder *d = INGEST_DECODERS; d->name.n; d++) {
        struct ingest_ctx    ctx = { .arena = a, .schema = decode_schema(), .now = SECONDS(1770000000) };
        struct ingest_record record = { .text = d->example };

        if (str_starts(d->example, S("{")))
            CHECK_OK(json_parse(a, d->example, &record.json, NULL));
        CHECK(d->doc.n > 0);
        CHECK_SEQ(ingest_decoder_find(&ctx, &record)->name, d->name);
    }
}
