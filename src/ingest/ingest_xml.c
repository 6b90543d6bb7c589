/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_xml.h"

#include "base/utf8.h"
#include "ingest/ingest_value.h"

/* --- reading --- */

struct reader {
    struct arena             *arena;
    str                       rest;
    struct ingest_xml_element stack[INGEST_XML_MAX_DEPTH];
    str                       path[INGEST_XML_MAX_DEPTH];
    int                       depth; /* elements open */
    enum rc (*each)(void *ctx, const struct ingest_xml_element *e, const str *path, struct err *err);
    void *ctx;
};

static enum rc broken(struct reader *r, const char *what, struct err *err)
{
    str at = str_slice(r->rest, 0, 24);

    return err_set(err, RC_SYNTAX, "the event's XML has %s at '" STR_FMT "'", what, STR_ARG(at));
}

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':' || (c & 0x80);
}

static str take_name(struct reader *r)
{
    size_t n = 0, colon;
    str    name;

    while (n < r->rest.n && name_byte(r->rest.p[n]))
        n++;
    name = str_slice(r->rest, 0, n);
    r->rest = str_from(r->rest, n);
    colon = str_find_byte(name, ':');
    return colon == STR_NPOS ? name : str_from(name, colon + 1);
}

static void skip_blanks(struct reader *r)
{
    size_t n = 0;

    while (n < r->rest.n && (r->rest.p[n] == ' ' || (r->rest.p[n] >= '\t' && r->rest.p[n] <= '\r')))
        n++;
    r->rest = str_from(r->rest, n);
}

/* One entity at the start of `s` (which begins with &): its length, or 0 when it is none. */
static size_t entity(str s, char out[4], size_t *out_n)
{
    static const struct {
        str  name;
        char c;
    } NAMED[] = { { STR_INIT("&amp;"), '&' },
                  { STR_INIT("&lt;"), '<' },
                  { STR_INIT("&gt;"), '>' },
                  { STR_INIT("&quot;"), '"' },
                  { STR_INIT("&apos;"), '\'' } };
    size_t   end = str_find_byte(str_slice(s, 0, 12), ';');
    bool     hex;
    uint64_t cp = 0;
    int64_t  n;

    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++) {
        if (str_starts(s, NAMED[i].name)) {
            out[0] = NAMED[i].c;
            *out_n = 1;
            return NAMED[i].name.n;
        }
    }
    if (end == STR_NPOS || end < 3 || s.p[1] != '#')
        return 0;
    hex = (s.p[2] | 32) == 'x';
    if (hex) {
        char digits[16] = "0x";

        memcpy(digits + 2, s.p + 3, end - 3);
        if (!ingest_value_number(str_make(digits, end - 1), &n))
            return 0;
        cp = (uint64_t)n;
    } else if (!str_to_u64(str_slice(s, 2, end), &cp)) {
        return 0;
    }
    if (cp == 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        cp = UTF8_BAD;
    *out_n = utf8_put((uint32_t)cp, out);
    return end + 1;
}

/* Text with its entities resolved: the same bytes when there are none. */
static enum rc decode(struct reader *r, str s, str *out, struct err *err)
{
    char  *copy;
    size_t n = 0;

    *out = s;
    if (str_find_byte(s, '&') == STR_NPOS)
        return RC_OK;
    copy = arena_try_alloc(r->arena, s.n + 4);
    if (!copy)
        return err_set(err, RC_LIMIT, "a text of %zu bytes in the event's XML does not fit into memory", s.n);
    for (size_t i = 0; i < s.n;) {
        size_t got = 0, used = s.p[i] == '&' ? entity(str_from(s, i), copy + n, &got) : 0;

        if (used) {
            n += got;
            i += used;
        } else {
            copy[n++] = s.p[i++];
        }
    }
    *out = str_make(copy, n);
    return RC_OK;
}

