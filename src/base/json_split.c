/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_split.h"

#include "base/mem.h"
#include "base/strbuf.h"

/* The first bytes decide the shape:
 *   '['                                  an array; its elements are the documents
 *   '{' and its first member an array    {"Records":[ ... ]}: that array's elements (decided at the first ':'
 * '[') anything else                        documents one behind the other, usually one a line Only brackets,
 * strings and escapes are followed; whether a document is JSON is for the parser to say. */
enum shape { SHAPE_UNKNOWN, SHAPE_STREAM, SHAPE_ARRAY };

struct json_split {
    struct json_split_sink sink;
    struct strbuf          doc; /* the document so far */
    enum shape             shape;
    unsigned               depth; /* open brackets of the document */
    bool                   in_string, escaped;
    bool                   started;  /* something other than blank was seen of the document */
    bool                   skipping; /* the document was refused: forget up to its end */
    bool                   wrapped;  /* the array sits in an object: what follows it is forgotten */
    bool                   done;     /* the closing bracket of the array was seen */
    uint64_t               line, doc_line;
};

struct json_split *json_split_new(struct json_split_sink sink, size_t max_document)
{
    struct json_split *s = MEM_NEW(struct json_split);
    s->sink = sink;
    s->line = 1;
    strbuf_init(&s->doc, max_document);
    return s;
}

struct json_split *json_split_free(struct json_split *s)
{
    if (!s)
        return NULL;
    strbuf_done(&s->doc);
    return mem_free(s);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void restart(struct json_split *s)
{
    strbuf_clear(&s->doc);
    s->depth = 0;
    s->in_string = s->escaped = s->started = s->skipping = false;
}

static enum rc refuse(struct json_split *s, str reason, struct err *err)
{
    enum rc rc = s->sink.refused(s->sink.ctx, strbuf_view(&s->doc), s->doc_line, reason, err);
    s->skipping = true;
    return rc;
}

static enum rc finish_document(struct json_split *s, struct err *err)
{
    enum rc rc = RC_OK;
    if (s->started && !s->skipping)
        rc = s->sink.document(s->sink.ctx, str_trim(strbuf_view(&s->doc)), s->doc_line, err);
    restart(s);
    return rc;
}

static enum rc keep(struct json_split *s, char c, struct err *err)
{
    if (!s->started) {
        s->started = true;
        s->doc_line = s->line;
    }
    if (s->skipping)
        return RC_OK;
    strbuf_addc(&s->doc, c);
    if (!s->doc.overflow)
        return RC_OK;
    return refuse(s, S("the document is longer than the limit"), err);
}

/* True when `c` belongs to a string literal (its closing quote included). */
static bool inside_string(struct json_split *s, char c)
{
    if (!s->in_string) {
        s->in_string = c == '"';
        return s->in_string;
    }
    if (s->escaped)
        s->escaped = false;
    else if (c == '\\')
        s->escaped = true;
    else if (c == '"')
        s->in_string = false;
    return true;
}

/* Names that wrap records. A record of its own may well begin with an array ({"tags":["a"],…}), so the name
 * must be one that exporters use for this. */
static bool wraps_records(str name)
{
    static const str NAMES[] = { STR_INIT("Records"), STR_INIT("records"), STR_INIT("value"),
                                 STR_INIT("events"),  STR_INIT("Events"),  STR_INIT("logs") };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (str_eq(name, NAMES[i]))
            return true;
    }
    return false;
}

/* '{ "Records" : [' and no more: the text seen so far is the head of a wrapping object. */
static bool opens_wrapped_array(str head)
{
    head = str_trim(head);
    if (head.n < 4 || head.p[0] != '{' || head.p[head.n - 1] != '[')
        return false;
    str inner = str_trim(str_slice(head, 1, head.n - 1));
    if (inner.n < 3 || inner.p[0] != '"' || inner.p[inner.n - 1] != ':')
        return false;
    str name = str_trim(str_slice(inner, 0, inner.n - 1));
    return name.n >= 2 && name.p[name.n - 1] == '"' && wraps_records(str_slice(name, 1, name.n - 1));
}

/* Bytes of a document outside strings: follows brackets, sees its end. */
static enum rc structure(struct json_split *s, char c, struct err *err)
{
    TRY(keep(s, c, err));
    if (c == '{' || c == '[') {
        s->depth++;
        if (s->shape == SHAPE_UNKNOWN && s->depth == 2 && c == '[' &&
            opens_wrapped_array(strbuf_view(&s->doc))) {
            s->shape = SHAPE_ARRAY;
            s->wrapped = true;
            restart(s);
        }
        return RC_OK;
    }
    if ((c == '}' || c == ']') && s->depth > 0 && --s->depth == 0) {
        if (s->shape == SHAPE_UNKNOWN)
            s->shape = SHAPE_STREAM;
        return finish_document(s, err);
    }
    return RC_OK;
}

