/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_row_fn.h"

#include <math.h>

#include "base/codec.h"
#include "base/json.h"
#include "base/utf8.h"
#include "kql/kql_term.h"
#include "scalar/scalar_number.h"

static const struct kql_row_fn *const FAMILIES[] = {
    KQL_ROW_FN_OPERATOR, KQL_ROW_FN_TERM, KQL_ROW_FN_CAST,     KQL_ROW_FN_STRING,
    KQL_ROW_FN_REGEX,    KQL_ROW_FN_MATH, KQL_ROW_FN_DATETIME, KQL_ROW_FN_DYNAMIC,
    KQL_ROW_FN_ARRAY,    KQL_ROW_FN_NET,  KQL_ROW_FN_NET6,     KQL_ROW_FN_HASH,
};
enum { N_FAMILIES = sizeof FAMILIES / sizeof FAMILIES[0] };

const struct kql_row_fn *kql_row_fn_find(const char *name)
{
    for (const struct kql_row_fn *fn = kql_row_fn_next(NULL); fn; fn = kql_row_fn_next(fn))
        if (strcmp(fn->name, name) == 0)
            return fn;
    return NULL;
}

const struct kql_row_fn *kql_row_fn_next(const struct kql_row_fn *fn)
{
    size_t family = 0;

    if (!fn)
        return FAMILIES[0];
    if (fn[1].name)
        return fn + 1;
    for (; family < N_FAMILIES; family++) {
        const struct kql_row_fn *at = FAMILIES[family];
        while (at->name && at != fn)
            at++;
        if (at == fn)
            break;
    }
    return family + 1 < N_FAMILIES ? FAMILIES[family + 1] : NULL;
}

double kql_row_fn_as_real(const struct kql_row_call *c, const struct scalar_value *v, size_t i)
{
    return kql_row_fn_type(c, i) == KQL_REAL ? v[i].r : (double)v[i].i;
}

str kql_row_fn_compact(struct arena *a, str json)
{
    AUTO_STRBUF        out = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json tree;
    bool               blank = false;

    for (size_t i = 0; i < json.n && !blank; i++)
        blank = json.p[i] == ' ' || json.p[i] == '\n' || json.p[i] == '\r' || json.p[i] == '\t';
    if (!blank || !scalar_json_parse(a, json, &tree))
        return json;
    scalar_json_write(&out, &tree);
    return arena_str(a, strbuf_view(&out));
}

static str text_of_dynamic(struct arena *a, str json)
{
    struct scalar_json tree;

    json = str_trim(json);
    if (json.n == 0 || str_eq(json, S("null")))
        return S("");
    if (json.p[0] == '"' && scalar_json_parse(a, json, &tree))
        return tree.s;
    return kql_row_fn_compact(a, json);
}

static str text_of_long(struct arena *a, int64_t v)
{
    char     text[24], *to = text + sizeof text;
    uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    do
        *--to = (char)('0' + left % 10);
    while (left /= 10);
    if (v < 0)
        *--to = '-';
    return arena_str(a, str_make(to, (size_t)(text + sizeof text - to)));
}

str kql_row_fn_tostring(struct arena *a, enum kql_type type, const struct scalar_value *v)
{
    char        buf[TS_TEXT_SIZE];
    AUTO_STRBUF text = STRBUF_INIT(64);

    if (v->null)
        return S("");
    switch (type) {
    case KQL_BOOL:
        return v->i ? S("True") : S("False");
    case KQL_INT:
    case KQL_LONG:
        return text_of_long(a, v->i);
    case KQL_REAL:
        scalar_number_real(&text, v->r);
        return arena_str(a, strbuf_view(&text));
    case KQL_DATETIME:
        return arena_str(a, ts_text(v->i, buf));
    case KQL_TIMESPAN:
        return arena_str(a, duration_text(v->i, buf));
    case KQL_DYNAMIC:
        return text_of_dynamic(a, v->s);
    default:
        return v->s;
    }
}

void kql_row_fn_json(struct strbuf *out, enum kql_type type, const struct scalar_value *v)
{
    AUTO(arena) scratch = arena_new(1 << 12);

    if (v->null || (type == KQL_DYNAMIC && v->s.n == 0)) {
        strbuf_addz(out, "null");
        return;
    }
    switch (type) {
    case KQL_BOOL:
        strbuf_addz(out, v->i ? "true" : "false");
        break;
    case KQL_DYNAMIC:
        strbuf_add(out, v->s);
        break;
    case KQL_INT:
    case KQL_LONG:
        strbuf_add_i64(out, v->i);
        break;
    case KQL_REAL:
        if (isfinite(v->r))
            scalar_number_real(out, v->r);
        else
            json_escape(out, kql_row_fn_tostring(scratch, type, v));
        break;
    case KQL_STRING:
    case KQL_GUID:
        json_escape(out, v->s);
        break;
    default:
        json_escape(out, kql_row_fn_tostring(scratch, type, v));
        break;
    }
}

str kql_row_fn_lower(struct arena *a, str s)
{
    AUTO_STRBUF out = STRBUF_INIT(SCALAR_MAX_TEXT);
    utf8_lower(&out, s);
    return arena_str(a, strbuf_view(&out));
}

bool kql_row_fn_constant(const struct kql_expr *call, size_t i, str *out)
{
    if (i >= call->n_args || call->args[i]->kind != KQL_EXPR_CONST || call->args[i]->type != KQL_STRING)
        return false;
    *out = call->args[i]->value.s;
    return true;
}

static void free_regex(void *p)
{
    regex_free(p);
}

const struct regex *kql_row_fn_regex(struct arena *a, const struct kql_expr *pattern, const char *before,
                                     const char *after)
{
    struct regex *regex = NULL;

    if (pattern->kind != KQL_EXPR_CONST || pattern->type != KQL_STRING)
        return NULL;
    str digits = kql_term_digits(a, pattern->value.s);
    str whole = arena_printf(a, "%s" STR_FMT "%s", before, STR_ARG(digits), after);
    if (!whole.p || regex_new(whole, REGEX_UTF, &regex, NULL) != RC_OK)
        return NULL;
    arena_defer(a, free_regex, regex);
    return regex;
}
