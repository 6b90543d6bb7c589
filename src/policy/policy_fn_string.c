/* SPDX-License-Identifier: Apache-2.0 */
/* Template functions on text. Positions and lengths count characters. */
#include "base/codec.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "policy/policy_fn.h"
#include "policy/policy_format.h"
#include "policy/policy_value.h"

enum { MAX_TEXT = 1 << 20, MAX_WIDTH = 1000 };

/* What was built, as a value; no answer when it went over the maximum. */
static const struct json *built(const struct policy_call *c, const struct strbuf *b)
{
    if (b->overflow)
        return NULL;
    str kept = arena_str(c->a, strbuf_view(b));
    return kept.p ? policy_value_str(c->a, kept) : NULL;
}

static const struct json *concat_arrays(const struct policy_call *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (!c->argv[i] || c->argv[i]->kind != JSON_ARRAY)
            return NULL;
        n += c->argv[i]->n;
    }
    struct json *items = ARENA_TRY_ARRAY(c->a, struct json, n);
    if (!items)
        return NULL;
    for (size_t i = 0, at = 0; i < c->n; at += c->argv[i++]->n)
        if (c->argv[i]->n)
            memcpy(items + at, c->argv[i]->items, c->argv[i]->n * sizeof *items);
    return policy_value_array(c->a, items, n);
}

/* A missing argument is an empty text. */
static const struct json *eval_concat(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    if (c->argv[0] && c->argv[0]->kind == JSON_ARRAY)
        return concat_arrays(c);
    for (size_t i = 0; i < c->n; i++)
        strbuf_add(&out, policy_fn_text(c, i));
    return built(c, &out);
}

static const struct json *eval_to_lower(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    if (!s.p)
        return NULL;
    utf8_lower(&out, s);
    return built(c, &out);
}

static const struct json *eval_to_upper(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    if (!s.p)
        return NULL;
    utf8_upper(&out, s);
    return built(c, &out);
}

static const struct json *eval_trim(const struct policy_call *c)
{
    str s = policy_fn_text(c, 0);
    return s.p ? policy_value_str(c->a, str_trim(s)) : NULL;
}

static const struct json *eval_replace(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0), from = policy_fn_text(c, 1), to = policy_fn_text(c, 2);
    if (!s.p || from.n == 0 || !to.p)
        return NULL;
    for (size_t at; (at = str_find(s, from)) != STR_NPOS; s = str_from(s, at + from.n)) {
        strbuf_add(&out, str_slice(s, 0, at));
        strbuf_add(&out, to);
    }
    strbuf_add(&out, s);
    return built(c, &out);
}

static const struct json *eval_starts_with(const struct policy_call *c)
{
    str s = policy_fn_text(c, 0), part = policy_fn_text(c, 1);
    if (!s.p || !part.p)
        return NULL;
    size_t end = utf8_offset(s, utf8_count(part));
    return policy_value_of_bool(utf8_cmp_fold(str_slice(s, 0, end), part) == 0);
}

static const struct json *eval_ends_with(const struct policy_call *c)
{
    str s = policy_fn_text(c, 0), part = policy_fn_text(c, 1);
    if (!s.p || !part.p)
        return NULL;
    size_t have = utf8_count(s), want = utf8_count(part);
    return policy_value_of_bool(have >= want &&
                                utf8_cmp_fold(str_from(s, utf8_offset(s, have - want)), part) == 0);
}

static const struct json *eval_substring(const struct policy_call *c)
{
    str     s = policy_fn_text(c, 0);
    int64_t from, length = INT32_MAX;
    if (!s.p || !policy_fn_int(c, 1, &from) || (c->n > 2 && !policy_fn_int(c, 2, &length)) || from < 0 ||
        length < 0)
        return NULL;
    str rest = str_from(s, utf8_offset(s, (size_t)from));
    return policy_value_str(c->a, str_slice(rest, 0, utf8_offset(rest, (size_t)length)));
}

static const struct json *eval_pad_left(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0), pad = c->n > 2 ? policy_fn_text(c, 2) : S(" ");
    int64_t     width;
    if (!s.p || !policy_fn_int(c, 1, &width) || width > 16384 || utf8_count(pad) != 1)
        return NULL;
    for (int64_t n = (int64_t)utf8_count(s); n < width; n++)
        strbuf_add(&out, pad);
    strbuf_add(&out, s);
    return built(c, &out);
}

