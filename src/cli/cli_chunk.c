/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_chunk.h"

#include "base/json.h"
#include "base/json_split.h"
#include "base/mem.h"

enum shape { SHAPE_UNKNOWN, SHAPE_LINES, SHAPE_DOCUMENTS };

enum { HEAD = 64 << 10, BUFFER_MAX = CLI_CHUNK_MAX_RECORD + CLI_CHUNK_TARGET + (1 << 20) };

struct cli_chunk {
    enum rc (*emit)(void *ctx, str records, uint64_t number, struct err *err);
    void              *ctx;
    enum shape         shape;
    bool               skipping; /* lines: the rest of a line that was cut */
    struct strbuf      buf;      /* lines: what was fed; documents: what goes out next */
    struct json_split *split;
    uint64_t           number;
};

struct cli_chunk *cli_chunk_new(enum rc (*emit)(void *ctx, str records, uint64_t number, struct err *err),
                                void *ctx)
{
    struct cli_chunk *c = MEM_NEW(struct cli_chunk);
    c->emit = emit;
    c->ctx = ctx;
    strbuf_init(&c->buf, BUFFER_MAX);
    return c;
}

struct cli_chunk *cli_chunk_free(struct cli_chunk *c)
{
    if (!c)
        return NULL;
    json_split_free(c->split);
    strbuf_done(&c->buf);
    return mem_free(c);
}

static enum rc emit(struct cli_chunk *c, str records, struct err *err)
{
    return str_trim(records).n ? c->emit(c->ctx, records, c->number++, err) : RC_OK;
}

/* --- documents --- */

static enum rc add_record(struct cli_chunk *c, str record, struct err *err)
{
    enum rc rc = RC_OK;
    if (c->buf.n && c->buf.n + record.n > CLI_CHUNK_TARGET) {
        rc = emit(c, strbuf_view(&c->buf), err);
        strbuf_clear(&c->buf);
    }
    strbuf_add(&c->buf, record);
    strbuf_addc(&c->buf, '\n');
    return rc;
}

static enum rc on_document(void *ctx, str text, uint64_t line, struct err *err)
{
    (void)line;
    return add_record(ctx, text, err);
}

/* The server shall refuse it again, and keep it: the beginning as one line. */
static enum rc on_refused(void *ctx, str start, uint64_t line, str reason, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(CLI_CHUNK_REFUSED);
    (void)line;
    (void)reason;
    strbuf_add(&text, str_slice(start, 0, CLI_CHUNK_REFUSED - 1));
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n' || text.p[i] == '\r')
            text.p[i] = ' ';
    }
    return add_record(ctx, strbuf_view(&text), err);
}

/* --- lines --- */

/* The line at the front is longer than any record may be: its beginning goes out, the rest is passed over. */
static enum rc cut_long_line(struct cli_chunk *c, struct err *err)
{
    enum rc rc = emit(c, str_slice(strbuf_view(&c->buf), 0, CLI_CHUNK_REFUSED), err);
    strbuf_clear(&c->buf);
    c->skipping = true;
    return rc;
}

static enum rc flush_lines(struct cli_chunk *c, struct err *err)
{
    str    all = strbuf_view(&c->buf);
    size_t end = str_rfind_byte(all, '\n');
    if (end == STR_NPOS)
        return all.n > CLI_CHUNK_MAX_RECORD ? cut_long_line(c, err) : RC_OK;
    TRY(emit(c, str_slice(all, 0, end + 1), err));
    size_t left = all.n - end - 1;
    memmove(c->buf.p, c->buf.p + end + 1, left);
    strbuf_truncate(&c->buf, left);
    return RC_OK;
}

static enum rc feed_lines(struct cli_chunk *c, str bytes, struct err *err)
{
    while (bytes.n) {
        if (c->skipping) {
            size_t end = str_find_byte(bytes, '\n');
            bytes = end == STR_NPOS ? STR_NONE : str_from(bytes, end + 1);
            c->skipping = end == STR_NPOS;
            continue;
        }
        /* Cut by size alone, so that pieces do not hang on how the bytes came. */
        size_t room = c->buf.n < CLI_CHUNK_TARGET ? CLI_CHUNK_TARGET - c->buf.n : 1;
        size_t n = bytes.n < room ? bytes.n : room;
        strbuf_add(&c->buf, str_slice(bytes, 0, n));
        bytes = str_from(bytes, n);
        bool full = c->buf.n >= CLI_CHUNK_TARGET;
        bool over =
            c->buf.n > CLI_CHUNK_TARGET && c->buf.p[c->buf.n - 1] != '\n' && c->buf.n <= CLI_CHUNK_MAX_RECORD;
        if (full && !over)
            TRY(flush_lines(c, err));
    }
    return RC_OK;
}

/* --- which of the two --- */

/* A whole JSON object in one line, at its very beginning. */
static bool has_json_line(str head)
{
    str line;
    while (str_split(&head, '\n', &line)) {
        AUTO(arena) a = arena_new(16u << 20);
        const struct json *j;
        line = str_trim(line);
        if (line.n && line.p[0] == '{' && json_parse(a, line, &j, NULL) == RC_OK)
            return true;
    }
    return false;
}

static enum shape shape_of(str head)
{
    str  text = str_trim(head);
    char next = 0;
    if (!text.n || (text.p[0] != '[' && text.p[0] != '{'))
        return SHAPE_LINES;
    for (size_t i = 1; i < text.n && !next; i++)
        next = strchr(" \t\r\n", text.p[i]) ? 0 : text.p[i];
    if (text.p[0] == '[') /* "[2026-11-24 05:57] text" is a line */
        return strchr("{[\"]", next) ? SHAPE_DOCUMENTS : SHAPE_LINES;
    return has_json_line(text) || (next != '"' && next != '}') ? SHAPE_LINES : SHAPE_DOCUMENTS;
}

static enum rc settle(struct cli_chunk *c, struct err *err)
{
    AUTO_STRBUF head = c->buf;
    str         text = strbuf_view(&head);

    strbuf_init(&c->buf, BUFFER_MAX);
    if (str_starts(text, S("\xEF\xBB\xBF"))) /* a byte order mark is not part of the first record */
        text = str_from(text, 3);
    c->shape = shape_of(text);
    if (c->shape == SHAPE_LINES)
        return feed_lines(c, text, err);
    c->split =
        json_split_new((struct json_split_sink) { .ctx = c, .document = on_document, .refused = on_refused },
                       CLI_CHUNK_MAX_RECORD);
    return json_split_feed(c->split, text, err);
}

enum rc cli_chunk_feed(struct cli_chunk *c, str bytes, struct err *err)
{
    if (c->shape == SHAPE_UNKNOWN) {
        size_t n = HEAD - c->buf.n < bytes.n ? HEAD - c->buf.n : bytes.n;
        strbuf_add(&c->buf, str_slice(bytes, 0, n));
        bytes = str_from(bytes, n);
        if (c->buf.n < HEAD)
            return RC_OK;
        TRY(settle(c, err));
    }
    return c->shape == SHAPE_LINES ? feed_lines(c, bytes, err) : json_split_feed(c->split, bytes, err);
}

enum rc cli_chunk_finish(struct cli_chunk *c, struct err *err)
{
    if (c->shape == SHAPE_UNKNOWN)
        TRY(settle(c, err));
    if (c->split)
        TRY(json_split_finish(c->split, err));
    enum rc rc = emit(c, strbuf_view(&c->buf), err);
    strbuf_clear(&c->buf);
    return rc;
}
