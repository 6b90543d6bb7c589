/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_value.h"

#include <inttypes.h>
#include <math.h>

#include "base/codec.h"
#include "base/guid.h"
#include "base/json.h"
#include "base/sql.h"
#include "base/ts.h"
#include "kql/kql_lex.h"
#include "kql/kql_literal.h"

struct kql_value kql_value_null(enum kql_type t)
{
    return (struct kql_value) { .type = t, .null = !kql_type_is_text(t) };
}

struct kql_value kql_value_long(int64_t v)
{
    return (struct kql_value) { .type = KQL_LONG, .i = v };
}

struct kql_value kql_value_int_of(enum kql_type t, int64_t v)
{
    return (struct kql_value) { .type = t, .i = v };
}

struct kql_value kql_value_real(double v)
{
    return (struct kql_value) { .type = KQL_REAL, .r = v };
}

struct kql_value kql_value_string(str s)
{
    return (struct kql_value) { .type = KQL_STRING, .s = s };
}

struct kql_value kql_value_dynamic(str json)
{
    return (struct kql_value) { .type = KQL_DYNAMIC, .s = str_eq(json, S("null")) ? STR_NONE : json };
}

static str without_quotes(str s)
{
    if (s.n > 0 && (s.p[0] == 'h' || s.p[0] == 'H' || s.p[0] == '@'))
        s = str_from(s, 1);
    if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
        return str_slice(s, 1, s.n - 1);
    return s;
}

static bool parse_integer(str text, enum kql_type type, struct kql_value *out)
{
    int64_t v = 0;
    bool    minus = text.n > 0 && text.p[0] == '-';
    str     digits = str_trim(str_from(text, minus));

    if (str_starts_ci(digits, S("0x"))) {
        uint64_t u = 0;
        if (digits.n < 3 || digits.n > 18)
            return false;
        for (size_t i = 2; i < digits.n; i++) {
            int d = codec_hex_value(digits.p[i]);
            if (d < 0)
                return false;
            u = u * 16 + (uint64_t)d;
        }
        v = (int64_t)(minus ? -u : u);
    } else if (!str_to_i64(text, &v)) {
        return false;
    }
    if (type == KQL_INT && (v > INT32_MAX || v < INT32_MIN))
        return false;
    *out = kql_value_int_of(type, v);
    return true;
}

static bool parse_real(str text, struct kql_value *out)
{
    static const struct {
        const char *word;
        double      value;
    } WORDS[] = { { "nan", NAN }, { "+inf", INFINITY }, { "inf", INFINITY }, { "-inf", -INFINITY } };
    double v;

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (str_eq_ci(text, str_of(WORDS[i].word))) {
            *out = kql_value_real(WORDS[i].value);
            return true;
        }
    if (!str_to_double(text, &v))
        return false;
    *out = kql_value_real(v);
    return true;
}

static bool parse_bool(str text, struct kql_value *out)
{
    int64_t number;
    bool    yes = str_eq_ci(text, S("true")), no = str_eq_ci(text, S("false"));
    if (!yes && !no) {
        if (!str_to_i64(text, &number))
            return false;
        yes = number != 0;
    }
    *out = kql_value_int_of(KQL_BOOL, yes);
    return true;
}

static bool parse_guid(struct arena *a, str text, struct kql_value *out)
{
    guid g;
    char buf[GUID_TEXT_SIZE];
    if (!guid_parse(text, &g))
        return false;
    *out = (struct kql_value) { .type = KQL_GUID, .s = arena_str(a, guid_text(g, buf)) };
    return true;
}

static bool parse_decimal(struct arena *a, str text, struct kql_value *out)
{
    double check;
    if (!str_to_double(text, &check) || text.n > 60 || fabs(check) >= 1e20)
        return false;
    *out = (struct kql_value) { .type = KQL_DECIMAL, .s = arena_str(a, text) };
    return true;
}

bool kql_value_parse(struct arena *a, enum kql_type type, str text, struct kql_value *out)
{
    int64_t ticks;

    text = str_trim(text);
    if (type == KQL_DYNAMIC) {
        str json;
        if (!kql_literal_dynamic(a, text, &json))
            return false;
        *out = kql_value_dynamic(json);
        return true;
    }
    if (str_eq(text, S("null")) && type != KQL_STRING) {
        *out = kql_value_null(type);
        return true;
    }
    text = str_trim(without_quotes(text));
    switch (type) {
    case KQL_BOOL:
        return parse_bool(text, out);
    case KQL_INT:
    case KQL_LONG:
        return parse_integer(text, type, out);
    case KQL_REAL:
        return parse_real(text, out);
    case KQL_DECIMAL:
        return parse_decimal(a, text, out);
    case KQL_GUID:
        return parse_guid(a, text, out);
    case KQL_DATETIME:
        if (!kql_value_parse_datetime(text, &ticks))
            return false;
        *out = kql_value_int_of(KQL_DATETIME, ticks);
        return true;
    case KQL_TIMESPAN:
        if (!kql_value_parse_timespan(text, &ticks))
            return false;
        *out = kql_value_int_of(KQL_TIMESPAN, ticks);
        return true;
    default:
        return false;
    }
}

