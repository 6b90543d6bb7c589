/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_value.h"

#include <math.h>

#include "base/utf8.h"

bool policy_value_missing(const struct json *v)
{
    return !v || v->kind == JSON_NULL;
}

bool policy_value_number(const struct json *v, double *out)
{
    if (!v)
        return false;
    switch (v->kind) {
    case JSON_INT:
        *out = (double)v->i;
        return true;
    case JSON_DOUBLE:
        *out = v->d;
        return true;
    case JSON_STRING:
        return str_to_double(str_trim(v->s), out);
    default:
        return false;
    }
}

bool policy_value_bool(const struct json *v, bool *out)
{
    if (!v)
        return false;
    if (v->kind == JSON_BOOL) {
        *out = v->b;
        return true;
    }
    if (v->kind != JSON_STRING || !(str_eq_ci(v->s, S("true")) || str_eq_ci(v->s, S("false"))))
        return false;
    *out = v->s.n == 4;
    return true;
}

static bool is_number(const struct json *v)
{
    return v->kind == JSON_INT || v->kind == JSON_DOUBLE;
}

static bool equal_items(const struct json *a, const struct json *b)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (!policy_value_equal(&a->items[i], &b->items[i]))
            return false;
    return true;
}

static bool equal_members(const struct json *a, const struct json *b)
{
    for (uint32_t i = 0; i < a->n; i++) {
        const struct json *other = json_get_ci(b, a->members[i].key);
        if (!other || !policy_value_equal(&a->members[i].value, other))
            return false;
    }
    return true;
}

static bool equal_text(str a, str b)
{
    return str_eq(a, b) || utf8_cmp_fold(a, b) == 0;
}

static bool equal_numbers(const struct json *a, const struct json *b)
{
    double x, y;
    if (a->kind == JSON_INT && b->kind == JSON_INT)
        return a->i == b->i;
    return policy_value_number(a, &x) && policy_value_number(b, &y) && x == y;
}

static bool equal_bools(const struct json *a, const struct json *b)
{
    bool x, y;
    return policy_value_bool(a, &x) && policy_value_bool(b, &y) && x == y;
}

bool policy_value_equal(const struct json *a, const struct json *b)
{
    if (policy_value_missing(a) || policy_value_missing(b))
        return policy_value_missing(a) && policy_value_missing(b);
    if (a->kind == JSON_STRING && b->kind == JSON_STRING)
        return equal_text(a->s, b->s);
    if (is_number(a) || is_number(b))
        return equal_numbers(a, b);
    if (a->kind == JSON_BOOL || b->kind == JSON_BOOL)
        return equal_bools(a, b);
    if (a->kind != b->kind || a->n != b->n)
        return false;
    return a->kind == JSON_ARRAY ? equal_items(a, b) : equal_members(a, b);
}

bool policy_value_identical(const struct json *a, const struct json *b)
{
    if (policy_value_missing(a) || policy_value_missing(b))
        return policy_value_missing(a) && policy_value_missing(b);
    if (is_number(a) && is_number(b))
        return policy_value_equal(a, b);
    return json_eq(a, b);
}

bool policy_value_order(const struct json *a, const struct json *b, int *order)
{
    double x, y;
    if (policy_value_missing(a) || policy_value_missing(b))
        return false;
    if (a->kind == JSON_STRING && b->kind == JSON_STRING) {
        *order = utf8_cmp_fold(a->s, b->s);
        return true;
    }
    if ((!is_number(a) && !is_number(b)) || !policy_value_number(a, &x) || !policy_value_number(b, &y))
        return false;
    *order = x < y ? -1 : x > y;
    return true;
}

str policy_value_text(struct arena *a, const struct json *v)
{
    if (!v)
        return STR_NONE;
    switch (v->kind) {
    case JSON_STRING:
        return v->s.p ? v->s : S("");
    case JSON_BOOL:
        return v->b ? S("True") : S("False"); /* as .NET writes them */
    case JSON_INT:
        return arena_printf(a, "%lld", (long long)v->i);
    case JSON_DOUBLE:
        if (v->d == floor(v->d) && fabs(v->d) < 1e15)
            return arena_printf(a, "%.0f", v->d);
        return arena_printf(a, "%.15g", v->d);
    default:
        return STR_NONE;
    }
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

bool policy_value_contains_text(str text, str needle)
{
    if (is_ascii(text) && is_ascii(needle))
        return str_contains_ci(text, needle);

    /* Folding makes a character at most three. */
    AUTO_STRBUF haystack = STRBUF_INIT(text.n * 3 + 16), wanted = STRBUF_INIT(needle.n * 3 + 16);
    utf8_fold(&haystack, text);
    utf8_fold(&wanted, needle);
    return str_contains(strbuf_view(&haystack), strbuf_view(&wanted));
}

static const struct json *keep(struct arena *a, struct json v)
{
    struct json *kept = arena_try_alloc(a, sizeof *kept);
    if (kept)
        *kept = v;
    return kept;
}

const struct json *policy_value_str(struct arena *a, str s)
{
    return keep(a, json_make_str(s));
}

const struct json *policy_value_i64(struct arena *a, int64_t i)
{
    return keep(a, json_make_i64(i));
}

const struct json *policy_value_double(struct arena *a, double d)
{
    return keep(a, json_make_double(d));
}

const struct json *policy_value_of_bool(bool b)
{
    static const struct json yes = { .kind = JSON_BOOL, .b = true }, no = { .kind = JSON_BOOL, .b = false };
    return b ? &yes : &no;
}

const struct json *policy_value_array(struct arena *a, const struct json *items, size_t n)
{
    return keep(a, (struct json) { .kind = JSON_ARRAY, .n = (uint32_t)n, .items = items });
}
