/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: to…(). */
#include <math.h>

#include "base/codec.h"
#include "base/guid.h"
#include "base/json.h"
#include "kql/kql_row_fn.h"

/* Ticks from year 1 to 1970. */
#define EPOCH (-TS_MIN)

static bool long_of_text(str s, int64_t *out)
{
    uint64_t v = 0;

    s = str_trim_chars(s, S(" \t\r\n"));
    if (!str_starts_ci(s, S("0x")))
        return str_to_i64(s, out);
    if (s.n < 3 || s.n > 18)
        return false;
    for (size_t i = 2; i < s.n; i++) {
        int digit = codec_hex_value(s.p[i]);
        if (digit < 0)
            return false;
        v = v << 4 | (uint64_t)digit;
    }
    *out = (int64_t)v;
    return true;
}

static bool real_of_text(str s, double *out)
{
    static const char *const WORDS[] = { "inf", "Inf", "Infinity" };

    s = str_trim_chars(s, S(" \t\r\n"));
    if (str_eq(s, S("nan")) || str_eq(s, S("NaN"))) {
        *out = NAN;
        return true;
    }
    bool minus = str_starts(s, S("-"));
    str  word = str_from(s, minus || str_starts(s, S("+")));
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (str_eq(word, str_of(WORDS[i]))) {
            *out = minus ? -INFINITY : INFINITY;
            return true;
        }
    for (size_t i = 0; i < word.n; i++)
        if (!strchr("0123456789.eE+-", word.p[i]))
            return false;
    return str_to_double(s, out);
}

/* Cut towards zero; over the ends it stays at them. */
static void set_whole(struct scalar_value *out, double r, int64_t min, int64_t max)
{
    if (isnan(r) || isinf(r))
        return;
    kql_row_fn_int(out, r >= (double)max ? max : r <= (double)min ? min : (int64_t)r);
}

static void eval_tostring(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    kql_row_fn_text(out, kql_row_fn_tostring(c->a, kql_row_fn_type(c, 0), &v[0]));
}

static void eval_tolong(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t n;

    switch (kql_row_fn_type(c, 0)) {
    case KQL_STRING:
        if (long_of_text(v[0].s, &n))
            kql_row_fn_int(out, n);
        break;
    case KQL_REAL:
        set_whole(out, v[0].r, INT64_MIN, INT64_MAX);
        break;
    case KQL_DATETIME:
        kql_row_fn_int(out, v[0].i + EPOCH);
        break;
    default:
        kql_row_fn_int(out, v[0].i);
        break;
    }
}

static void eval_toint(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t n;

    switch (kql_row_fn_type(c, 0)) {
    case KQL_STRING:
        if (long_of_text(v[0].s, &n) && n >= INT32_MIN && n <= INT32_MAX)
            kql_row_fn_int(out, n);
        break;
    case KQL_REAL:
        set_whole(out, v[0].r, INT32_MIN, INT32_MAX);
        break;
    case KQL_LONG:
        kql_row_fn_int(out, (int32_t)v[0].i);
        break;
    default:
        eval_tolong(c, v, out);
        break;
    }
}

static void eval_todouble(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    double r;

    if (kql_row_fn_type(c, 0) == KQL_DATETIME)
        kql_row_fn_real(out, (double)(v[0].i + EPOCH));
    else if (kql_row_fn_type(c, 0) != KQL_STRING)
        kql_row_fn_real(out, kql_row_fn_as_real(c, v, 0));
    else if (real_of_text(v[0].s, &r))
        kql_row_fn_real(out, r);
}

static void eval_tobool(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    int64_t n;

    if (kql_row_fn_type(c, 0) == KQL_REAL)
        kql_row_fn_int(out, v[0].r != 0);
    else if (kql_row_fn_type(c, 0) != KQL_STRING)
        kql_row_fn_int(out, v[0].i != 0);
    else if (str_eq_ci(v[0].s, S("true")) || str_eq_ci(v[0].s, S("false")))
        kql_row_fn_int(out, str_eq_ci(v[0].s, S("true")));
    else if (long_of_text(v[0].s, &n))
        kql_row_fn_int(out, n != 0);
}

static void eval_todatetime(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    int64_t t;

    if (kql_row_fn_type(c, 0) == KQL_STRING) {
        if (kql_value_parse_datetime(str_trim(v[0].s), &t))
            kql_row_fn_int(out, t);
        return;
    }
    double ticks = kql_row_fn_as_real(c, v, 0);
    if (!(ticks >= 0 && ticks < 3.2e18))
        return;
    t = kql_row_fn_type(c, 0) == KQL_REAL ? (int64_t)ticks : v[0].i;
    if (t - EPOCH <= TS_MAX)
        kql_row_fn_int(out, t - EPOCH);
}