static bool splits_here(const struct json *separators, str s, size_t at, size_t *length)
{
    size_t n = separators->kind == JSON_ARRAY ? separators->n : 1;
    for (size_t i = 0; i < n; i++) {
        const struct json *sep = separators->kind == JSON_ARRAY ? &separators->items[i] : separators;
        if (sep->kind != JSON_STRING || sep->s.n == 0 || !str_starts(str_from(s, at), sep->s))
            continue;
        *length = sep->s.n;
        return true;
    }
    return false;
}

static size_t split_into(struct json *items, str s, const struct json *separators)
{
    size_t n = 0, from = 0, length;
    for (size_t at = 0; at < s.n;) {
        if (!splits_here(separators, s, at, &length)) {
            at++;
            continue;
        }
        if (items)
            items[n] = json_make_str(str_slice(s, from, at));
        n++;
        at = from = at + length;
    }
    if (items)
        items[n] = json_make_str(str_from(s, from));
    return n + 1;
}

static const struct json *eval_split(const struct policy_call *c)
{
    str s = policy_fn_text(c, 0);
    if (!s.p || !c->argv[1])
        return NULL;
    size_t       n = split_into(NULL, s, c->argv[1]);
    struct json *items = ARENA_TRY_ARRAY(c->a, struct json, n);
    if (!items)
        return NULL;
    split_into(items, s, c->argv[1]);
    return policy_value_array(c->a, items, n);
}

static const struct json *eval_string(const struct policy_call *c)
{
    AUTO_STRBUF        out = STRBUF_INIT(MAX_TEXT);
    const struct json *v = c->argv[0];
    if (!v)
        return NULL;
    if (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT)
        json_print(&out, v, 0);
    else
        strbuf_add(&out, policy_fn_text(c, 0));
    return built(c, &out);
}

/* One argument as "{index,width:format}" wants it; a width below zero puts the blanks behind. */
static bool add_item(const struct policy_call *c, struct strbuf *out, str inside)
{
    AUTO_STRBUF text = STRBUF_INIT(MAX_TEXT);
    str         place, number;
    uint64_t    index;
    int64_t     width = 0;
    str_split(&inside, ':', &place);
    str_split(&place, ',', &number);
    if (!str_to_u64(str_trim(number), &index) || index + 1 >= c->n ||
        (place.n && (!str_to_i64(str_trim(place), &width) || width < -MAX_WIDTH || width > MAX_WIDTH)))
        return false;
    if (!inside.n || !policy_format_number(&text, c->argv[index + 1], inside))
        strbuf_add(&text, policy_fn_text(c, index + 1));
    int64_t blanks = (width < 0 ? -width : width) - (int64_t)utf8_count(strbuf_view(&text));
    for (int64_t i = 0; width > 0 && i < blanks; i++)
        strbuf_addc(out, ' ');
    strbuf_add(out, strbuf_view(&text));
    for (int64_t i = 0; width < 0 && i < blanks; i++)
        strbuf_addc(out, ' ');
    return true;
}

/* {{ and }} are braces. */
static const struct json *eval_format(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    if (!s.p)
        return NULL;
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] == '{' || s.p[i] == '}') && i + 1 < s.n && s.p[i + 1] == s.p[i]) {
            strbuf_addc(&out, s.p[i++]);
            continue;
        }
        size_t end = s.p[i] == '{' ? str_find_byte(str_from(s, i), '}') : STR_NPOS;
        if (end == STR_NPOS) {
            strbuf_addc(&out, s.p[i]);
            continue;
        }
        if (!add_item(c, &out, str_slice(s, i + 1, i + end)))
            return NULL;
        i += end;
    }
    return built(c, &out);
}

static const struct json *eval_base64(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    if (!s.p)
        return NULL;
    codec_base64(&out, s);
    return built(c, &out);
}

static const struct json *eval_base64_to_string(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    return s.p && codec_base64_decode(&out, s, NULL) == RC_OK ? built(c, &out) : NULL;
}

static const struct json *parsed(const struct policy_call *c, str text)
{
    const struct json *v;
    return json_parse(c->a, text, &v, NULL) == RC_OK ? v : NULL;
}

static const struct json *eval_base64_to_json(const struct policy_call *c)
{
    const struct json *text = eval_base64_to_string(c);
    return text ? parsed(c, text->s) : NULL;
}

static const struct json *eval_json(const struct policy_call *c)
{
    str s = policy_fn_text(c, 0);
    return s.p ? parsed(c, s) : NULL;
}

