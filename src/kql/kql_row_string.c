/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: strings. */
#include "base/codec.h"
#include "base/json.h"
#include "base/utf8.h"
#include "kql/kql_row_fn.h"

enum { MAX_REPEATS = 1024 };

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

/* The texts from `from` on, with one between; counted first, so that they are copied once. */
static void join(const struct kql_row_call *c, const struct scalar_value *v, size_t from, str between,
                 struct scalar_value *out)
{
    size_t n = 0;

    for (size_t i = from; i < c->n; i++)
        n += v[i].s.n + (i > from ? between.n : 0);
    char *to = n <= SCALAR_MAX_TEXT ? arena_try_alloc(c->a, n + 1) : NULL;
    kql_row_fn_text(out, str_make(to, to ? n : 0));
    for (size_t i = from; to && i < c->n; i++) {
        if (i > from && between.n > 0)
            to = (char *)memcpy(to, between.p, between.n) + between.n;
        to = (char *)memcpy(to, v[i].s.p, v[i].s.n) + v[i].s.n;
    }
}

static void eval_strcat(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    join(c, v, 0, S(""), out);
}

static void eval_strcat_delim(const struct kql_row_call *c, const struct scalar_value *v,
                              struct scalar_value *out)
{
    join(c, v, 1, v[0].s, out);
}

static void eval_strlen(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, (int64_t)utf8_count(v[0].s));
}

static void eval_string_size(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, (int64_t)v[0].s.n);
}

static void eval_strcmp(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int how = str_cmp(v[0].s, v[1].s);
    (void)c;
    kql_row_fn_int(out, how < 0 ? -1 : how > 0);
}

static void eval_strrep(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t times = v[1].i > MAX_REPEATS ? MAX_REPEATS : v[1].i;
    TEXT_OUT;
    for (int64_t i = 0; i < times; i++) {
        strbuf_add(&text, i > 0 && c->n > 2 ? v[2].s : S(""));
        strbuf_add(&text, v[0].s);
    }
    scalar_give(c->a, &text, out);
}

static void eval_tolower(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    kql_row_fn_text(out, kql_row_fn_lower(c->a, v[0].s));
}

static void eval_toupper(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    TEXT_OUT;
    utf8_upper(&text, v[0].s);
    scalar_give(c->a, &text, out);
}

static size_t offset_of(str s, int64_t chars)
{
    return chars <= 0 ? 0 : chars >= (int64_t)s.n ? utf8_offset(s, s.n) : utf8_offset(s, (size_t)chars);
}

/* From the end when negative, never before the start. */
static int64_t from_end(str s, int64_t from)
{
    if (from >= 0)
        return from;
    int64_t n = (int64_t)utf8_count(s);
    return from < -n ? 0 : n + from;
}

static void eval_substring(const struct kql_row_call *c, const struct scalar_value *v,
                           struct scalar_value *out)
{
    str rest = str_from(v[0].s, offset_of(v[0].s, from_end(v[0].s, v[1].i)));
    kql_row_fn_text(out, c->n > 2 ? str_slice(rest, 0, offset_of(rest, v[2].i)) : rest);
}

/* --- looking for texts --- */

static void add_element(struct strbuf *out, str s)
{
    strbuf_addz(out, out->n > 0 ? "," : "[");
    json_escape(out, s);
}

static void eval_split(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str     rest = v[0].s, by = v[1].s;
    int64_t wanted = c->n > 2 ? v[2].i : -1;
    bool    last = false;
    TEXT_OUT;

    if (c->n > 2 && wanted < 0)
        return;
    for (int64_t i = 0; !last; i++) {
        size_t at = by.n > 0 ? str_find(rest, by) : STR_NPOS;
        last = at == STR_NPOS;
        if (c->n == 2 || i == wanted)
            add_element(&text, last ? rest : str_slice(rest, 0, at));
        rest = last ? rest : str_from(rest, at + by.n);
    }
    if (text.n == 0)
        return;
    strbuf_addc(&text, ']');
    scalar_give(c->a, &text, out);
}