static enum rc between(struct json_split *s, char c, struct err *err)
{
    if (s->shape == SHAPE_UNKNOWN && c == '[') {
        s->shape = SHAPE_ARRAY;
        return RC_OK;
    }
    if (s->shape == SHAPE_ARRAY && c == ',')
        return finish_document(s, err);
    if (s->shape == SHAPE_ARRAY && c == ']') {
        s->done = true;
        return finish_document(s, err);
    }
    return structure(s, c, err);
}

/* A line end outside brackets ends a bare document; inside brackets it may show that a broken line left a
 * bracket or quote open: a raw line end within a string is never JSON, so the line is refused there. */
static enum rc line_end(struct json_split *s, struct err *err)
{
    enum rc rc = RC_OK;
    if (s->in_string && s->shape != SHAPE_ARRAY) {
        if (!s->skipping)
            rc = refuse(s, S("the line ends inside a string"), err);
        restart(s);
    } else if (s->depth == 0 && s->shape != SHAPE_ARRAY) {
        if (s->started)
            s->shape = SHAPE_STREAM;
        rc = finish_document(s, err);
    } else if (s->started) {
        rc = keep(s, '\n', err);
    }
    s->line++;
    return rc;
}

/* In a stream of lines a '{' at the start of a line while another is open means that the one before was cut.
 */
static bool starts_over(const struct json_split *s, char c)
{
    return s->shape == SHAPE_STREAM && c == '{' && s->depth > 0 && s->doc.n > 0 &&
           s->doc.p[s->doc.n - 1] == '\n' && s->doc.p[0] == '{' && s->doc.n > 1 && s->doc.p[1] == '"';
}

static enum rc step(struct json_split *s, char c, struct err *err)
{
    if (s->done)
        return RC_OK;
    if (c == '\n')
        return line_end(s, err);
    if (!s->in_string && starts_over(s, c)) {
        if (!s->skipping)
            TRY(refuse(s, S("the line is cut off"), err));
        restart(s);
    }
    if (inside_string(s, c))
        return keep(s, c, err);
    if (s->depth == 0 && !s->started && is_blank(c))
        return RC_OK;
    return s->depth == 0 ? between(s, c, err) : structure(s, c, err);
}

/* JSON lines: most of what comes is "{…}\n" between documents. Takes such a line off the front if the sink
 * does. */
static enum rc try_line(struct json_split *s, str *bytes, bool *taken, struct err *err)
{
    size_t end;
    str    line;

    *taken = false;
    if (!s->sink.whole_line || s->shape != SHAPE_STREAM || s->started || s->skipping || bytes->n == 0 ||
        bytes->p[0] != '{')
        return RC_OK;
    end = str_find_byte(*bytes, '\n');
    line = end == STR_NPOS ? STR_NONE : str_trim(str_slice(*bytes, 0, end));
    if (!str_ends(line, S("}")))
        return RC_OK;
    TRY(s->sink.whole_line(s->sink.ctx, line, s->line, taken, err));
    if (*taken) {
        *bytes = str_from(*bytes, end + 1);
        s->line++;
    }
    return RC_OK;
}

/* Walks up to the end of a line, or of the bytes. */
static enum rc walk(struct json_split *s, str bytes, size_t *used, struct err *err)
{
    for (size_t i = 0; i < bytes.n; i++) {
        /* The inside of a string is most of the input: copy its plain bytes in one go. */
        if (s->in_string && !s->escaped && !s->skipping) {
            size_t from = i;
            while (i < bytes.n && bytes.p[i] != '"' && bytes.p[i] != '\\' && bytes.p[i] != '\n')
                i++;
            strbuf_add(&s->doc, str_slice(bytes, from, i));
            if (s->doc.overflow)
                TRY(refuse(s, S("the document is longer than the limit"), err));
            if (i == bytes.n)
                break;
        }
        TRY(step(s, bytes.p[i], err));
        if (bytes.p[i] == '\n') {
            *used = i + 1;
            return RC_OK;
        }
    }
    *used = bytes.n;
    return RC_OK;
}

enum rc json_split_feed(struct json_split *s, str bytes, struct err *err)
{
    while (bytes.n) {
        bool   taken;
        size_t used = 0;

        TRY(try_line(s, &bytes, &taken, err));
        if (taken)
            continue;
        TRY(walk(s, bytes, &used, err));
        bytes = str_from(bytes, used);
    }
    return RC_OK;
}

enum rc json_split_finish(struct json_split *s, struct err *err)
{
    if (s->done || !s->started || s->skipping) {
        restart(s);
        return RC_OK;
    }
    if (s->in_string || s->depth > 0) {
        enum rc rc = refuse(s, S("the input ends inside the document"), err);
        restart(s);
        return rc;
    }
    return finish_document(s, err);
}