static void eval_totimespan(const struct kql_row_call *c, const struct scalar_value *v,
                            struct scalar_value *out)
{
    int64_t ticks;

    if (kql_row_fn_type(c, 0) == KQL_REAL) {
        double r = trunc(v[0].r * (double)DAYS(1));
        if (fabs(r) < 9.2e18)
            kql_row_fn_int(out, (int64_t)r);
    } else if (kql_row_fn_type(c, 0) != KQL_STRING) {
        kql_row_fn_int(out, v[0].i);
    } else if (kql_value_parse_timespan(str_trim(v[0].s), &ticks)) {
        kql_row_fn_int(out, ticks);
    }
}

static void eval_toguid(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    char buf[GUID_TEXT_SIZE];
    guid g;

    if (guid_parse(v[0].s, &g))
        kql_row_fn_text(out, arena_str(c->a, guid_text(g, buf)));
}

/* JSON text as it is; other text as a string. */
static void eval_todynamic(const struct kql_row_call *c, const struct scalar_value *v,
                           struct scalar_value *out)
{
    AUTO_STRBUF        text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json tree;
    bool               string = kql_row_fn_type(c, 0) == KQL_STRING;

    if (v[0].null || (string && v[0].s.n == 0))
        return;
    if (string && scalar_json_parse(c->a, v[0].s, &tree)) {
        kql_row_fn_text(out, v[0].s);
        return;
    }
    kql_row_fn_json(&text, kql_row_fn_type(c, 0), &v[0]);
    scalar_give(c->a, &text, out);
}

static void eval_quote(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (v[0].s.n == 0)
        return;
    json_escape(&text, v[0].s);
    scalar_give(c->a, &text, out);
}

/* --- a dynamic as a number: v[1] is its text as one --- */

static bool is_string(const struct scalar_value *v)
{
    return v[0].s.n > 0 && v[0].s.p[0] == '"';
}

static bool json_long(str s, int64_t *out)
{
    double r;

    if (str_eq(s, S("true")) || str_eq(s, S("false"))) {
        *out = s.p[0] == 't';
        return true;
    }
    if (str_to_i64(s, out))
        return true;
    if (!str_to_double(s, &r) || fabs(r) >= 9.2e18)
        return false;
    *out = (int64_t)r;
    return true;
}

static void eval_bool_of_json(const struct kql_row_call *c, const struct scalar_value *v,
                              struct scalar_value *out)
{
    struct scalar_json j;
    double             number;

    if (scalar_json_parse(c->a, v[0].s, &j) && j.kind == SCALAR_JSON_NUMBER && scalar_json_real(&j, &number))
        kql_row_fn_int(out, number != 0);
    else
        *out = v[1];
}

static void eval_long_of_json(const struct kql_row_call *c, const struct scalar_value *v,
                              struct scalar_value *out)
{
    int64_t n;

    if (is_string(v))
        *out = v[1];
    else if (json_long(v[0].s, &n)) /* an int is cut to its bits, as the engine does */
        kql_row_fn_int(out, c->expr->type == KQL_INT ? (int32_t)n : n);
}

static void eval_real_of_json(const struct kql_row_call *c, const struct scalar_value *v,
                              struct scalar_value *out)
{
    double r;
    (void)c;

    if (is_string(v))
        *out = v[1];
    else if (str_eq(v[0].s, S("true")) || str_eq(v[0].s, S("false")))
        kql_row_fn_real(out, v[0].s.p[0] == 't');
    else if (str_to_double(v[0].s, &r))
        kql_row_fn_real(out, r);
}

const struct kql_row_fn KQL_ROW_FN_CAST[] = {
    { .name = "tostring", .eval = eval_tostring, .nulls = true },
    { .name = "tolong", .eval = eval_tolong },
    { .name = "toint", .eval = eval_toint },
    { .name = "todouble", .eval = eval_todouble },
    { .name = "tobool", .eval = eval_tobool },
    { .name = "todatetime", .eval = eval_todatetime },
    { .name = "totimespan", .eval = eval_totimespan },
    { .name = "toguid", .eval = eval_toguid },
    { .name = "todynamic", .eval = eval_todynamic, .nulls = true },
    { .name = "parse_json", .eval = eval_todynamic, .nulls = true },
    { .name = "·quote", .eval = eval_quote },
    { .name = "·bool_of_json", .eval = eval_bool_of_json, .nulls = true },
    { .name = "·long_of_json", .eval = eval_long_of_json, .nulls = true },
    { .name = "·int_of_json", .eval = eval_long_of_json, .nulls = true },
    { .name = "·real_of_json", .eval = eval_real_of_json, .nulls = true },
    { 0 },
};