static const struct json *eval_data_uri(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    if (!s.p)
        return NULL;
    strbuf_add(&out, S("data:text/plain;charset=utf8;base64,"));
    codec_base64(&out, s);
    return built(c, &out);
}

static const struct json *eval_data_uri_to_string(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    size_t      comma = str_find_byte(s, ',');
    if (!str_starts_ci(s, S("data:")) || comma == STR_NPOS)
        return NULL;
    if (!str_contains_ci(str_slice(s, 0, comma), S(";base64")))
        return codec_url_decode(&out, str_from(s, comma + 1), false, NULL) == RC_OK ? built(c, &out) : NULL;
    return codec_base64_decode(&out, str_from(s, comma + 1), NULL) == RC_OK ? built(c, &out) : NULL;
}

/* The base up to its last slash, then the relative part; a base without a path gets a slash. */
static const struct json *eval_uri(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         base = policy_fn_text(c, 0), rest = policy_fn_text(c, 1);
    size_t      scheme = str_find(base, S("://"));
    if (!base.p || !rest.p || scheme == STR_NPOS)
        return NULL;
    size_t path = str_find_byte(str_from(base, scheme + 3), '/');
    path = path == STR_NPOS ? base.n : path + scheme + 3;
    size_t last = str_rfind_byte(base, '/');
    size_t keep = rest.n && rest.p[0] == '/' ? path : last > scheme + 2 ? last + 1 : base.n;
    strbuf_add(&out, str_slice(base, 0, keep));
    if (out.n && out.p[out.n - 1] != '/' && !(rest.n && rest.p[0] == '/'))
        strbuf_addc(&out, '/');
    strbuf_add(&out, rest);
    return built(c, &out);
}

static const struct json *eval_uri_component(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    if (!s.p)
        return NULL;
    codec_url_encode(&out, s);
    return built(c, &out);
}

static const struct json *eval_uri_component_to_string(const struct policy_call *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    str         s = policy_fn_text(c, 0);
    return s.p && codec_url_decode(&out, s, false, NULL) == RC_OK ? built(c, &out) : NULL;
}

/* 13 characters that depend on the arguments and nothing else. The service's own hash is not published, so
 * ours differs from it: two values made by it compare with each other only. */
static const struct json *eval_unique_string(const struct policy_call *c)
{
    static const char  alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    char               out[13];
    AUTO_STRBUF        all = STRBUF_INIT(MAX_TEXT);
    struct hash_sha256 h;
    for (size_t i = 0; i < c->n; i++) {
        strbuf_add(&all, policy_fn_text(c, i));
        strbuf_addc(&all, '-');
    }
    h = hash_sha256(strbuf_view(&all));
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = alphabet[h.bytes[i] & 31];
    str kept = arena_str(c->a, str_make(out, sizeof out));
    return kept.p ? policy_value_str(c->a, kept) : NULL;
}

static const struct json *eval_join(const struct policy_call *c)
{
    AUTO_STRBUF        out = STRBUF_INIT(MAX_TEXT);
    str                between = policy_fn_text(c, 1);
    const struct json *v;
    if (!between.p || !c->argv[0] || c->argv[0]->kind != JSON_ARRAY)
        return NULL;
    for (size_t i = 0; (v = json_at(c->argv[0], i)); i++) {
        if (i)
            strbuf_add(&out, between);
        strbuf_add(&out, policy_value_text(c->a, v));
    }
    return built(c, &out);
}