bool kql_value_parse_datetime(str text, int64_t *out)
{
    return ts_parse(text, out) || kql_literal_datetime(text, out);
}

bool kql_value_parse_timespan(str text, int64_t *ticks)
{
    int64_t days;
    size_t  split = 0;

    if (str_to_i64(text, &days))
        return !__builtin_mul_overflow(days, DAYS(1), ticks);
    if (duration_parse(text, ticks))
        return true;
    bool minus = text.n > 0 && text.p[0] == '-';
    text = str_from(text, minus);
    while (split < text.n && ((text.p[split] >= '0' && text.p[split] <= '9') || text.p[split] == '.'))
        split++;
    if (!kql_lex_timespan(str_slice(text, 0, split), str_trim(str_from(text, split)), ticks))
        return false;
    *ticks = minus ? -*ticks : *ticks;
    return true;
}

static void sql_real(struct strbuf *out, double r)
{
    if (isnan(r))
        strbuf_addz(out, "nan");
    else if (isinf(r))
        strbuf_addz(out, r > 0 ? "inf" : "-inf");
    else
        strbuf_addf(out, "toFloat64(%.17g)", r);
}

void kql_value_sql(struct strbuf *out, const struct kql_value *v)
{
    char buf[TS_TEXT_SIZE];

    if (v->null) {
        strbuf_add(out, kql_type_null_sql(v->type));
        return;
    }
    switch (v->type) {
    case KQL_BOOL:
        strbuf_addz(out, v->i ? "true" : "false");
        break;
    case KQL_INT:
    case KQL_LONG:
    case KQL_TIMESPAN:
        if (v->i == INT64_MIN)
            strbuf_addz(out, "toInt64('-9223372036854775808')");
        else
            strbuf_addf(out, "toInt64(%" PRId64 ")", v->i);
        break;
    case KQL_REAL:
        sql_real(out, v->r);
        break;
    case KQL_DATETIME: {
        str text = ts_text(v->i, buf);
        strbuf_addz(out, "toDateTime64('");
        strbuf_add(out, str_slice(text, 0, 10));
        strbuf_addc(out, ' ');
        strbuf_add(out, str_slice(text, 11, text.n - 1));
        strbuf_addz(out, "',7,'UTC')");
        break;
    }
    case KQL_GUID:
        strbuf_addf(out, "toUUID('" STR_FMT "')", STR_ARG(v->s));
        break;
    case KQL_DECIMAL:
        strbuf_addz(out, "toDecimal128OrNull(");
        sql_text(out, v->s);
        strbuf_addz(out, ",18)");
        break;
    default:
        sql_text(out, v->s);
        break;
    }
}

str kql_value_text(struct arena *a, const struct kql_value *v)
{
    char buf[TS_TEXT_SIZE];

    if (v->null)
        return STR_NONE;
    switch (v->type) {
    case KQL_BOOL:
        return v->i ? S("True") : S("False");
    case KQL_INT:
    case KQL_LONG:
        return arena_printf(a, "%" PRId64, v->i);
    case KQL_TIMESPAN:
        return arena_str(a, duration_text(v->i, buf));
    case KQL_DATETIME:
        return arena_str(a, ts_text(v->i, buf));
    case KQL_REAL:
        return kql_literal_real_text(a, v->r);
    default:
        return v->s;
    }
}

void kql_value_json(struct strbuf *out, const struct kql_value *v)
{
    AUTO(arena) scratch = arena_new(1 << 16);

    if (v->null || (v->type == KQL_DYNAMIC && v->s.n == 0)) {
        strbuf_addz(out, "null");
        return;
    }
    switch (v->type) {
    case KQL_BOOL:
        strbuf_addz(out, v->i ? "true" : "false");
        break;
    case KQL_REAL:
        if (isnan(v->r) || isinf(v->r))
            json_escape(out, kql_value_text(scratch, v));
        else
            strbuf_add(out, kql_value_text(scratch, v));
        break;
    case KQL_INT:
    case KQL_LONG:
        strbuf_add(out, kql_value_text(scratch, v));
        break;
    case KQL_DYNAMIC:
        strbuf_add(out, v->s);
        break;
    case KQL_STRING:
    case KQL_GUID:
    case KQL_DECIMAL:
        json_escape(out, v->s);
        break;
    default:
        json_escape(out, kql_value_text(scratch, v));
        break;
    }
}