static void replace(struct strbuf *text, str s, str what, str with)
{
    for (size_t at; what.n > 0 && (at = str_find(s, what)) != STR_NPOS; s = str_from(s, at + what.n)) {
        strbuf_add(text, str_slice(s, 0, at));
        strbuf_add(text, with);
    }
    strbuf_add(text, s);
}

static void eval_replace_string(const struct kql_row_call *c, const struct scalar_value *v,
                                struct scalar_value *out)
{
    TEXT_OUT;
    replace(&text, v[0].s, v[1].s, v[2].s);
    scalar_give(c->a, &text, out);
}

/* indexof(s, what, from, length, occurrence), in characters: each occurrence is looked for behind the start
 * of the one before, within the length from there. */
static void eval_indexof(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str     s = v[0].s, what = v[1].s;
    int64_t length = c->n > 3 ? v[3].i : -1, times = c->n > 4 ? v[4].i : 1;
    size_t  at = offset_of(s, c->n > 2 ? from_end(s, v[2].i) : 0);

    if (times < 1 || (c->n > 4 && what.n == 0))
        return;
    kql_row_fn_int(out, -1);
    for (; times > 0; times--) {
        str    within = str_from(s, at);
        size_t found = str_find(length < 0 ? within : str_slice(within, 0, offset_of(within, length)), what);
        if (found == STR_NPOS)
            return;
        at += found;
        if (times == 1)
            kql_row_fn_int(out, (int64_t)utf8_count(str_slice(s, 0, at)));
        if (at < s.n)
            utf8_next(s, &at);
    }
}

static void eval_reverse(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str   s = v[0].s;
    char *to = arena_try_alloc(c->a, s.n + 1);

    for (size_t at = 0; to && at < s.n;) {
        size_t from = at;
        utf8_next(s, &at);
        memcpy(to + s.n - at, s.p + from, at - from);
    }
    if (to)
        kql_row_fn_text(out, str_make(to, s.n));
}

/* translate(from, to, s): the last of `to` stands for what it lacks. */
static void eval_translate(const struct kql_row_call *c, const struct scalar_value *v,
                           struct scalar_value *out)
{
    str    s = v[2].s, to = v[1].s;
    size_t have = utf8_count(to);
    TEXT_OUT;

    for (size_t at = 0; at < s.n;) {
        size_t here = at, place = 0, in_from = 0;
        utf8_next(s, &at);
        str letter = str_slice(s, here, at);
        for (; in_from < v[0].s.n; place++) {
            size_t begins = in_from;
            utf8_next(v[0].s, &in_from);
            if (str_eq(str_slice(v[0].s, begins, in_from), letter))
                break;
            if (in_from >= v[0].s.n)
                place = SIZE_MAX - 1;
        }
        bool   found = v[0].s.n > 0 && place < SIZE_MAX - 1 && have > 0;
        size_t n = place < have ? place : have - 1;
        strbuf_add(&text, found ? str_slice(to, utf8_offset(to, n), utf8_offset(to, n + 1)) : letter);
    }
    scalar_give(c->a, &text, out);
}

static void eval_isascii(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    bool ascii = true;
    (void)c;
    for (size_t i = 0; i < v[0].s.n; i++)
        ascii = ascii && !(v[0].s.p[i] & 0x80);
    kql_row_fn_int(out, ascii);
}

static void eval_isutf8(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, utf8_valid(v[0].s));
}

/* --- code points --- */

static void eval_codepoints(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    TEXT_OUT;
    for (size_t at = 0; at < v[0].s.n;) {
        strbuf_addc(&text, text.n > 0 ? ',' : '[');
        strbuf_add_u64(&text, utf8_next(v[0].s, &at));
    }
    strbuf_addz(&text, text.n > 0 ? "]" : "[]");
    scalar_give(c->a, &text, out);
}

static void add_codepoint(struct strbuf *out, int64_t cp)
{
    char bytes[4];
    if (cp > 0 && cp <= 0x10FFFF)
        strbuf_add(out, str_make(bytes, utf8_put((uint32_t)cp, bytes)));
}

