/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_value.h"

#include "base/codec.h"

enum { PRINT_MAX = 1 << 24 };

str ingest_value_base(str path)
{
    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '/' || path.p[i - 1] == '\\')
            return str_from(path, i);
    }
    return path;
}

void ingest_value_account(str account, str *domain, str *name)
{
    size_t at = str_find_byte(account, '\\');

    *domain = at == STR_NPOS ? STR_NONE : str_slice(account, 0, at);
    *name = at == STR_NPOS ? account : str_from(account, at + 1);
}

bool ingest_value_number(str s, int64_t *out)
{
    uint64_t v = 0;

    if (!str_starts_ci(s, S("0x")))
        return str_to_i64(s, out);
    if (s.n < 3 || s.n > 18)
        return false;
    for (size_t i = 2; i < s.n; i++) {
        int d = codec_hex_value(s.p[i]);

        if (d < 0)
            return false;
        v = v << 4 | (uint64_t)d;
    }
    *out = (int64_t)v;
    return true;
}

static str print_json(struct arena *a, const struct json *v)
{
    AUTO_STRBUF   buf = STRBUF_INIT(PRINT_MAX);
    struct json_w w = json_w_make(&buf);

    json_w_tree(&w, v);
    return arena_str(a, strbuf_view(&buf));
}

str ingest_value_text(struct arena *a, const struct json *v)
{
    if (!v)
        return STR_NONE;
    switch (v->kind) {
    case JSON_NULL:
        return STR_NONE;
    case JSON_STRING:
        return v->s;
    case JSON_BOOL:
        return v->b ? S("true") : S("false");
    case JSON_INT:
        return arena_printf(a, "%lld", (long long)v->i);
    case JSON_DOUBLE:
    case JSON_ARRAY:
    case JSON_OBJECT:
        return print_json(a, v);
    }
    return STR_NONE;
}

int64_t ingest_value_i64(const struct json *v, int64_t fallback)
{
    int64_t n;

    if (!v)
        return fallback;
    if (v->kind == JSON_INT)
        return v->i;
    if (v->kind == JSON_STRING && ingest_value_number(v->s, &n))
        return n;
    return fallback;
}

bool ingest_value_time_text(str s, ts *out)
{
    return s.n >= 10 && ts_parse(s, out);
}

/* Ticks in one unit of a number since 1970. The units are a thousandfold apart and logs are not of the year
 * 1973, so the size alone tells them apart; 0 is none: negative, or beyond the year 9999. */
static double epoch_unit(double v)
{
    static const struct {
        double below, ticks;
    } UNITS[] = { { 1e11, 1e7 }, { 1e14, 1e4 }, { 1e17, 10 }, { 9e18, 0.01 } };

    for (size_t i = 0; v >= 0 && i < sizeof UNITS / sizeof *UNITS; i++) {
        if (v < UNITS[i].below)
            return UNITS[i].ticks;
    }
    return 0;
}

static bool from_epoch(double v, ts *out)
{
    double unit = epoch_unit(v);

    *out = (ts)(v * unit);
    return unit > 0;
}

static bool from_epoch_int(int64_t v, ts *out)
{
    double unit = epoch_unit((double)v);

    *out = unit >= 1 ? v * (int64_t)unit : v / 100;
    return unit > 0;
}

bool ingest_value_time(const struct json *v, ts *out)
{
    double d;

    if (!v)
        return false;
    switch (v->kind) {
    case JSON_STRING:
        return ingest_value_time_text(v->s, out) ||
               (str_to_double(v->s, &d) && d > 1e8 && from_epoch(d, out));
    case JSON_INT:
        return from_epoch_int(v->i, out);
    case JSON_DOUBLE:
        return from_epoch(v->d, out);
    default:
        return false;
    }
}

bool ingest_value_blank(const struct json *v)
{
    switch (v->kind) {
    case JSON_NULL:
        return true;
    case JSON_STRING:
        return v->s.n == 0 || (v->s.n == 1 && v->s.p[0] == '-');
    case JSON_ARRAY:
    case JSON_OBJECT:
        return v->n == 0;
    default:
        return false;
    }
}

str ingest_value_lower(struct arena *a, str s)
{
    str   copy = arena_str(a, s);
    char *p = (char *)copy.p;

    for (size_t i = 0; p && i < copy.n; i++) {
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] |= 32;
    }
    return copy;
}

void ingest_value_add_argument(struct strbuf *line, str argument)
{
    bool quote = argument.n == 0 || str_find_byte(argument, ' ') != STR_NPOS;

    if (line->n)
        strbuf_addc(line, ' ');
    if (quote)
        strbuf_addc(line, '\'');
    strbuf_add(line, argument);
    if (quote)
        strbuf_addc(line, '\'');
}
