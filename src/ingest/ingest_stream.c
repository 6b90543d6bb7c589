/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_stream.h"

#include "base/json_split.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "ingest/ingest_auditd.h"
#include "ingest/ingest_decoder.h"
#include "ingest/ingest_rows.h"
#include "ingest/ingest_syslog.h"

enum { ARENA_MAX = 256 << 20, BATCHES_MAX = 64 << 20, MAX_ROWS_OF_RECORD = 64 };

struct ingest_stream {
    struct ingest_core       *core;
    struct ingest_stream_opts opts; /* its texts are copies in `kept` */
    struct arena             *kept;
    struct arena             *arena; /* of the record */
    struct json_parser       *parser;
    struct json_split        *split; /* of JSON */
    struct strbuf             line;  /* of text: what came of it so far */
    bool                      decided, is_text;
    bool                      takes_rows; /* a line may be JSON */
    struct ingest_ctx         ctx;
    struct ingest_batches    *batches;
    struct ingest_row         rows[MAX_ROWS_OF_RECORD]; /* of the record, until it is wholly decoded */
    size_t                    n_rows;
    uint64_t                  line_number;
    uint64_t                  records, refused, bytes;
};

static enum rc keep_row(void *ctx, const struct ingest_row *row, struct err *err)
{
    struct ingest_stream *s = ctx;

    if (s->n_rows == MAX_ROWS_OF_RECORD)
        return err_set(err, RC_LIMIT, "the record makes more than %d rows", MAX_ROWS_OF_RECORD);
    s->rows[s->n_rows++] = *row;
    return RC_OK;
}

static enum rc take_document(void *ctx, str text, uint64_t line, struct err *err);
static enum rc take_refused(void *ctx, str text, uint64_t line, str reason, struct err *err);
static enum rc take_line(void *ctx, str text, uint64_t line, bool *taken, struct err *err);

static void copy_options(struct ingest_stream *s, const struct ingest_stream_opts *opts)
{
    s->opts = *opts;
    s->opts.source = arena_str(s->kept, opts->source);
    s->opts.token = arena_str(s->kept, opts->token);
    s->opts.table = arena_str(s->kept, opts->table);
    s->opts.host = arena_str(s->kept, opts->host);
    s->opts.address = arena_str(s->kept, opts->address);
    s->opts.facility =
        arena_str(s->kept, opts->facility.n ? opts->facility : ingest_syslog_file_facility(opts->source));
}

struct ingest_stream *ingest_stream_new(struct ingest_core *core, const struct ingest_stream_opts *opts)
{
    struct ingest_stream *s = MEM_NEW(struct ingest_stream);
    ts                    now = opts->now ? opts->now : env_now(core->env);

    s->core = core;
    s->kept = arena_new(1 << 20);
    s->arena = arena_new(ARENA_MAX);
    s->parser = json_parser_new();
    copy_options(s, opts);
    strbuf_init(&s->line, INGEST_STREAM_MAX_LINE);
    s->decided = s->is_text = opts->kind == INGEST_STREAM_LINES;
    s->takes_rows = opts->kind == INGEST_STREAM_RECORDS;
    s->split = json_split_new(
        (struct json_split_sink) {
            .ctx = s, .document = take_document, .refused = take_refused, .whole_line = take_line },
        INGEST_STREAM_MAX_RECORD);
    s->batches = ingest_batches_new(core, s->opts.token, opts->max_bytes ? opts->max_bytes : BATCHES_MAX);
    s->ctx = (struct ingest_ctx) {
        .arena = s->arena,
        .schema = core->schema,
        .sink = { .ctx = s, .row = keep_row },
        .audit = ingest_auditd_new(),
        .now = now,
        .host = s->opts.host,
        .address = s->opts.address,
        .table = s->opts.table,
        .facility = s->opts.facility,
        .tag = ingest_syslog_file_tag(s->opts.source),
        .utc_offset = ingest_core_utc_offset(now),
    };
    return s;
}

