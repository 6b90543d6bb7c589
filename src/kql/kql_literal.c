/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_literal.h"

#include <math.h>

#include "base/codec.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "base/ts.h"
#include "base/utf8.h"
#include "kql/kql_value.h"

enum { DYNAMIC_MAX_DEPTH = 100 };

struct reader {
    struct arena  *arena;
    str            s;
    size_t         at;
    struct strbuf *out;
    unsigned       depth;
};

static bool value(struct reader *r);

static void blanks(struct reader *r)
{
    while (r->at < r->s.n) {
        char c = r->s.p[r->at];
        if (c == '/' && r->at + 1 < r->s.n && r->s.p[r->at + 1] == '/')
            while (r->at < r->s.n && r->s.p[r->at] != '\n')
                r->at++;
        else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            r->at++;
        else
            return;
    }
}

static bool next_is(struct reader *r, char c)
{
    blanks(r);
    return r->at < r->s.n && r->s.p[r->at] == c;
}

static bool take(struct reader *r, char c)
{
    if (!next_is(r, c))
        return false;
    r->at++;
    return true;
}

/* One escape of a JSON string, kept as JSON has it; \' and other needless ones lose their backslash. */
static void escape(struct reader *r, struct strbuf *text)
{
    char c = r->at < r->s.n ? r->s.p[r->at++] : '\\';

    if (c == 'u' && r->at + 4 <= r->s.n) {
        uint32_t cp = 0;
        for (size_t i = 0; i < 4; i++) {
            int d = codec_hex_value(r->s.p[r->at + i]);
            cp = cp * 16 + (d < 0 ? 0 : (uint32_t)d);
        }
        r->at += 4;
        char utf8[4];
        strbuf_add(text, str_make(utf8, utf8_put(cp >= 0xD800 && cp < 0xE000 ? UTF8_BAD : cp, utf8)));
        return;
    }
    const char *from = "bfnrt", *at = c ? strchr(from, c) : NULL;
    strbuf_addc(text, at ? "\b\f\n\r\t"[at - from] : c);
}

static bool string(struct reader *r, bool verbatim, str *out)
{
    AUTO_STRBUF text = STRBUF_INIT(r->s.n + 8);
    char        quote = r->s.p[r->at++];

    while (r->at < r->s.n) {
        char c = r->s.p[r->at++];
        if (c == quote && verbatim && r->at < r->s.n && r->s.p[r->at] == quote) {
            strbuf_addc(&text, quote);
            r->at++;
        } else if (c == quote) {
            *out = arena_str(r->arena, strbuf_view(&text));
            return true;
        } else if (c == '\\' && !verbatim) {
            escape(r, &text);
        } else {
            strbuf_addc(&text, c);
        }
    }
    return false;
}

static bool quoted(struct reader *r, str *out)
{
    blanks(r);
    if (r->at < r->s.n && (r->s.p[r->at] == 'h' || r->s.p[r->at] == 'H'))
        r->at++;
    bool verbatim = r->at < r->s.n && r->s.p[r->at] == '@';
    r->at += verbatim;
    if (r->at >= r->s.n || (r->s.p[r->at] != '"' && r->s.p[r->at] != '\'') || !string(r, verbatim, out))
        return false;
    while (next_is(r, '"') || next_is(r, '\'')) { /* neighbours are one string */
        str more;
        if (!string(r, false, &more))
            return false;
        *out = arena_printf(r->arena, STR_FMT STR_FMT, STR_ARG(*out), STR_ARG(more));
    }
    return true;
}

static bool array(struct reader *r)
{
    strbuf_addc(r->out, '[');
    for (bool first = true; !take(r, ']'); first = false) {
        if (!first && !take(r, ','))
            return false;
        if (!first && take(r, ']')) /* a comma before the end is let pass */
            break;
        if (!first)
            strbuf_addc(r->out, ',');
        if (!value(r))
            return false;
    }
    strbuf_addc(r->out, ']');
    return true;
}

static bool object(struct reader *r)
{
    strbuf_addc(r->out, '{');
    for (bool first = true; !take(r, '}'); first = false) {
        str key;
        if (!first && !take(r, ','))
            return false;
        if (!first && take(r, '}'))
            break;
        if (!first)
            strbuf_addc(r->out, ',');
        if (!quoted(r, &key) || !take(r, ':'))
            return false;
        json_escape(r->out, key);
        strbuf_addc(r->out, ':');
        if (!value(r))
            return false;
    }
    strbuf_addc(r->out, '}');
    return true;
}

/* datetime(2020-01-01), time(1d), guid(…) and the like as an element. */
static bool typed(struct reader *r, str word)
{
    enum kql_type    type;
    struct kql_value v;
    size_t           close = str_find_byte(str_from(r->s, r->at), ')');

    if (!kql_type_parse(word, &type) || type == KQL_STRING || close == STR_NPOS)
        return false;
    if (type == KQL_DYNAMIC)
        return value(r) && take(r, ')');
    str inside = str_slice(r->s, r->at, r->at + close);
    r->at += close + 1;
    if (!kql_value_parse(r->arena, type, inside, &v))
        return false;
    kql_value_json(r->out, &v);
    return true;
}

