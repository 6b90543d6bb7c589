/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_json.h"

#include <ctype.h>
#include <math.h>

#include "base/json.h"
#include "base/utf8.h"
#include "base/vec.h"

struct reader {
    struct arena *a;
    str           text;
    size_t        at;
    unsigned      depth;
};

static bool read_value(struct reader *r, struct scalar_json *out);

static void skip_blanks(struct reader *r)
{
    while (r->at < r->text.n && memchr(" \t\r\n", r->text.p[r->at], 4))
        r->at++;
}

static char peek(const struct reader *r)
{
    return r->at < r->text.n ? r->text.p[r->at] : '\0';
}

static bool take(struct reader *r, char c)
{
    skip_blanks(r);
    if (peek(r) != c || r->at >= r->text.n)
        return false;
    r->at++;
    return true;
}

static bool take_word(struct reader *r, str word)
{
    if (!str_starts(str_from(r->text, r->at), word))
        return false;
    r->at += word.n;
    return true;
}

static size_t digits(struct reader *r)
{
    size_t from = r->at;
    while (isdigit((unsigned char)peek(r)))
        r->at++;
    return r->at - from;
}

static bool read_number(struct reader *r, str *out)
{
    size_t from = r->at;

    if (peek(r) == '-')
        r->at++;
    if (peek(r) == '0')
        r->at++;
    else if (digits(r) == 0)
        return false;
    if (peek(r) == '.') {
        r->at++;
        if (digits(r) == 0)
            return false;
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        if (digits(r) == 0)
            return false;
    }
    *out = str_slice(r->text, from, r->at);
    return true;
}

/* --- strings --- */