struct ingest_stream *ingest_stream_free(struct ingest_stream *s)
{
    if (!s)
        return NULL;
    ingest_batches_free(s->batches);
    ingest_auditd_free(s->ctx.audit);
    json_split_free(s->split);
    json_parser_free(s->parser);
    strbuf_done(&s->line);
    arena_free(s->arena);
    arena_free(s->kept);
    return mem_free(s);
}

/* --- refusing --- */

static str remedy_of(enum rc rc)
{
    switch (rc) {
    case RC_SYNTAX:
        return S("Mend the line, or what exported it, and import it again.");
    case RC_LIMIT:
        return S("Cut the record down at its source and import it again.");
    case RC_NOT_FOUND:
        return S("Name a table of content/schemas, or one of your own that ends in _CL.");
    default:
        return S("See docs/ingest.md for what is taken in and how.");
    }
}

struct refusal {
    str      raw;
    uint64_t line;
    enum rc  rc;
    str      reason, decoder, table;
};

static str printable(struct arena *a, str raw)
{
    AUTO_STRBUF fixed = STRBUF_INIT(INGEST_STREAM_RAW_MAX * 4);

    if (utf8_valid(raw))
        return raw;
    utf8_repair(&fixed, raw);
    return arena_str(a, strbuf_view(&fixed));
}

static enum rc refuse(struct ingest_stream *s, const struct refusal *r, struct err *err)
{
    struct ingest_row row;
    str               raw = str_slice(r->raw, 0, INGEST_STREAM_RAW_MAX);

    s->refused++;
    s->n_rows = 0;
    ingest_row_init(&row, s->arena, S("IngestErrors"), s->ctx.now);
    ingest_row_str(&row, S("Source"), s->opts.source);
    ingest_row_str(&row, S("Decoder"), r->decoder);
    ingest_row_str(&row, S("Table"), r->table);
    ingest_row_i64(&row, S("Line"), (int64_t)r->line);
    ingest_row_str(&row, S("Code"), str_of(err_name(r->rc)));
    ingest_row_str(&row, S("Reason"), r->reason);
    ingest_row_str(&row, S("Remedy"), remedy_of(r->rc));
    ingest_row_str(&row, S("Raw"), printable(s->arena, raw));
    ingest_row_i64(&row, S("RawLength"), (int64_t)r->raw.n);
    ingest_row_bool(&row, S("Truncated"), raw.n < r->raw.n);
    ingest_row_str(&row, S("ImportToken"), s->opts.token);
    ingest_row_str(&row, S("Computer"), s->core->host);
    return ingest_batches_row(s->batches, &row, err);
}

/* --- one record --- */

/* The rows of the record go on their way. When one of them cannot be, the record is refused; those before it
 * in another table stay, as the record's text does in IngestErrors. */
static enum rc store_rows(struct ingest_stream *s, struct refusal *refused, struct err *err)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        struct err why = { 0 };
        enum rc    rc = ingest_batches_row(s->batches, &s->rows[i], &why);

        if (rc == RC_OK)
            continue;
        if (!ingest_batches_is_row_error(rc))
            return err_set(err, rc, "%s", why.text);
        refused->rc = rc;
        refused->reason = arena_str(s->arena, str_of(why.text));
        refused->table = s->rows[i].table;
        break;
    }
    s->n_rows = 0;
    return RC_OK;
}

static enum rc decode(struct ingest_stream *s, const struct ingest_record *record, struct refusal *refused,
                      struct err *err)
{
    const struct ingest_decoder *d = NULL;
    enum rc                      rc;

    if (s->opts.kind == INGEST_STREAM_ROWS)
        return ingest_rows_into(&s->ctx, s->opts.table, record->json, err);
    d = ingest_decoder_find(&s->ctx, record);
    if (!d && s->opts.kind == INGEST_STREAM_LINES && !record->json)
        return ingest_syslog_line(&s->ctx, record->text, err);
    if (d)
        refused->decoder = d->name;
    rc = d ? d->decode(&s->ctx, record, err) : ingest_decoder_run(&s->ctx, record, err);
    return rc;
}