static bool is_number(str s)
{
    size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    size_t digits = 0;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        digits++;
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
            digits++;
    if (digits > 0 && i + 1 < s.n && (s.p[i] | 32) == 'e') {
        i += 1 + (s.p[i + 1] == '+' || s.p[i + 1] == '-');
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
    }
    return digits > 0 && i == s.n;
}

/* A number that no real holds is no JSON. */
static bool is_finite(str s)
{
    double v = 0;
    return str_to_double(s, &v) && isfinite(v);
}

static bool word(struct reader *r)
{
    size_t from = r->at;
    while (r->at < r->s.n &&
           (strchr("+-._", r->s.p[r->at]) || (r->s.p[r->at] >= '0' && r->s.p[r->at] <= '9') ||
            ((r->s.p[r->at] | 32) >= 'a' && (r->s.p[r->at] | 32) <= 'z')) &&
           r->s.p[r->at])
        r->at++;
    str w = str_slice(r->s, from, r->at);
    if (take(r, '('))
        return typed(r, w);
    if (str_eq_ci(w, S("true")) || str_eq_ci(w, S("false"))) {
        strbuf_addz(r->out, (w.p[0] | 32) == 't' ? "true" : "false");
        return true;
    }
    if (str_eq_ci(w, S("null"))) {
        strbuf_addz(r->out, "null");
        return true;
    }
    if (is_number(w) && is_finite(w)) {
        strbuf_add(r->out, w.p[0] == '+' ? str_from(w, 1) : w);
        return true;
    }
    int64_t ticks;
    if (w.n > 0 && kql_value_parse_timespan(w, &ticks)) { /* 1h as an element */
        struct kql_value v = kql_value_int_of(KQL_TIMESPAN, ticks);
        kql_value_json(r->out, &v);
        return true;
    }
    return false;
}

static bool value(struct reader *r)
{
    str  text;
    bool ok;

    blanks(r);
    if (r->at >= r->s.n || ++r->depth > DYNAMIC_MAX_DEPTH)
        return false;
    char c = r->s.p[r->at], d = r->at + 1 < r->s.n ? r->s.p[r->at + 1] : '\0';
    if (c == '[') {
        r->at++;
        ok = array(r);
    } else if (c == '{') {
        r->at++;
        ok = object(r);
    } else if (c == '"' || c == '\'' || c == '@' ||
               ((c == 'h' || c == 'H') && (d == '"' || d == '\'' || d == '@'))) {
        ok = quoted(r, &text);
        if (ok)
            json_escape(r->out, text);
    } else {
        ok = word(r);
    }
    r->depth--;
    return ok;
}

bool kql_literal_dynamic(struct arena *a, str text, str *json)
{
    AUTO_STRBUF   out = STRBUF_INIT(text.n * 6 + 64);
    struct reader r = { .arena = a, .s = text, .out = &out };

    if (!value(&r))
        return false;
    blanks(&r);
    if (r.at != text.n || out.overflow)
        return false;
    *json = arena_str(a, strbuf_view(&out));
    return true;
}

