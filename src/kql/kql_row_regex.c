/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: regular expressions, and the parts of `parse`. Patterns are constants, compiled once. */
#include "base/json.h"
#include "base/utf8.h"
#include "kql/kql_row_fn.h"

enum { MAX_MATCHES = 100000, GROUPS = REGEX_MAX_GROUPS + 1 };

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

static bool prepare(struct arena *a, const struct kql_expr *pattern, const void **data)
{
    return (*data = kql_row_fn_regex(a, pattern, "(?-s)", "")) != NULL;
}

static bool prepare_first(struct arena *a, const struct kql_expr *call, const void **data)
{
    return prepare(a, call->args[0], data);
}

static bool prepare_second(struct arena *a, const struct kql_expr *call, const void **data)
{
    return prepare(a, call->args[1], data);
}

static bool match(const struct regex *r, str s, size_t from, str groups[GROUPS], size_t *n)
{
    *n = GROUPS;
    return regex_match(r, s, from, groups, n) == RC_OK;
}

static void eval_matches(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    kql_row_fn_int(out, regex_test(c->data, v[0].s));
}

static void eval_extract(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str    groups[GROUPS];
    size_t n;

    if (match(c->data, v[2].s, 0, groups, &n) && v[1].i >= 0 && (size_t)v[1].i < n && groups[v[1].i].p)
        kql_row_fn_text(out, groups[v[1].i]);
}

/* Behind a match; an empty one moves on by a character. */
static size_t behind(str s, str whole)
{
    size_t at = (size_t)(whole.p - s.p) + whole.n;
    if (whole.n == 0 && at < s.n)
        utf8_next(s, &at);
    else if (whole.n == 0)
        at++;
    return at;
}

static void add_groups(struct strbuf *text, const str *groups, size_t n, const int64_t *wanted,
                       size_t n_wanted)
{
    for (size_t i = 0; i < n_wanted; i++) {
        size_t g = (size_t)wanted[i];
        strbuf_addz(text, i > 0 ? "," : "");
        json_escape(text, g < n && groups[g].p ? groups[g] : S(""));
    }
}

/* extract_all(re, [groups,] s): a text for each match, or an array of them when there are several groups. */
static void eval_extract_all(const struct kql_row_call *c, const struct scalar_value *v,
                             struct scalar_value *out)
{
    str                s = v[c->n - 1].s, groups[GROUPS];
    size_t             n, many = regex_group_count(c->data);
    int64_t            wanted[GROUPS];
    size_t             n_wanted = 0;
    struct scalar_json list;
    TEXT_OUT;

    if (c->n == 3 && scalar_json_parse(c->a, v[1].s, &list))
        for (uint32_t i = 0; i < list.n && n_wanted < GROUPS; i++) {
            int64_t g;
            if (scalar_json_long(&list.items[i], &g) && g > 0 && g < GROUPS)
                wanted[n_wanted++] = g;
        }
    for (size_t g = many > 0; c->n == 2 && g <= many && g < GROUPS; g++)
        wanted[n_wanted++] = (int64_t)g;
    int found = 0;
    for (size_t at = 0; at <= s.n && found < MAX_MATCHES && match(c->data, s, at, groups, &n);
         at = behind(s, groups[0])) {
        strbuf_addz(&text, found++ > 0 ? "," : "[");
        strbuf_addz(&text, n_wanted > 1 ? "[" : "");
        add_groups(&text, groups, n, wanted, n_wanted);
        strbuf_addz(&text, n_wanted > 1 ? "]" : "");
    }
    strbuf_addz(&text, found > 0 ? "]" : "");
    if (found > 0)
        scalar_give(c->a, &text, out);
}

/* \0 to \9 in the replacement are groups. */
static void add_replacement(struct strbuf *text, str with, const str *groups, size_t n)
{
    for (size_t i = 0; i < with.n; i++) {
        bool group = with.p[i] == '\\' && i + 1 < with.n && with.p[i + 1] >= '0' && with.p[i + 1] <= '9';
        if (group) {
            size_t g = (size_t)(with.p[++i] - '0');
            strbuf_add(text, g < n && groups[g].p ? groups[g] : S(""));
        } else if (with.p[i] == '\\' && i + 1 < with.n) {
            strbuf_addc(text, with.p[++i]);
        } else {
            strbuf_addc(text, with.p[i]);
        }
    }
}

static void eval_replace(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    bool   old = strcmp(c->expr->fn->name, "replace") == 0;
    str    s = v[old ? 2 : 0].s, with = v[old ? 1 : 2].s, groups[GROUPS];
    size_t n, copied = 0;
    int    found = 0;
    TEXT_OUT;

    for (size_t at = 0; at <= s.n && found < MAX_MATCHES && match(c->data, s, at, groups, &n); found++) {
        size_t begins = (size_t)(groups[0].p - s.p);
        strbuf_add(&text, str_slice(s, copied, begins));
        add_replacement(&text, with, groups, n);
        copied = begins + groups[0].n;
        at = behind(s, groups[0]);
    }
    strbuf_add(&text, str_from(s, copied));
    scalar_give(c->a, &text, out);
}

/* As text, each place where it stands; as a regex, matches one behind the other. */
static void eval_countof(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str     groups[GROUPS], s = v[0].s;
    size_t  n;
    int64_t found = 0;

    for (size_t at = 0; !c->data && v[1].s.n > 0 && at + v[1].s.n <= s.n; at++)
        found += memcmp(s.p + at, v[1].s.p, v[1].s.n) == 0;
    for (size_t at = 0; c->data && at <= s.n && found < MAX_MATCHES && match(c->data, s, at, groups, &n);
         at = behind(s, groups[0]))
        found += groups[0].n > 0;
    kql_row_fn_int(out, found);
}

