/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/json.h"
#include "base/mem.h"
#include "tables/tables_priv.h"

enum { PIECE = 128 << 10, MAX_LINE = 128 << 20, HELD = 64, NUMBER = 24, MAX_SETTINGS = 64 };

#define DEFAULT_MEMORY (UINT64_C(2) << 30)
#define DEFAULT_TIME MINUTES(5)
#define GRACE SECONDS(15) /* for the engine to say itself that the time is over */

struct tables_cursor {
    struct http_exchange *x;
    struct strbuf         buf;
    size_t                at;   /* read of buf */
    size_t                seen; /* of buf, searched for a line end */
    bool                  ended;
    str                   tag; /* of an exception in mid-stream; empty: the store has none */
    uint64_t              lines, max_lines;
    struct tables_summary summary;
    char                  tag_text[64];
};

/* --- opening --- */

struct settings {
    struct tables_param p[MAX_SETTINGS];
    char                numbers[10][NUMBER];
    size_t              n, n_numbers;
};

static void add(struct settings *s, str name, str value)
{
    if (s->n < MAX_SETTINGS)
        s->p[s->n++] = (struct tables_param) { name, value };
}

static void add_number(struct settings *s, str name, uint64_t value)
{
    char *text = s->numbers[s->n_numbers++];
    (void)snprintf(text, NUMBER, "%" PRIu64, value);
    add(s, name, str_of(text));
}

/* Spilling needs an absolute threshold: the default ratio does not work beside a limit per query. */
static void limits(const struct tables_query_opts *o, struct settings *s)
{
    uint64_t memory = o->max_memory ? o->max_memory : DEFAULT_MEMORY;
    duration time = o->max_time ? o->max_time : DEFAULT_TIME;

    add_number(s, S("max_execution_time"), (uint64_t)((time + TS_PER_SECOND - 1) / TS_PER_SECOND));
    add_number(s, S("max_memory_usage"), memory);
    add_number(s, S("max_bytes_before_external_group_by"), memory / 2);
    add_number(s, S("max_bytes_before_external_sort"), memory / 2);
    if (o->threads)
        add_number(s, S("max_threads"), o->threads);
    if (o->rank)
        add_number(s, S("priority"), o->rank);
    if (o->rank == TABLES_RULE)
        add_number(s, S("low_priority_query_wait_time_ms"), TABLES_RULE_WAITS_MS);
    if (o->max_rows) {
        add_number(s, S("max_result_rows"), o->max_rows);
        add(s, S("result_overflow_mode"), o->truncate ? S("break") : S("throw"));
    }
}

static void read_summary(struct tables_cursor *c, const struct http_reply *head)
{
    AUTO(arena) a = arena_new(1 << 20);
    const struct json *j;
    const struct {
        str       name;
        uint64_t *to;
    } FIELDS[] = { { S("read_rows"), &c->summary.rows_read },
                   { S("read_bytes"), &c->summary.bytes_read },
                   { S("result_rows"), &c->summary.rows_returned },
                   { S("elapsed_ns"), &c->summary.elapsed_ns } };

    if (json_parse(a, http_reply_header(head, S("X-ClickHouse-Summary")), &j, NULL) != RC_OK)
        return;
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++)
        (void)str_to_u64(json_str(j, FIELDS[i].name, S("")), FIELDS[i].to);
}

enum rc tables_cursor_open(struct tables *t, str sql, const struct tables_query_opts *opts,
                           struct tables_cursor **out, struct err *err)
{
    static const struct tables_query_opts none = { 0 };
    const struct tables_query_opts       *o = opts ? opts : &none;
    AUTO(tables_cursor) c = MEM_NEW(struct tables_cursor);
    struct settings   s = { .n = 0 };
    struct http_reply head;

    TRY(tables_scalar_need(t, sql, err));
    limits(o, &s);
    for (size_t i = 0; i < o->n_settings; i++)
        add(&s, o->settings[i].name, o->settings[i].value);
    const struct tables_call call = {
        .sql = sql,
        .reads = true,
        .query_id = o->query_id,
        .format = o->format.n ? o->format : S("JSONCompactEachRow"),
        .settings = s.p,
        .n_settings = s.n,
        .params = o->params,
        .n_params = o->n_params,
        .wait = (o->max_time ? o->max_time : DEFAULT_TIME) + GRACE,
        .cancelled = o->cancelled,
        .cancel_ctx = o->cancel_ctx,
    };
    strbuf_init(&c->buf, MAX_LINE);
    c->max_lines = o->truncate && o->max_rows ? o->max_rows : UINT64_MAX;
    TRY(tables_call_open(t, &call, &c->x, err));
    TRY(tables_call_finish(c->x, &head, err));
    str tag = http_reply_header(&head, S("X-ClickHouse-Exception-Tag"));
    if (str_to_cstr(tag, c->tag_text, sizeof c->tag_text))
        c->tag = str_of(c->tag_text);
    read_summary(c, &head);
    *out = TAKE(c);
    return RC_OK;
}

