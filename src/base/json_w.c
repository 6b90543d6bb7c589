/* SPDX-License-Identifier: Apache-2.0 */
/* The writing half of base/json.h. */
#include <assert.h>
#include <math.h>

#include "base/json.h"
#include "base/utf8.h"

struct json_w json_w_make(struct strbuf *out)
{
    return (struct json_w) { .out = out };
}

static uint64_t level_bit(const struct json_w *w)
{
    return UINT64_C(1) << (w->depth & 63);
}

/* Before each value: the comma of arrays; in objects the key has written it. */
static void begin_value(struct json_w *w)
{
    if (w->depth && (w->is_object & level_bit(w))) {
        assert(w->after_key);
        w->after_key = false;
        return;
    }
    if (w->depth && (w->comma & level_bit(w)))
        strbuf_addc(w->out, ',');
    w->comma |= level_bit(w);
}

static void open_level(struct json_w *w, char c, bool object)
{
    begin_value(w);
    assert(w->depth + 1 < JSON_W_MAX_DEPTH);
    w->depth++;
    w->comma &= ~level_bit(w);
    w->is_object = object ? w->is_object | level_bit(w) : w->is_object & ~level_bit(w);
    strbuf_addc(w->out, c);
}

void json_w_object(struct json_w *w)
{
    open_level(w, '{', true);
}

void json_w_array(struct json_w *w)
{
    open_level(w, '[', false);
}

void json_w_end(struct json_w *w)
{
    assert(w->depth > 0 && !w->after_key);
    strbuf_addc(w->out, w->is_object & level_bit(w) ? '}' : ']');
    w->depth--;
}

void json_w_key(struct json_w *w, str key)
{
    assert(w->depth && (w->is_object & level_bit(w)) && !w->after_key);
    if (w->comma & level_bit(w))
        strbuf_addc(w->out, ',');
    w->comma |= level_bit(w);
    json_escape(w->out, key);
    strbuf_addc(w->out, ':');
    w->after_key = true;
}

static void escape_byte(struct strbuf *out, unsigned char c)
{
    switch (c) {
    case '"':
        strbuf_add(out, S("\\\""));
        return;
    case '\\':
        strbuf_add(out, S("\\\\"));
        return;
    case '\n':
        strbuf_add(out, S("\\n"));
        return;
    case '\r':
        strbuf_add(out, S("\\r"));
        return;
    case '\t':
        strbuf_add(out, S("\\t"));
        return;
    default: /* below 0x80; without printf, which would make each module of WebAssembly larger by half */
        strbuf_add(out, S("\\u00"));
        strbuf_addc(out, (char)('0' + (c >> 4)));
        strbuf_addc(out, "0123456789abcdef"[c & 15]);
    }
}

void json_escape(struct strbuf *out, str s)
{
    strbuf_addc(out, '"');
    size_t start = 0, at = 0;
    while (at < s.n) {
        unsigned char c = (unsigned char)s.p[at];
        size_t        here = at;
        if (c < 0x80) {
            at++;
            if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
                continue;
            strbuf_add(out, str_slice(s, start, here));
            escape_byte(out, c);
            start = at;
            continue;
        }
        if (utf8_next(s, &at) == UTF8_BAD && at == here + 1) {
            strbuf_add(out, str_slice(s, start, here));
            strbuf_add(out, S("\xEF\xBF\xBD"));
            start = at;
        }
    }
    strbuf_add(out, str_from(s, start));
    strbuf_addc(out, '"');
}

void json_w_str(struct json_w *w, str s)
{
    begin_value(w);
    json_escape(w->out, s);
}

void json_w_i64(struct json_w *w, int64_t v)
{
    begin_value(w);
    strbuf_add_i64(w->out, v);
}

void json_w_u64(struct json_w *w, uint64_t v)
{
    begin_value(w);
    strbuf_add_u64(w->out, v);
}

static void add_double(struct strbuf *out, double v)
{
    char buf[40];
    if (!isfinite(v)) {
        strbuf_add(out, S("null"));
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buf, sizeof buf, "%.*g", digits, v);
        if (strtod(buf, NULL) == v)
            break;
    }
    strbuf_addz(out, buf);
}

void json_w_double(struct json_w *w, double v)
{
    begin_value(w);
    add_double(w->out, v);
}

void json_w_bool(struct json_w *w, bool v)
{
    begin_value(w);
    strbuf_addz(w->out, v ? "true" : "false");
}