static enum rc read_attributes(struct reader *r, struct ingest_xml_element *e, struct err *err)
{
    for (;;) {
        str    name, value;
        char   quote;
        size_t end;

        skip_blanks(r);
        if (r->rest.n == 0 || r->rest.p[0] == '>' || r->rest.p[0] == '/')
            return RC_OK;
        name = take_name(r);
        skip_blanks(r);
        if (name.n == 0 || r->rest.n < 2 || r->rest.p[0] != '=')
            return broken(r, "no attribute", err);
        r->rest = str_from(r->rest, 1);
        skip_blanks(r);
        quote = r->rest.n ? r->rest.p[0] : 0;
        if (quote != '"' && quote != '\'')
            return broken(r, "an attribute without quotes", err);
        end = str_find_byte(str_from(r->rest, 1), quote);
        if (end == STR_NPOS)
            return broken(r, "an attribute without an end", err);
        TRY(decode(r, str_slice(r->rest, 1, 1 + end), &value, err));
        r->rest = str_from(r->rest, end + 2);
        if (e->n_attributes < INGEST_XML_MAX_ATTRIBUTES) {
            e->attributes[e->n_attributes].name = name;
            e->attributes[e->n_attributes++].value = value;
        }
    }
}

static enum rc close_element(struct reader *r, struct err *err)
{
    struct ingest_xml_element *e = &r->stack[--r->depth];

    return r->each(r->ctx, e, r->path, err);
}

static enum rc open_element(struct reader *r, struct err *err)
{
    struct ingest_xml_element *e;

    r->rest = str_from(r->rest, 1);
    if (r->depth == INGEST_XML_MAX_DEPTH)
        return err_set(err, RC_LIMIT, "the event's XML is nested deeper than %d", INGEST_XML_MAX_DEPTH);
    e = &r->stack[r->depth];
    *e = (struct ingest_xml_element) { .depth = r->depth };
    e->name = take_name(r);
    if (e->name.n == 0)
        return broken(r, "no element", err);
    r->path[r->depth++] = e->name;
    TRY(read_attributes(r, e, err));
    if (str_starts(r->rest, S("/>"))) {
        r->rest = str_from(r->rest, 2);
        return close_element(r, err);
    }
    if (!str_starts(r->rest, S(">")))
        return broken(r, "a tag without an end", err);
    r->rest = str_from(r->rest, 1);
    return RC_OK;
}

static enum rc end_tag(struct reader *r, struct err *err)
{
    str name;

    r->rest = str_from(r->rest, 2);
    name = take_name(r);
    skip_blanks(r);
    if (r->depth == 0 || !str_eq(name, r->stack[r->depth - 1].name) || !str_starts(r->rest, S(">")))
        return broken(r, "an end tag that closes nothing", err);
    r->rest = str_from(r->rest, 1);
    return close_element(r, err);
}

/* Comments, CDATA and declarations. CDATA counts as text. */
static enum rc skip_special(struct reader *r, struct err *err)
{
    bool   cdata = str_starts(r->rest, S("<![CDATA["));
    str    stop = cdata ? S("]]>") : str_starts(r->rest, S("<!--")) ? S("-->") : S(">");
    size_t end = str_find(r->rest, stop);

    if (end == STR_NPOS)
        return broken(r, "a section without an end", err);
    if (cdata && r->depth)
        r->stack[r->depth - 1].text = str_slice(r->rest, 9, end);
    r->rest = str_from(r->rest, end + stop.n);
    return RC_OK;
}

static enum rc read_text(struct reader *r, struct err *err)
{
    size_t n = str_find_byte(r->rest, '<');
    str    text;

    if (n == STR_NPOS)
        n = r->rest.n;
    text = str_slice(r->rest, 0, n);
    r->rest = str_from(r->rest, n);
    if (r->depth == 0)
        return str_trim(text).n ? broken(r, "text outside of its root", err) : RC_OK;
    if (r->stack[r->depth - 1].text.n || str_trim(text).n == 0)
        return RC_OK;
    return decode(r, text, &r->stack[r->depth - 1].text, err);
}

static enum rc read_next(struct reader *r, struct err *err)
{
    if (r->rest.p[0] != '<')
        return read_text(r, err);
    if (r->rest.n > 1 && r->rest.p[1] == '/')
        return end_tag(r, err);
    if (r->rest.n > 1 && (r->rest.p[1] == '!' || r->rest.p[1] == '?'))
        return skip_special(r, err);
    return open_element(r, err);
}

enum rc ingest_xml_read(struct arena *a, str text,
                        enum rc (*each)(void *ctx, const struct ingest_xml_element *e, const str *path,
                                        struct err *err),
                        void *ctx, struct err *err)
{
    struct reader r = { .arena = a, .rest = text, .each = each, .ctx = ctx };

    while (r.rest.n)
        TRY(read_next(&r, err));
    if (r.depth)
        return err_set(err, RC_SYNTAX, "the event's XML ends inside of <" STR_FMT ">",
                       STR_ARG(r.path[r.depth - 1]));
    return RC_OK;
}