const struct policy_fn POLICY_FN_STRING[] = {
    { .name = "base64",
      .least = 1,
      .most = 1,
      .eval = eval_base64,
      .doc = "The text in base64.",
      .example = "base64('one')",
      .yields = "\"b25l\"" },
    { .name = "base64ToJson",
      .least = 1,
      .most = 1,
      .eval = eval_base64_to_json,
      .doc = "The JSON that a base64 text holds.",
      .example = "base64ToJson('eyJhIjoxfQ==')",
      .yields = "{\"a\":1}" },
    { .name = "base64ToString",
      .least = 1,
      .most = 1,
      .eval = eval_base64_to_string,
      .doc = "The text that a base64 text holds.",
      .example = "base64ToString('b25l')",
      .yields = "\"one\"" },
    { .name = "concat",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_concat,
      .doc = "Texts, or arrays, one behind the other.",
      .example = "concat('a', 1, 'b')",
      .yields = "\"a1b\"" },
    { .name = "dataUri",
      .least = 1,
      .most = 1,
      .eval = eval_data_uri,
      .doc = "The text as a data URI.",
      .example = "dataUri('one')",
      .yields = "\"data:text/plain;charset=utf8;base64,b25l\"" },
    { .name = "dataUriToString",
      .least = 1,
      .most = 1,
      .eval = eval_data_uri_to_string,
      .doc = "The text of a data URI.",
      .example = "dataUriToString('data:;base64,b25l')",
      .yields = "\"one\"" },
    { .name = "endsWith",
      .least = 2,
      .most = 2,
      .eval = eval_ends_with,
      .doc = "Whether a text ends with another, in any case.",
      .example = "endsWith('AbCdEf', 'DEF')",
      .yields = "true" },
    { .name = "format",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_format,
      .doc = "A text with {0}, {1} filled in.",
      .example = "format('{0}-{1}', 'a', 2)",
      .yields = "\"a-2\"" },
    { .name = "join",
      .least = 2,
      .most = 2,
      .eval = eval_join,
      .doc = "The elements of an array as one text.",
      .example = "join(createArray('a', 'b'), ',')",
      .yields = "\"a,b\"" },
    { .name = "json",
      .least = 1,
      .most = 1,
      .eval = eval_json,
      .doc = "The value that a JSON text holds.",
      .example = "json('[1,2]')[1]",
      .yields = "2" },
    { .name = "padLeft",
      .least = 2,
      .most = 3,
      .eval = eval_pad_left,
      .doc = "The text filled up on its left.",
      .example = "padLeft('7', 3, '0')",
      .yields = "\"007\"" },
    { .name = "replace",
      .least = 3,
      .most = 3,
      .eval = eval_replace,
      .doc = "The text with every find replaced.",
      .example = "replace('a-b-c', '-', '_')",
      .yields = "\"a_b_c\"" },
    { .name = "split",
      .least = 2,
      .most = 2,
      .eval = eval_split,
      .doc = "The parts of a text between separators.",
      .example = "split('a,b;c', createArray(',', ';'))",
      .yields = "[\"a\",\"b\",\"c\"]" },
    { .name = "startsWith",
      .least = 2,
      .most = 2,
      .eval = eval_starts_with,
      .doc = "Whether a text starts with another, in any case.",
      .example = "startsWith('AbCdEf', 'abc')",
      .yields = "true" },
    { .name = "string",
      .least = 1,
      .most = 1,
      .eval = eval_string,
      .doc = "The value as text; JSON for arrays and objects.",
      .example = "string(createObject('a', 1))",
      .yields = "\"{\\\"a\\\":1}\"" },
    { .name = "substring",
      .least = 2,
      .most = 3,
      .eval = eval_substring,
      .doc = "A part of the text.",
      .example = "substring('hello', 1, 3)",
      .yields = "\"ell\"" },
    { .name = "toLower",
      .least = 1,
      .most = 1,
      .eval = eval_to_lower,
      .doc = "The text in small letters.",
      .example = "toLower('ÄB')",
      .yields = "\"äb\"" },
    { .name = "toUpper",
      .least = 1,
      .most = 1,
      .eval = eval_to_upper,
      .doc = "The text in capitals.",
      .example = "toUpper('äb')",
      .yields = "\"ÄB\"" },
    { .name = "trim",
      .least = 1,
      .most = 1,
      .eval = eval_trim,
      .doc = "The text without blanks at either end.",
      .example = "trim(' a ')",
      .yields = "\"a\"" },
    { .name = "uniqueString",
      .least = 1,
      .most = POLICY_EXPR_MAX_ARGS,
      .eval = eval_unique_string,
      .doc = "13 characters that depend on the arguments; not those of the service.",
      .example = "length(uniqueString('a'))",
      .yields = "13" },
    { .name = "uri",
      .least = 2,
      .most = 2,
      .eval = eval_uri,
      .doc = "A base and a relative address as one.",
      .example = "uri('https://a.example/b/', 'c')",
      .yields = "\"https://a.example/b/c\"" },
    { .name = "uriComponent",
      .least = 1,
      .most = 1,
      .eval = eval_uri_component,
      .doc = "The text percent-encoded.",
      .example = "uriComponent('a b')",
      .yields = "\"a%20b\"" },
    { .name = "uriComponentToString",
      .least = 1,
      .most = 1,
      .eval = eval_uri_component_to_string,
      .doc = "The text percent-decoded.",
      .example = "uriComponentToString('a%20b')",
      .yields = "\"a b\"" },
    { 0 },
};