static bool prepare_countof(struct arena *a, const struct kql_expr *call, const void **data)
{
    str kind = S("");
    if (call->n_args == 3 && !kql_row_fn_constant(call, 2, &kind))
        return false;
    return !str_eq_ci(kind, S("regex")) || prepare_second(a, call, data);
}

/* indexof_regex(s, pattern, from, length, occurrence), in characters */
static void eval_indexof(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str     groups[GROUPS];
    size_t  n, at = 0;
    int64_t times = v[4].i;

    if (v[2].i < 0 || times < 1)
        return;
    str part = str_from(v[0].s, utf8_offset(v[0].s, (size_t)v[2].i));
    if (v[3].i >= 0)
        part = str_slice(part, 0, utf8_offset(part, (size_t)v[3].i));
    kql_row_fn_int(out, -1);
    for (; at <= part.n && match(c->data, part, at, groups, &n); at = behind(part, groups[0]))
        if (groups[0].n > 0 && --times == 0) {
            kql_row_fn_int(out,
                           v[2].i + (int64_t)utf8_count(str_slice(part, 0, (size_t)(groups[0].p - part.p))));
            return;
        }
}

/* --- trim --- */

struct trims {
    const struct regex *start, *end; /* NULL: that side stays */
};

static bool prepare_trim(struct arena *a, const struct kql_expr *call, const void **data)
{
    struct trims *t = ARENA_NEW(a, struct trims);
    bool start = strcmp(call->fn->name, "trim_end") != 0, end = strcmp(call->fn->name, "trim_start") != 0;

    t->start = start ? kql_row_fn_regex(a, call->args[0], "^(?:", ")") : NULL;
    t->end = end ? kql_row_fn_regex(a, call->args[0], "(?:", ")\\z") : NULL;
    *data = t;
    return (!start || t->start) && (!end || t->end);
}

static void eval_trim(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    const struct trims *t = c->data;
    str                 s = v[1].s, groups[GROUPS];
    size_t              n;

    if (t->start && match(t->start, s, 0, groups, &n))
        s = str_from(s, groups[0].n);
    if (t->end && match(t->end, s, 0, groups, &n))
        s = str_slice(s, 0, s.n - groups[0].n);
    kql_row_fn_text(out, s);
}

static void eval_quote(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    TEXT_OUT;
    for (size_t i = 0; i < v[0].s.n; i++) {
        if (v[0].s.p[i] && strchr("\\.+*?()|[]{}^$", v[0].s.p[i]))
            strbuf_addc(&text, '\\');
        strbuf_addc(&text, v[0].s.p[i]);
    }
    scalar_give(c->a, &text, out);
}

/* --- the parts of parse --- */

/* Groups are handed on as an array of views: p points to them, n counts. None: no match. */
static void eval_groups(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    str    groups[GROUPS];
    size_t n;

    kql_row_fn_text(out, STR_NONE);
    if (!match(c->data, v[0].s, 0, groups, &n))
        return;
    str *kept = ARENA_TRY_ARRAY(c->a, str, n);
    if (kept)
        memcpy(kept, groups, n * sizeof *kept);
    out->s = str_make((const char *)kept, kept ? n : 0);
}

static str group(const struct scalar_value *v)
{
    const str *groups = (const str *)(const void *)v[0].s.p;
    return v[1].i >= 0 && (size_t)v[1].i < v[0].s.n && groups[v[1].i].p ? groups[v[1].i] : S("");
}

static void eval_group(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    (void)c;
    kql_row_fn_text(out, group(v));
}

static void eval_group_trimmed(const struct kql_row_call *c, const struct scalar_value *v,
                               struct scalar_value *out)
{
    (void)c;
    kql_row_fn_text(out, str_trim_chars(group(v), S(" \t\r\n")));
}

static void eval_matched(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    (void)c;
    kql_row_fn_int(out, v[0].s.n > 0);
}

static bool prepare_groups(struct arena *a, const struct kql_expr *call, const void **data)
{
    return (*data = kql_row_fn_regex(a, call->args[1], "", "")) != NULL;
}

const struct kql_row_fn KQL_ROW_FN_REGEX[] = {
    { .name = "matches regex", .eval = eval_matches, .prepare = prepare_second },
    { .name = "extract", .eval = eval_extract, .prepare = prepare_first },
    { .name = "extract_all", .eval = eval_extract_all, .prepare = prepare_first },
    { .name = "replace", .eval = eval_replace, .prepare = prepare_first },
    { .name = "replace_regex", .eval = eval_replace, .prepare = prepare_second },
    { .name = "indexof_regex", .eval = eval_indexof, .prepare = prepare_second },
    { .name = "countof", .eval = eval_countof, .prepare = prepare_countof },
    { .name = "trim", .eval = eval_trim, .prepare = prepare_trim },
    { .name = "trim_start", .eval = eval_trim, .prepare = prepare_trim },
    { .name = "trim_end", .eval = eval_trim, .prepare = prepare_trim },
    { .name = "regex_quote", .eval = eval_quote },
    { .name = "·groups", .eval = eval_groups, .prepare = prepare_groups },
    { .name = "·matches", .eval = eval_matches, .prepare = prepare_groups },
    { .name = "·group", .eval = eval_group },
    { .name = "·group_trimmed", .eval = eval_group_trimmed },
    { .name = "·matched", .eval = eval_matched },
    { 0 },
};