void json_w_null(struct json_w *w)
{
    begin_value(w);
    strbuf_add(w->out, S("null"));
}

void json_w_raw(struct json_w *w, str text)
{
    begin_value(w);
    strbuf_add(w->out, text);
}

void json_w_tree(struct json_w *w, const struct json *j)
{
    begin_value(w);
    json_print(w->out, j, 0);
}

void json_w_kstr(struct json_w *w, str key, str v)
{
    json_w_key(w, key);
    json_w_str(w, v);
}

void json_w_ki64(struct json_w *w, str key, int64_t v)
{
    json_w_key(w, key);
    json_w_i64(w, v);
}

void json_w_kbool(struct json_w *w, str key, bool v)
{
    json_w_key(w, key);
    json_w_bool(w, v);
}

void json_w_kdouble(struct json_w *w, str key, double v)
{
    json_w_key(w, key);
    json_w_double(w, v);
}

void json_w_ktime(struct json_w *w, str key, ts t)
{
    char text[TS_TEXT_SIZE];
    json_w_key(w, key);
    if (t)
        json_w_str(w, ts_text(t, text));
    else
        json_w_null(w);
}

void json_w_ktime_known(struct json_w *w, str key, ts t)
{
    if (t)
        json_w_ktime(w, key, t);
}

void json_w_kstrs(struct json_w *w, str key, const str *list, size_t n)
{
    json_w_key(w, key);
    json_w_array(w);
    for (size_t i = 0; i < n; i++)
        json_w_str(w, list[i]);
    json_w_end(w);
}

void json_w_kshort(struct json_w *w, str key, const struct json *value, size_t max)
{
    AUTO_STRBUF text = STRBUF_INIT(max);

    if (!value)
        return;
    json_print(&text, value, 0);
    json_w_key(w, key);
    if (text.overflow)
        json_w_str(w, S("(too long to be shown)"));
    else
        json_w_raw(w, strbuf_view(&text));
}

str json_texts(struct arena *a, const str *list, size_t n)
{
    AUTO_STRBUF   out = STRBUF_INIT(1 << 20);
    struct json_w w = json_w_make(&out);

    json_w_array(&w);
    for (size_t i = 0; i < n; i++)
        json_w_str(&w, list[i]);
    json_w_end(&w);
    return arena_str(a, strbuf_view(&out));
}

static void line_break(struct strbuf *out, unsigned indent, unsigned level)
{
    if (!indent)
        return;
    strbuf_addc(out, '\n');
    for (unsigned i = 0; i < indent * level; i++)
        strbuf_addc(out, ' ');
}

static void print(struct strbuf *out, const struct json *j, unsigned indent, unsigned level);

static void print_items(struct strbuf *out, const struct json *j, unsigned indent, unsigned level)
{
    strbuf_addc(out, '[');
    for (uint32_t i = 0; i < j->n; i++) {
        if (i)
            strbuf_addc(out, ',');
        line_break(out, indent, level + 1);
        print(out, &j->items[i], indent, level + 1);
    }
    if (j->n)
        line_break(out, indent, level);
    strbuf_addc(out, ']');
}

static void print_members(struct strbuf *out, const struct json *j, unsigned indent, unsigned level)
{
    strbuf_addc(out, '{');
    for (uint32_t i = 0; i < j->n; i++) {
        if (i)
            strbuf_addc(out, ',');
        line_break(out, indent, level + 1);
        json_escape(out, j->members[i].key);
        strbuf_add(out, indent ? S(": ") : S(":"));
        print(out, &j->members[i].value, indent, level + 1);
    }
    if (j->n)
        line_break(out, indent, level);
    strbuf_addc(out, '}');
}

static void print(struct strbuf *out, const struct json *j, unsigned indent, unsigned level)
{
    switch (j->kind) {
    case JSON_NULL:
        strbuf_add(out, S("null"));
        return;
    case JSON_BOOL:
        strbuf_addz(out, j->b ? "true" : "false");
        return;
    case JSON_INT:
        strbuf_add_i64(out, j->i);
        return;
    case JSON_DOUBLE:
        add_double(out, j->d);
        return;
    case JSON_STRING:
        json_escape(out, j->s);
        return;
    case JSON_ARRAY:
        print_items(out, j, indent, level);
        return;
    case JSON_OBJECT:
        print_members(out, j, indent, level);
        return;
    }
}

void json_print(struct strbuf *out, const struct json *j, unsigned indent)
{
    print(out, j, indent, 0);
}