static enum rc take_record(struct ingest_stream *s, const struct ingest_record *record, uint64_t line,
                           struct err *err)
{
    struct refusal refused = { .raw = record->text, .line = line };
    struct err     why = { 0 };

    s->n_rows = 0;
    s->records++;
    if (s->opts.kind == INGEST_STREAM_ROWS && record->json->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "element %llu of the body is no object",
                       (unsigned long long)s->records);
    refused.rc = decode(s, record, &refused, &why);
    if (refused.rc != RC_OK)
        refused.reason = str_of(why.text);
    else
        TRY(store_rows(s, &refused, err));
    if (refused.rc != RC_OK)
        TRY(refuse(s, &refused, err));
    arena_reset(s->arena);
    return RC_OK;
}

static enum rc take_document(void *ctx, str text, uint64_t line, struct err *err)
{
    struct ingest_stream *s = ctx;
    struct ingest_record  record = { .text = text };
    struct err            why;
    enum rc               rc = json_parser_parse(s->parser, s->arena, text, &record.json, &why);

    if (rc == RC_OK)
        return take_record(s, &record, line, err);
    if (s->opts.kind == INGEST_STREAM_ROWS)
        return err_set(err, RC_INVALID, "the body is no array of JSON objects: %s", why.text);
    s->records++;
    TRY(refuse(s, &(struct refusal) { .raw = text, .line = line, .rc = rc, .reason = str_of(why.text) },
               err));
    arena_reset(s->arena);
    return RC_OK;
}

/* A line that is one JSON document; whatever is wrong with another is for the splitter to find out. */
static enum rc take_line(void *ctx, str text, uint64_t line, bool *taken, struct err *err)
{
    struct ingest_stream *s = ctx;
    struct ingest_record  record = { .text = text };

    *taken = text.n <= INGEST_STREAM_MAX_RECORD &&
             json_parser_parse(s->parser, s->arena, text, &record.json, NULL) == RC_OK;
    if (*taken)
        return take_record(s, &record, line, err);
    arena_reset(s->arena);
    return RC_OK;
}

static enum rc take_refused(void *ctx, str text, uint64_t line, str reason, struct err *err)
{
    struct ingest_stream *s = ctx;
    struct refusal        r = { .raw = text, .line = line, .rc = RC_SYNTAX, .reason = reason };

    if (s->opts.kind == INGEST_STREAM_ROWS)
        return err_set(err, RC_INVALID, "the body is no array of JSON objects: " STR_FMT, STR_ARG(reason));
    s->records++;
    return refuse(s, &r, err);
}

/* --- lines --- */

static str without_line_end(str line)
{
    while (line.n && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == '\0'))
        line.n--;
    return line;
}

enum rc ingest_stream_line(struct ingest_stream *s, str line, struct err *err)
{
    struct ingest_record record;
    AUTO_STRBUF          fixed = STRBUF_INIT(INGEST_STREAM_MAX_LINE * 4);

    line = without_line_end(line);
    if (str_trim(line).n == 0)
        return RC_OK;
    if (line.p[0] == '{' && s->takes_rows)
        return take_document(s, line, s->line_number, err);
    if (!utf8_valid(line)) {
        utf8_repair(&fixed, line);
        line = strbuf_view(&fixed);
    }
    record = (struct ingest_record) { .text = line };
    return take_record(s, &record, s->line_number, err);
}

static enum rc end_line(struct ingest_stream *s, struct err *err)
{
    enum rc rc = RC_OK;

    s->line_number++;
    if (s->line.overflow) {
        struct refusal r = { .raw = strbuf_view(&s->line), .line = s->line_number, .rc = RC_LIMIT };

        s->records++;
        r.reason = S("the line is over 1 MiB");
        rc = refuse(s, &r, err);
    } else if (s->line.n) {
        rc = ingest_stream_line(s, strbuf_view(&s->line), err);
    }
    strbuf_clear(&s->line);
    return rc;
}

