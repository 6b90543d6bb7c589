/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/decode.h"

#include "base/file.h"
#include "base/json_split.h"
#include "ingest/ingest_auditd.h"
#include "tests/t.h"

static enum rc add_schema(void *ctx, const char *name, struct err *err)
{
    AUTO(arena) a = arena_new(4 << 20);
    char                 path[512];
    str                  text;
    const struct json   *schema, *columns;
    struct ingest_table *t;

    if (!str_ends(str_of(name), S(".json")))
        return RC_OK;
    snprintf(path, sizeof path, "content/schemas/%s", name);
    TRY(file_read(a, path, 1 << 20, &text, err));
    TRY(json_parse(a, text, &schema, err));
    t = ingest_schema_add(ctx, json_str(schema, S("name"), STR_NONE));
    columns = json_get(schema, S("columns"));
    for (uint32_t i = 0; columns && i < columns->n; i++)
        ingest_schema_table_add(t, json_str(&columns->items[i], S("name"), STR_NONE));
    return RC_OK;
}

const struct ingest_schema *decode_schema(void)
{
    static struct ingest_schema *schema;

    if (!schema) {
        struct err err = { 0 };

        schema = ingest_schema_new();
        CHECK_OK_ERR(file_list("content/schemas", add_schema, schema, &err), &err);
    }
    return schema;
}

struct run {
    struct ingest_ctx     ctx;
    struct decode_result *result;
    struct ingest_row     rows[64]; /* of the record: they must be good until its arena is reset */
    size_t                n;
};

static enum rc keep_row(void *ctx, const struct ingest_row *row, struct err *err)
{
    struct run *r = ctx;

    (void)err;
    CHECK(r->n < sizeof r->rows / sizeof *r->rows);
    r->rows[r->n++] = *row;
    return RC_OK;
}

static void print_rows(struct run *r)
{
    for (size_t i = 0; i < r->n; i++) {
        struct json object = ingest_row_object(&r->rows[i]);
        char        buf[TS_TEXT_SIZE];
        str         time = ts_text_short(r->rows[i].time, buf);

        r->result->rows++;
        strbuf_addf(&r->result->out, STR_FMT " " STR_FMT " ", STR_ARG(r->rows[i].table), STR_ARG(time));
        json_print(&r->result->out, &object, 0);
        strbuf_addc(&r->result->out, '\n');
    }
    r->n = 0;
}

static enum rc decode_record(struct run *r, str text)
{
    struct ingest_record record = { .text = text };
    struct err           err = { 0 };
    enum rc              rc = RC_OK;

    if (text.n && (text.p[0] == '{' || text.p[0] == '['))
        rc = json_parse(r->ctx.arena, text, &record.json, &err);
    if (rc == RC_OK)
        rc = ingest_decoder_run(&r->ctx, &record, &err);
    if (rc != RC_OK) {
        r->result->refused++;
        strbuf_addf(&r->result->out, "REFUSED %s: %s\n", err_name(rc), err.text);
        r->n = 0;
    }
    print_rows(r);
    arena_reset(r->ctx.arena);
    return RC_OK;
}

static enum rc take_document(void *ctx, str text, uint64_t line, struct err *err)
{
    (void)line, (void)err;
    return decode_record(ctx, text);
}

static enum rc take_refused(void *ctx, str text, uint64_t line, str reason, struct err *err)
{
    struct run *r = ctx;

    (void)text, (void)err;
    r->result->refused++;
    strbuf_addf(&r->result->out, "REFUSED line %llu: " STR_FMT "\n", (unsigned long long)line,
                STR_ARG(reason));
    return RC_OK;
}

static void decode_json(struct run *r, str text)
{
    struct json_split_sink sink = { .ctx = r, .document = take_document, .refused = take_refused };
    AUTO(json_split) split = json_split_new(sink, 8 << 20);

    CHECK_OK(json_split_feed(split, text, NULL));
    CHECK_OK(json_split_finish(split, NULL));
}

void decode_text(str text, ts now, struct decode_result *r)
{
    struct run run = { .result = r };
    AUTO(arena) a = arena_new(64 << 20);
    AUTO(ingest_auditd) audit = ingest_auditd_new();
    str line;

    *r = (struct decode_result) { 0 };
    strbuf_init(&r->out, 256 << 20);
    run.ctx = (struct ingest_ctx) { .arena = a, .schema = decode_schema(), .audit = audit, .now = now };
    run.ctx.sink = (struct ingest_sink) { .ctx = &run, .row = keep_row };
    run.ctx.host = S("here");
    if (str_starts(str_trim(text), S("{")) || str_starts(str_trim(text), S("["))) {
        decode_json(&run, text);
    } else {
        while (str_split(&text, '\n', &line)) {
            if (line.n)
                decode_record(&run, line);
        }
    }
    CHECK_OK(ingest_auditd_flush(&run.ctx, NULL));
    print_rows(&run);
}

void decode_done(struct decode_result *r)
{
    strbuf_done(&r->out);
}

void decode_check(str record, str expected, const char *file, int line)
{
    struct decode_result r;

    decode_text(record, SECONDS(1770000000), &r);
    t_check_str(str_trim(strbuf_view(&r.out)), expected, file, line);
    decode_done(&r);
}