static bool digits(str *s, int min, int max, int *out)
{
    int n = 0, v = 0;
    while (n < max && (size_t)n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (n < min)
        return false;
    *s = str_from(*s, (size_t)n);
    *out = v;
    return true;
}

static bool sign(str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = str_from(*s, 1);
    return true;
}

/* [ hh:mm[:ss[.fffffff]] [AM|PM] ] [Z|GMT|UTC] at the end of a date. */
static bool clock_part(str s, struct ts_parts *p)
{
    s = str_trim(s);
    if (s.n > 0 && !(s.p[0] == 'Z' || s.p[0] == 'G' || s.p[0] == 'U')) {
        if (!digits(&s, 1, 2, &p->hour) || !sign(&s, ':') || !digits(&s, 1, 2, &p->minute))
            return false;
        if (sign(&s, ':') && !digits(&s, 1, 2, &p->second))
            return false;
        if (sign(&s, '.')) {
            size_t before = s.n;
            if (!digits(&s, 1, 7, &p->ticks))
                return false;
            for (size_t n = before - s.n; n < 7; n++)
                p->ticks *= 10;
        }
        s = str_trim(s);
        bool am = str_starts_ci(s, S("AM")), pm = str_starts_ci(s, S("PM"));
        if (am || pm) {
            if (p->hour < 1 || p->hour > 12)
                return false;
            p->hour = p->hour % 12 + (pm ? 12 : 0);
            s = str_trim(str_from(s, 2));
        }
    }
    return s.n == 0 || str_eq_ci(s, S("Z")) || str_eq_ci(s, S("GMT")) || str_eq_ci(s, S("UTC"));
}

static bool us_date(str s, struct ts_parts *p)
{
    char sep;
    if (!digits(&s, 1, 2, &p->month) || s.n == 0 || (s.p[0] != '/' && s.p[0] != '-'))
        return false;
    sep = s.p[0];
    return sign(&s, sep) && digits(&s, 1, 2, &p->day) && sign(&s, sep) && digits(&s, 4, 4, &p->year) &&
           (s.n == 0 || s.p[0] == ' ' || s.p[0] == ',' || s.p[0] == 'T') &&
           clock_part(str_from(s, s.n > 0), p);
}

static bool ymd_date(str s, struct ts_parts *p)
{
    if (!digits(&s, 4, 4, &p->year))
        return false;
    if (s.n == 0)
        return true;
    char sep = s.p[0];
    if (sep == ',') { /* 2025, 6, 14 */
        s = str_trim(str_from(s, 1));
        if (!digits(&s, 1, 2, &p->month) || !sign(&s, ','))
            return false;
        s = str_trim(s);
        return digits(&s, 1, 2, &p->day) && s.n == 0;
    }
    if (sep >= '0' && sep <= '9')
        return digits(&s, 2, 2, &p->month) && digits(&s, 2, 2, &p->day) && s.n == 0;
    if (sep != '-' && sep != '/' && sep != '.')
        return false;
    if (!sign(&s, sep) || !digits(&s, 1, 2, &p->month))
        return false;
    if (s.n == 0)
        return true;
    if (!sign(&s, sep) || !digits(&s, 1, 2, &p->day))
        return false;
    return s.n == 0 || ((s.p[0] == ' ' || s.p[0] == 'T') && clock_part(str_from(s, 1), p));
}

static bool month_name(str s, int *month)
{
    static const char NAMES[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (s.n < 3)
        return false;
    for (int i = 0; i < 12; i++)
        if (str_eq_ci(str_slice(s, 0, 3), str_make(NAMES + 3 * i, 3))) {
            *month = i + 1;
            return true;
        }
    return false;
}

/* 2020, or 20, which is in this century up to 49. */
static bool year(str *s, int *out)
{
    if (digits(s, 4, 4, out))
        return true;
    if (!digits(s, 2, 2, out))
        return false;
    *out += *out < 50 ? 2000 : 1900;
    return true;
}

/* [Tue, ]24 Nov 2020 [01:02:03 GMT], [Tuesday, ]24-Nov-20 [01:02:03 GMT] */
static bool rfc1123(str s, struct ts_parts *p)
{
    size_t comma = str_find(s, S(", "));
    if (comma != STR_NPOS && comma <= 9)
        s = str_from(s, comma + 2);
    if (!digits(&s, 1, 2, &p->day) || (!sign(&s, ' ') && !sign(&s, '-')) || !month_name(s, &p->month))
        return false;
    while (s.n > 0 && ((s.p[0] | 32) >= 'a' && (s.p[0] | 32) <= 'z'))
        s = str_from(s, 1);
    return (sign(&s, ' ') || sign(&s, '-')) && year(&s, &p->year) && clock_part(s, p);
}

/* 2017 - 08 - 01 */
static bool spaced_date(str s, struct ts_parts *p)
{
    int *const parts[] = { &p->month, &p->day };

    if (!digits(&s, 4, 4, &p->year))
        return false;
    for (size_t i = 0; i < 2; i++) {
        s = str_trim(s);
        if (!sign(&s, '-'))
            return false;
        s = str_trim(s);
        if (!digits(&s, 1, 2, parts[i]))
            return false;
    }
    return s.n == 0 || (s.p[0] == ' ' && clock_part(s, p));
}

bool kql_literal_datetime(str text, int64_t *out)
{
    bool (*const FORMS[])(str, struct ts_parts *) = { us_date, ymd_date, rfc1123, spaced_date };

    text = str_trim(text);
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        struct ts_parts p = { .month = 1, .day = 1 };
        if (FORMS[i](text, &p) && ts_join(&p, out))
            return true;
    }
    return false;
}

str kql_literal_real_text(struct arena *a, double v)
{
    char buf[40];

    if (isnan(v))
        return S("NaN");
    if (isinf(v))
        return v > 0 ? S("Infinity") : S("-Infinity");
    for (int precision = 15; precision <= 17; precision++) {
        double back = 0;
        snprintf(buf, sizeof buf, "%.*g", precision, v);
        if (str_to_double(str_of(buf), &back) && back == v)
            break;
    }
    char *e = strchr(buf, 'e');
    if (!e)
        return arena_printf(a, strchr(buf, '.') ? "%s" : "%s.0", buf);
    *e = 'E';
    return arena_printf(a, "%s", buf);
}