static enum rc feed_text(struct ingest_stream *s, str bytes, struct err *err)
{
    while (bytes.n) {
        size_t end = str_find_byte(bytes, '\n');
        str    piece = str_slice(bytes, 0, end);

        if (end != STR_NPOS && s->line.n == 0 && !s->line.overflow && piece.n <= INGEST_STREAM_MAX_LINE) {
            s->line_number++;
            TRY(ingest_stream_line(s, piece, err)); /* the usual case: no copy */
        } else {
            strbuf_add(&s->line, piece);
            if (end != STR_NPOS)
                TRY(end_line(s, err));
        }
        if (end == STR_NPOS)
            return RC_OK;
        bytes = str_from(bytes, end + 1);
    }
    return RC_OK;
}

/* --- the stream --- */

/* JSON begins with a bracket; whatever else the first byte that is no blank is, it begins a line. */
static void decide(struct ingest_stream *s, str bytes)
{
    str seen = str_trim(str_starts(bytes, S("\xef\xbb\xbf")) ? str_from(bytes, 3) : bytes);

    if (seen.n == 0)
        return;
    s->decided = true;
    s->is_text = s->opts.kind == INGEST_STREAM_RECORDS && seen.p[0] != '{' && seen.p[0] != '[';
}

enum rc ingest_stream_feed(struct ingest_stream *s, str bytes, struct err *err)
{
    s->bytes += bytes.n;
    if (!s->decided) {
        decide(s, bytes);
        if (!s->decided)
            return RC_OK;
        if (s->opts.kind == INGEST_STREAM_ROWS && !str_starts(str_trim(bytes), S("[")))
            return err_set(err, RC_INVALID, "the body must be a JSON array of objects");
        if (str_starts(bytes, S("\xef\xbb\xbf")))
            bytes = str_from(bytes, 3);
    }
    return s->is_text ? feed_text(s, bytes, err) : json_split_feed(s->split, bytes, err);
}

void ingest_stream_from(struct ingest_stream *s, const struct ingest_origin *from, ts now)
{
    s->takes_rows = from->rows;
    s->opts.source = from->source;
    s->ctx.tag = ingest_syslog_file_tag(from->source);
    s->ctx.address = from->address.n ? from->address : s->opts.address;
    s->ctx.facility = from->facility.n ? from->facility : s->opts.facility;
    if (now)
        s->ctx.now = now;
}

enum rc ingest_stream_finish(struct ingest_stream *s, struct err *err)
{
    struct refusal ignored = { 0 };

    if (s->is_text && (s->line.n || s->line.overflow))
        TRY(end_line(s, err));
    if (!s->is_text)
        TRY(json_split_finish(s->split, err));
    s->n_rows = 0;
    TRY(ingest_auditd_flush(&s->ctx, err));
    TRY(store_rows(s, &ignored, err));
    TRY(ingest_batches_finish(s->batches, err));
    ingest_stats_add(s->core->stats, INGEST_STATS_RECORDS, s->records);
    ingest_stats_add(s->core->stats, INGEST_STATS_REFUSED, s->refused);
    ingest_stats_add(s->core->stats, INGEST_STATS_BYTES, s->bytes);
    return RC_OK;
}

uint64_t ingest_stream_records(const struct ingest_stream *s)
{
    return s->records;
}

uint64_t ingest_stream_refused(const struct ingest_stream *s)
{
    return s->refused;
}

void ingest_stream_result(const struct ingest_stream *s, struct strbuf *out)
{
    struct json_w w = json_w_make(out);
    uint64_t      rows;

    json_w_object(&w);
    json_w_key(&w, S("rows"));
    json_w_object(&w);
    for (size_t i = 0; i < ingest_batches_count(s->batches); i++) {
        str table = ingest_batches_table(s->batches, i, &rows);

        if (!str_eq(table, S("IngestErrors")) && rows)
            json_w_ki64(&w, table, (int64_t)rows);
    }
    json_w_end(&w);
    json_w_ki64(&w, S("refused"), (int64_t)s->refused);
    json_w_kbool(&w, S("duplicate"), false);
    json_w_end(&w);
}