/* Of numbers and of arrays of them. */
static void eval_of_codepoints(const struct kql_row_call *c, const struct scalar_value *v,
                               struct scalar_value *out)
{
    struct scalar_json list;
    int64_t            cp;
    TEXT_OUT;

    for (size_t k = 0; k < c->n; k++) {
        if (kql_row_fn_type(c, k) != KQL_DYNAMIC)
            add_codepoint(&text, v[k].i);
        else if (scalar_json_parse(c->a, v[k].s, &list))
            for (uint32_t i = 0; i < list.n; i++)
                if (scalar_json_long(&list.items[i], &cp))
                    add_codepoint(&text, cp);
    }
    scalar_give(c->a, &text, out);
}

/* --- encodings --- */

static void eval_base64(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    TEXT_OUT;
    codec_base64(&text, v[0].s);
    scalar_give(c->a, &text, out);
}

static void eval_unbase64(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    TEXT_OUT;
    if (codec_base64_decode(&text, v[0].s, NULL) == RC_OK && utf8_valid(strbuf_view(&text)))
        scalar_give(c->a, &text, out);
}

static void eval_url_decode(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    TEXT_OUT;
    if (codec_url_decode(&text, v[0].s, false, NULL) == RC_OK)
        scalar_give(c->a, &text, out);
    else
        *out = v[0];
}

static void eval_url_encode(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    bool plus = strcmp(c->expr->fn->name, "url_encode") == 0;
    TEXT_OUT;
    for (size_t i = 0; i < v[0].s.n; i++) {
        char b = v[0].s.p[i];
        bool plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') ||
                     (b && strchr("_.!*()-", b));
        if (plain)
            strbuf_addc(&text, b);
        else if (b == ' ' && plus)
            strbuf_addc(&text, '+');
        else
            strbuf_addf(&text, "%%%02x", (unsigned char)b);
    }
    scalar_give(c->a, &text, out);
}

static void eval_tohex(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    bool               narrow = kql_row_fn_type(c, 0) == KQL_INT;
    unsigned long long n = narrow ? (uint32_t)v[0].i : (uint64_t)v[0].i;
    int64_t            digits = c->n < 2 || v[1].null || v[1].i < 1 ? 1 : v[1].i > 16 ? 16 : v[1].i;

    if (!v[0].null)
        kql_row_fn_text(out, arena_printf(c->a, "%0*llx", (int)digits, n));
}

const struct kql_row_fn KQL_ROW_FN_STRING[] = {
    { .name = "strcat", .eval = eval_strcat },
    { .name = "strcat_delim", .eval = eval_strcat_delim },
    { .name = "strlen", .eval = eval_strlen },
    { .name = "string_size", .eval = eval_string_size },
    { .name = "strcmp", .eval = eval_strcmp },
    { .name = "strrep", .eval = eval_strrep },
    { .name = "tolower", .eval = eval_tolower },
    { .name = "toupper", .eval = eval_toupper },
    { .name = "substring", .eval = eval_substring },
    { .name = "split", .eval = eval_split },
    { .name = "replace_string", .eval = eval_replace_string },
    { .name = "indexof", .eval = eval_indexof },
    { .name = "reverse", .eval = eval_reverse },
    { .name = "translate", .eval = eval_translate },
    { .name = "isascii", .eval = eval_isascii },
    { .name = "isutf8", .eval = eval_isutf8 },
    { .name = "unicode_codepoints_from_string", .eval = eval_codepoints },
    { .name = "unicode_codepoints_to_string", .eval = eval_of_codepoints },
    { .name = "to_utf8", .eval = eval_codepoints },
    { .name = "make_string", .eval = eval_of_codepoints },
    { .name = "base64_encode_tostring", .eval = eval_base64 },
    { .name = "base64_decode_tostring", .eval = eval_unbase64 },
    { .name = "url_decode", .eval = eval_url_decode },
    { .name = "url_encode", .eval = eval_url_encode },
    { .name = "url_encode_component", .eval = eval_url_encode },
    { .name = "tohex", .eval = eval_tohex, .nulls = true },
    { 0 },
};
