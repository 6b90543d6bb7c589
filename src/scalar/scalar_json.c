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

/* --- raw text --- */

/* Behind the string that opens at `at`. */
static size_t skip_string(str s, size_t at)
{
    for (at++; at < s.n && s.p[at] != '"'; at++)
        at += s.p[at] == '\\';
    return at < s.n ? at + 1 : s.n;
}

static size_t skip_space(str s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r' || s.p[at] == '\n'))
        at++;
    return at;
}

/* Behind the value that begins at `at`. */
static size_t skip_value(str s, size_t at)
{
    size_t depth = 0;

    while (at < s.n) {
        char c = s.p[at];
        if (c == '"') {
            at = skip_string(s, at);
        } else if (c == '{' || c == '[') {
            depth++;
            at++;
            continue;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return at;
            depth--;
            at++;
        } else if (depth == 0 && (c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
            return at;
        } else {
            at++;
            continue;
        }
        if (depth == 0)
            return at;
    }
    return s.n;
}

static bool same_key(struct arena *a, str quoted, str key)
{
    struct scalar_json decoded;

    if (str_find_byte(quoted, '\\') == STR_NPOS)
        return quoted.n == key.n + 2 && memcmp(quoted.p + 1, key.p, key.n) == 0;
    return scalar_json_parse(a, quoted, &decoded) && str_eq(decoded.s, key);
}

bool scalar_json_member(struct arena *a, str object, str key, str *raw)
{
    size_t at = skip_space(object, 0);

    if (at >= object.n || object.p[at] != '{')
        return false;
    for (at = skip_space(object, at + 1); at < object.n && object.p[at] == '"'; at = skip_space(object, at)) {
        size_t from = at, end = skip_string(object, at);
        at = skip_space(object, end);
        if (at >= object.n || object.p[at] != ':')
            return false;
        at = skip_space(object, at + 1);
        size_t value = at;
        at = skip_value(object, at);
        if (same_key(a, str_slice(object, from, end), key)) {
            *raw = str_slice(object, value, at);
            return raw->n > 0;
        }
        at = skip_space(object, at);
        if (at >= object.n || object.p[at] != ',')
            return false;
        at++;
    }
    return false;
}

static int64_t count_elements(str array)
{
    int64_t n = 0;
    str     raw;
    while (scalar_json_element(array, n, &raw))
        n++;
    return n;
}

bool scalar_json_element(str array, int64_t index, str *raw)
{
    size_t at = skip_space(array, 0);

    if (at >= array.n || array.p[at] != '[')
        return false;
    if (index < 0)
        index += count_elements(array);
    for (at = skip_space(array, at + 1); index >= 0 && at < array.n && array.p[at] != ']'; index--) {
        size_t from = at;
        at = skip_value(array, at);
        if (index == 0) {
            *raw = str_slice(array, from, at);
            return raw->n > 0;
        }
        at = skip_space(array, at);
        if (at >= array.n || array.p[at] != ',')
            return false;
        at = skip_space(array, at + 1);
    }
    return false;
}

static size_t count_parts(str text, size_t at)
{
    size_t n = 0;

    while (at < text.n && text.p[at] != ']' && text.p[at] != '}') {
        size_t from = at;
        at = skip_space(text, skip_value(text, at));
        if (at < text.n && (text.p[at] == ',' || text.p[at] == ':'))
            at = skip_space(text, at + 1);
        n++;
        if (at == from)
            break;
    }
    return n;
}

static str decoded(struct arena *a, str quoted)
{
    struct scalar_json s;
    return scalar_json_parse(a, quoted, &s) ? s.s : S("");
}

bool scalar_json_parts(struct arena *a, str text, struct scalar_json_parts *out)
{
    size_t at = skip_space(text, 0);
    bool   object = at < text.n && text.p[at] == '{';

    *out = (struct scalar_json_parts) { 0 };
    if (at >= text.n || (text.p[at] != '[' && !object))
        return false;
    at = skip_space(text, at + 1);
    size_t most = count_parts(text, at);
    out->values = ARENA_TRY_ARRAY(a, str, most + 1);
    out->keys = object ? ARENA_TRY_ARRAY(a, str, most + 1) : NULL;
    if (!out->values || (object && !out->keys))
        return false;
    while (at < text.n && text.p[at] != ']' && text.p[at] != '}' && out->n < most) {
        size_t from = at;
        at = skip_value(text, at);
        if (object) {
            out->keys[out->n] = decoded(a, str_slice(text, from, at));
            at = skip_space(text, at);
            if (at >= text.n || text.p[at] != ':')
                return false;
            from = at = skip_space(text, at + 1);
            at = skip_value(text, at);
        }
        out->values[out->n++] = str_slice(text, from, at);
        at = skip_space(text, at);
        if (at < text.n && text.p[at] == ',')
            at = skip_space(text, at + 1);
    }
    return true;
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