struct tables_cursor *tables_cursor_free(struct tables_cursor *c)
{
    if (!c)
        return NULL;
    http_exchange_free(c->x);
    strbuf_done(&c->buf);
    return mem_free(c);
}

struct tables_summary tables_cursor_summary(const struct tables_cursor *c)
{
    return c->summary;
}

/* --- bytes --- */

static enum rc fill(struct tables_cursor *c, struct err *err)
{
    size_t n = 0;

    if (c->at) {
        memmove(c->buf.p, c->buf.p + c->at, c->buf.n - c->at);
        strbuf_truncate(&c->buf, c->buf.n - c->at);
        c->seen -= c->seen < c->at ? c->seen : c->at;
        c->at = 0;
    }
    char *room = strbuf_room(&c->buf, PIECE);
    if (!room)
        return err_set(err, RC_LIMIT, "a row of the result is over %d bytes", MAX_LINE);
    TRY(http_exchange_read(c->x, room, PIECE, &n, err));
    strbuf_added(&c->buf, n);
    c->ended = n == 0;
    return RC_OK;
}

/* "\r\n__exception__\r\nTAG\r\n<text>\n<length> TAG\r\n__exception__\r\n" */
static bool find_exception(const struct tables_cursor *c, size_t *at)
{
    char   mark[128];
    int    n = snprintf(mark, sizeof mark, "\r\n__exception__\r\n%s\r\n", c->tag_text);
    size_t found =
        c->tag.n ? str_find(str_from(strbuf_view(&c->buf), c->at), str_make(mark, (size_t)n)) : STR_NPOS;

    if (found == STR_NPOS)
        return false;
    *at = c->at + found;
    return true;
}

/* The text is short and comes in one piece with its mark; what is still missing of it is read. The connection
 * breaks off behind it, which is no news. */
static enum rc tell_exception(struct tables_cursor *c, size_t at, struct err *err)
{
    for (int i = 0; i < 64 && !c->ended; i++)
        if (fill(c, NULL) != RC_OK)
            break;
    if (!find_exception(c, &at))
        return err_set(err, RC_CORRUPT, "the log store broke the result off");
    str    text = str_from(strbuf_view(&c->buf), at + 2 + 13 + 2 + c->tag.n + 2);
    size_t end = str_find(text, c->tag);
    size_t line = str_rfind_byte(str_slice(text, 0, end == STR_NPOS ? text.n : end), '\n');
    return tables_call_fault(str_slice(text, 0, line == STR_NPOS ? text.n : line), err);
}

/* A break without words of the engine's: it was killed, or stopped. */
static enum rc fill_or_exception(struct tables_cursor *c, struct err *err)
{
    size_t  at;
    enum rc rc = fill(c, err);

    if (find_exception(c, &at))
        return tell_exception(c, at, err);
    return rc;
}

enum rc tables_cursor_piece(struct tables_cursor *c, str *piece, struct err *err)
{
    /* The last bytes are held back until more come: they may be the beginning of an exception's mark. */
    while (!c->ended && c->buf.n - c->at <= HELD)
        TRY(fill_or_exception(c, err));
    size_t left = c->buf.n - c->at, n = c->ended ? left : left - HELD;
    *piece = str_make(c->buf.p + c->at, n);
    c->at += n;
    return RC_OK;
}

enum rc tables_cursor_line(struct tables_cursor *c, str *line, struct err *err)
{
    if (c->lines >= c->max_lines) {
        *line = STR_NONE;
        return RC_OK;
    }
    for (;;) {
        size_t from = c->seen > c->at ? c->seen : c->at;
        size_t end = str_find_byte(str_from(strbuf_view(&c->buf), from), '\n');
        if (end != STR_NPOS) {
            size_t at;
            end += from;
            if (end == c->at + 1 && c->buf.p[c->at] == '\r' && find_exception(c, &at))
                return tell_exception(c, at, err);
            *line = str_slice(strbuf_view(&c->buf), c->at, end);
            c->at = c->seen = end + 1;
            c->lines++;
            return RC_OK;
        }
        c->seen = c->buf.n;
        if (c->ended)
            break;
        TRY(fill_or_exception(c, err));
    }
    size_t left = c->buf.n - c->at;
    *line = left ? str_make(c->buf.p + c->at, left) : STR_NONE;
    c->at = c->buf.n;
    return RC_OK;
}