str ingest_xml_attribute(const struct ingest_xml_element *e, str name)
{
    for (int i = 0; i < e->n_attributes; i++) {
        if (str_eq(e->attributes[i].name, name))
            return e->attributes[i].value;
    }
    return STR_NONE;
}

/* --- writing --- */

/* What stands for a byte of text; other control characters have no form in XML and become blanks. A quote is
 * only special in the name, which is an attribute; in a value Windows leaves it as it is. */
static str escape(char c, bool in_name)
{
    switch (c) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '"':
        return in_name ? S("&quot;") : STR_NONE;
    case '\t':
    case '\n':
    case '\r':
        return STR_NONE;
    default:
        return (unsigned char)c < ' ' ? S(" ") : STR_NONE;
    }
}

/* Bytes that escape() may have something for, found sixteen at a time: values are long and mostly plain, and
 * this is the hottest loop of the decoders. */
typedef unsigned char lanes __attribute__((vector_size(16)));

static size_t plain_prefix(str s)
{
    size_t i = 0;

    for (; i + sizeof(lanes) <= s.n; i += sizeof(lanes)) {
        lanes    v;
        uint64_t any[2];

        memcpy(&v, s.p + i, sizeof v);
        v = (lanes)((v < 0x20) | (v == '&') | (v == '<') | (v == '>') | (v == '"'));
        memcpy(any, &v, sizeof any);
        if (any[0] | any[1])
            break;
    }
    while (i < s.n && (unsigned char)s.p[i] >= 0x20 && s.p[i] != '&' && s.p[i] != '<' && s.p[i] != '>' &&
           s.p[i] != '"')
        i++;
    return i;
}

static size_t escaped_length(str s, bool in_name)
{
    size_t n = s.n;

    for (size_t i = plain_prefix(s); i < s.n; i += 1 + plain_prefix(str_from(s, i + 1))) {
        str as = escape(s.p[i], in_name);

        n += as.n ? as.n - 1 : 0;
    }
    return n;
}

static char *put(char *to, str s)
{
    if (s.n)
        memcpy(to, s.p, s.n);
    return to + s.n;
}

static char *put_escaped(char *to, str s, bool in_name)
{
    while (s.n) {
        size_t n = plain_prefix(s);
        str    as;

        to = put(to, str_slice(s, 0, n));
        if (n == s.n)
            break;
        as = escape(s.p[n], in_name);
        to = put(to, as.n ? as : str_slice(s, n, n + 1));
        s = str_from(s, n + 1);
    }
    return to;
}

struct element {
    str  before, between, after; /* around name and value; without a name `between` alone stands before it */
    bool named;
};

static str write_elements(struct arena *a, str head, const struct element *e,
                          const struct json_member *fields, size_t n, str tail)
{
    size_t size = head.n + tail.n;
    str   *values = ARENA_TRY_ARRAY(a, str, n ? n : 1);
    char  *text, *to;

    if (!values)
        return STR_NONE;
    for (size_t i = 0; i < n; i++) {
        values[i] = ingest_value_text(a, &fields[i].value);
        size += e->before.n + e->between.n + e->after.n + escaped_length(values[i], false);
        size += e->named ? escaped_length(fields[i].key, true) : 0;
    }
    text = arena_try_alloc(a, size);
    if (!text)
        return STR_NONE;
    to = put(text, head);
    for (size_t i = 0; i < n; i++) {
        to = put(to, e->before);
        if (e->named)
            to = put_escaped(to, fields[i].key, true);
        to = put(to, e->between);
        to = put_escaped(to, values[i], false);
        to = put(to, e->after);
    }
    to = put(to, tail);
    return str_make(text, (size_t)(to - text));
}

str ingest_xml_event_data(struct arena *a, const struct json_member *fields, size_t n)
{
    static const struct element DATA = { STR_INIT("<Data Name=\""), STR_INIT("\">"), STR_INIT("</Data>"),
                                         true };

    return write_elements(a, S("<EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">"),
                          &DATA, fields, n, S("</EventData>"));
}

str ingest_xml_params(struct arena *a, const struct json_member *fields, size_t n)
{
    static const struct element PARAM = { STR_INIT("<Param>"), STR_INIT(""), STR_INIT("</Param>"), false };

    return write_elements(a, STR_NONE, &PARAM, fields, n, STR_NONE);
}