static bool read_unit(struct reader *r, uint32_t *out)
{
    uint32_t v = 0;

    if (r->text.n - r->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)r->text.p[r->at++];
        if (!isxdigit(c))
            return false;
        v = v << 4 | (uint32_t)(isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    *out = v;
    return true;
}

/* \uXXXX, or two of them that make one character; a surrogate alone becomes U+FFFD. */
static bool read_unicode(struct reader *r, struct strbuf *out)
{
    uint32_t cp, low;
    char     bytes[4];

    if (!read_unit(r, &cp))
        return false;
    if (cp >= 0xD800 && cp < 0xDC00 && str_starts(str_from(r->text, r->at), S("\\u"))) {
        size_t back = r->at;
        r->at += 2;
        if (!read_unit(r, &low))
            return false;
        if (low >= 0xDC00 && low < 0xE000)
            cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        else
            r->at = back;
    }
    if (cp >= 0xD800 && cp < 0xE000)
        cp = 0xFFFD;
    strbuf_add(out, str_make(bytes, utf8_put(cp, bytes)));
    return true;
}

static bool read_escape(struct reader *r, struct strbuf *out)
{
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    char              c = peek(r);
    const char       *found = c ? strchr(FROM, c) : NULL;

    r->at++;
    if (c == 'u')
        return read_unicode(r, out);
    if (!found)
        return false;
    strbuf_addc(out, TO[found - FROM]);
    return true;
}

static bool read_escaped(struct reader *r, size_t from, str *out)
{
    AUTO_STRBUF text = STRBUF_INIT(r->text.n + 16);

    strbuf_add(&text, str_slice(r->text, from, r->at));
    while (r->at < r->text.n) {
        char c = r->text.p[r->at++];
        if (c == '"') {
            *out = arena_str(r->a, strbuf_view(&text));
            return out->p && !text.overflow;
        }
        if ((unsigned char)c < 0x20)
            return false;
        if (c != '\\')
            strbuf_addc(&text, c);
        else if (!read_escape(r, &text))
            return false;
    }
    return false;
}

static bool read_string(struct reader *r, str *out)
{
    size_t from = ++r->at;

    for (; r->at < r->text.n; r->at++) {
        unsigned char c = (unsigned char)r->text.p[r->at];
        if (c == '\\')
            return read_escaped(r, from, out);
        if (c < 0x20)
            return false;
        if (c == '"') {
            *out = str_slice(r->text, from, r->at);
            r->at++;
            return true;
        }
    }
    return false;
}

/* --- arrays and objects --- */

struct parts {
    VEC(struct scalar_json) items;
    VEC(str) keys;
};

static bool keep(struct reader *r, const struct parts *p, struct scalar_json *out)
{
    out->n = (uint32_t)p->items.n;
    out->items = ARENA_TRY_ARRAY(r->a, struct scalar_json, p->items.n + 1);
    if (out->kind == SCALAR_JSON_OBJECT)
        out->keys = ARENA_TRY_ARRAY(r->a, str, p->keys.n + 1);
    if (!out->items || (out->kind == SCALAR_JSON_OBJECT && !out->keys))
        return false;
    if (p->items.n > 0)
        memcpy(out->items, p->items.p, p->items.n * sizeof *out->items);
    if (p->keys.n > 0)
        memcpy(out->keys, p->keys.p, p->keys.n * sizeof *out->keys);
    return true;
}

static bool read_part(struct reader *r, struct parts *p, bool member)
{
    struct scalar_json item;
    str                key;

    if (member) {
        skip_blanks(r);
        if (peek(r) != '"' || !read_string(r, &key) || !take(r, ':'))
            return false;
        *vec_push(&p->keys) = key;
    }
    if (!read_value(r, &item))
        return false;
    *vec_push(&p->items) = item;
    return true;
}

static bool read_parts(struct reader *r, struct scalar_json *out, char close)
{
    struct parts p = { 0 };
    bool         fine = true, member = close == '}';

    *out = (struct scalar_json) { .kind = member ? SCALAR_JSON_OBJECT : SCALAR_JSON_ARRAY };
    r->at++;
    if (++r->depth > SCALAR_JSON_DEPTH)
        return false;
    if (!take(r, close)) {
        do
            fine = read_part(r, &p, member);
        while (fine && take(r, ','));
        fine = fine && take(r, close);
    }
    fine = fine && keep(r, &p, out);
    vec_done(&p.items);
    vec_done(&p.keys);
    r->depth--;
    return fine;
}

static bool read_value(struct reader *r, struct scalar_json *out)
{
    skip_blanks(r);
    *out = (struct scalar_json) { .kind = SCALAR_JSON_NULL };
    switch (peek(r)) {
    case '{':
        return read_parts(r, out, '}');
    case '[':
        return read_parts(r, out, ']');
    case '"':
        out->kind = SCALAR_JSON_STRING;
        return read_string(r, &out->s);
    case 'n':
        return take_word(r, S("null"));
    case 't':
    case 'f':
        out->kind = SCALAR_JSON_BOOL;
        out->b = peek(r) == 't';
        return take_word(r, out->b ? S("true") : S("false"));
    default:
        out->kind = SCALAR_JSON_NUMBER;
        return read_number(r, &out->s);
    }
}

bool scalar_json_parse(struct arena *a, str text, struct scalar_json *out)
{
    struct reader r = { .a = a, .text = text };

    if (!read_value(&r, out))
        return false;
    skip_blanks(&r);
    return r.at == text.n;
}

const struct scalar_json *scalar_json_get(const struct scalar_json *object, str key)
{
    for (uint32_t i = 0; object->kind == SCALAR_JSON_OBJECT && i < object->n; i++)
        if (str_eq(object->keys[i], key))
            return &object->items[i];
    return NULL;
}

bool scalar_json_long(const struct scalar_json *j, int64_t *out)
{
    return j->kind == SCALAR_JSON_NUMBER && str_to_i64(j->s, out);
}

bool scalar_json_real(const struct scalar_json *j, double *out)
{
    return j->kind == SCALAR_JSON_NUMBER && str_to_double(j->s, out);
}

/* --- writing --- */

void scalar_json_quote(struct strbuf *out, str s)
{
    json_escape(out, s);
}

void scalar_json_key(struct strbuf *out, bool *first, str key)
{
    if (!*first)
        strbuf_addc(out, ',');
    *first = false;
    scalar_json_quote(out, key);
    strbuf_addc(out, ':');
}

static void write_object(struct strbuf *out, const struct scalar_json *j)
{
    bool first = true;

    strbuf_addc(out, '{');
    for (uint32_t i = 0; i < j->n; i++) {
        scalar_json_key(out, &first, j->keys[i]);
        scalar_json_write(out, &j->items[i]);
    }
    strbuf_addc(out, '}');
}

void scalar_json_write(struct strbuf *out, const struct scalar_json *j)
{
    switch (j->kind) {
    case SCALAR_JSON_NULL:
        strbuf_addz(out, "null");
        break;
    case SCALAR_JSON_BOOL:
        strbuf_addz(out, j->b ? "true" : "false");
        break;
    case SCALAR_JSON_NUMBER:
        strbuf_add(out, j->s);
        break;
    case SCALAR_JSON_STRING:
        scalar_json_quote(out, j->s);
        break;
    case SCALAR_JSON_ARRAY:
        strbuf_addc(out, '[');
        for (uint32_t i = 0; i < j->n; i++) {
            strbuf_addz(out, i > 0 ? "," : "");
            scalar_json_write(out, &j->items[i]);
        }
        strbuf_addc(out, ']');
        break;
    case SCALAR_JSON_OBJECT:
        write_object(out, j);
        break;
    }
}
