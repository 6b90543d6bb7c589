/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables_block.h"

#include <math.h>

#include "base/guid.h"

void tables_block_init(struct tables_block *b, enum tables_type type, bool nullable, size_t max_bytes)
{
    bool text = type == TABLES_STRING || type == TABLES_DYNAMIC;

    *b = (struct tables_block) { .type = type, .nullable = nullable && !text };
    strbuf_init(&b->nulls, max_bytes);
    strbuf_init(&b->data, max_bytes);
}

void tables_block_done(struct tables_block *b)
{
    strbuf_done(&b->nulls);
    strbuf_done(&b->data);
}

void tables_block_clear(struct tables_block *b)
{
    b->rows = 0;
    strbuf_clear(&b->nulls);
    strbuf_clear(&b->data);
}

struct tables_block_mark tables_block_mark(const struct tables_block *b)
{
    return (struct tables_block_mark) { b->rows, b->nulls.n, b->data.n };
}

void tables_block_undo(struct tables_block *b, struct tables_block_mark mark)
{
    b->rows = mark.rows;
    strbuf_truncate(&b->nulls, mark.nulls);
    strbuf_truncate(&b->data, mark.data);
}

void tables_block_varint(struct strbuf *out, uint64_t v)
{
    char   bytes[10];
    size_t n = 0;

    while (v >= 0x80) {
        bytes[n++] = (char)(v | 0x80);
        v >>= 7;
    }
    bytes[n++] = (char)v;
    strbuf_add(out, str_make(bytes, n));
}

void tables_block_head(const struct tables_block *b, str name, struct strbuf *out)
{
    /* The one type whose nullable form we do not write: TimeGenerated and _IngestionTime. */
    str type =
        b->type == TABLES_DATETIME && !b->nullable ? S("DateTime64(7, 'UTC')") : tables_type_sql(b->type);

    tables_block_varint(out, name.n);
    strbuf_add(out, name);
    tables_block_varint(out, type.n);
    strbuf_add(out, type);
}

static size_t width(enum tables_type t)
{
    switch (t) {
    case TABLES_STRING:
    case TABLES_DYNAMIC:
    case TABLES_BOOL:
        return 1;
    case TABLES_GUID:
    case TABLES_DECIMAL:
        return 16;
    default:
        return 8;
    }
}

/* A zero byte is the empty text, false, and each byte of a zero; under a null it is not looked at. */
void tables_block_fill(struct tables_block *b, size_t rows)
{
    size_t missing = rows - b->rows;

    if (rows <= b->rows)
        return;
    char *zero = strbuf_room(&b->data, missing * width(b->type));
    if (zero) {
        memset(zero, 0, missing * width(b->type));
        strbuf_added(&b->data, missing * width(b->type));
    }
    if (b->nullable) {
        char *ones = strbuf_room(&b->nulls, missing);
        if (ones) {
            memset(ones, 1, missing);
            strbuf_added(&b->nulls, missing);
        }
    }
    b->rows = rows;
}

static void filled(struct tables_block *b)
{
    if (b->nullable)
        strbuf_addc(&b->nulls, 0);
    b->rows++;
}

static void put_bytes(struct tables_block *b, size_t row, const void *bytes, size_t n)
{
    tables_block_fill(b, row);
    strbuf_add(&b->data, str_make(bytes, n));
    filled(b);
}

static bool put_i64(struct tables_block *b, size_t row, int64_t v)
{
    put_bytes(b, row, &v, sizeof v);
    return true;
}

void tables_block_put_ts(struct tables_block *b, size_t row, ts t)
{
    put_i64(b, row, t);
}

void tables_block_put_text(struct tables_block *b, size_t row, str text)
{
    tables_block_fill(b, row);
    tables_block_varint(&b->data, text.n);
    strbuf_add(&b->data, text);
    filled(b);
}

/* --- values of JSON --- */

static bool printed(struct tables_block *b, size_t row, const struct json *v)
{
    AUTO_STRBUF text = STRBUF_INIT(b->data.max);

    json_print(&text, v, 0);
    if (text.overflow)
        return false;
    tables_block_put_text(b, row, strbuf_view(&text));
    return true;
}

static bool put_string(struct tables_block *b, size_t row, const struct json *v)
{
    if (v->kind != JSON_STRING)
        return printed(b, row, v);
    tables_block_put_text(b, row, v->s);
    return true;
}

/* A sender that has only texts sends objects as text: what reads as one is taken for one. */
static bool put_dynamic(struct tables_block *b, size_t row, const struct json *v)
{
    if (v->kind != JSON_STRING)
        return printed(b, row, v);
    if (v->s.n == 0) {
        tables_block_put_text(b, row, S(""));
        return true;
    }
    if (v->s.p[0] == '{' || v->s.p[0] == '[') {
        AUTO(arena) a = arena_new(16 * v->s.n + (64 << 10));
        const struct json *tree;
        if (json_parse(a, v->s, &tree, NULL) == RC_OK)
            return printed(b, row, tree);
    }
    return printed(b, row, v);
}

static bool as_i64(const struct json *v, int64_t *out)
{
    switch (v->kind) {
    case JSON_INT:
        *out = v->i;
        return true;
    case JSON_BOOL:
        *out = v->b;
        return true;
    case JSON_DOUBLE:
        if (!(v->d >= -9.2e18 && v->d <= 9.2e18) || v->d != floor(v->d))
            return false;
        *out = (int64_t)v->d;
        return true;
    case JSON_STRING:
        return str_to_i64(str_trim(v->s), out);
    default:
        return false;
    }
}

static bool put_long(struct tables_block *b, size_t row, const struct json *v)
{
    int64_t i;
    return as_i64(v, &i) && put_i64(b, row, i);
}

static bool put_real(struct tables_block *b, size_t row, const struct json *v)
{
    double d;

    if (v->kind == JSON_DOUBLE)
        d = v->d;
    else if (v->kind == JSON_INT)
        d = (double)v->i;
    else if (v->kind != JSON_STRING || !str_to_double(str_trim(v->s), &d))
        return false;
    put_bytes(b, row, &d, sizeof d);
    return true;
}

static bool put_bool(struct tables_block *b, size_t row, const struct json *v)
{
    char byte;

    if (v->kind == JSON_BOOL)
        byte = v->b;
    else if (v->kind == JSON_INT && (v->i == 0 || v->i == 1))
        byte = (char)v->i;
    else if (v->kind == JSON_STRING && (str_eq_ci(v->s, S("true")) || str_eq(v->s, S("1"))))
        byte = 1;
    else if (v->kind == JSON_STRING && (str_eq_ci(v->s, S("false")) || str_eq(v->s, S("0"))))
        byte = 0;
    else
        return false;
    put_bytes(b, row, &byte, 1);
    return true;
}

static bool put_datetime(struct tables_block *b, size_t row, const struct json *v)
{
    ts t;
    return v->kind == JSON_STRING && ts_parse(str_trim(v->s), &t) && put_i64(b, row, t);
}

static bool put_timespan(struct tables_block *b, size_t row, const struct json *v)
{
    duration d;

    if (v->kind == JSON_INT)
        return put_i64(b, row, v->i);
    if (v->kind != JSON_STRING || (!duration_parse(v->s, &d) && !duration_parse_iso(v->s, &d)))
        return false;
    return put_i64(b, row, d);
}

/* Two halves, each with its bytes turned round. */
static bool put_guid(struct tables_block *b, size_t row, const struct json *v)
{
    guid    g;
    uint8_t bytes[16];

    if (v->kind != JSON_STRING || !guid_parse(str_trim(v->s), &g))
        return false;
    for (int i = 0; i < 8; i++) {
        bytes[i] = g.bytes[7 - i];
        bytes[8 + i] = g.bytes[15 - i];
    }
    put_bytes(b, row, bytes, sizeof bytes);
    return true;
}

/* "-12.5" as an integer of 18 places behind the point; digits beyond them are cut off. */
static bool decimal_parse(str s, __int128 *out)
{
    bool     minus = str_starts(s, S("-"));
    __int128 v = 0;
    int      places = -1, digits = 0;

    for (size_t i = minus; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (c < '0' || c > '9' || ++digits > 38)
            return false;
        if (places >= 18)
            continue;
        v = v * 10 + (c - '0');
        places += places >= 0;
    }
    if (digits == 0 || digits - (places > 0 ? places : 0) > 20)
        return false;
    for (int i = places > 0 ? places : 0; i < 18; i++)
        v *= 10;
    *out = minus ? -v : v;
    return true;
}

static bool put_decimal(struct tables_block *b, size_t row, const struct json *v)
{
    char     text[64];
    __int128 d;

    if (v->kind == JSON_INT)
        d = (__int128)v->i * 1000000000 * 1000000000;
    else if (v->kind == JSON_DOUBLE && fabs(v->d) < 1e18) {
        int n = snprintf(text, sizeof text, "%.15f", v->d);
        if (!decimal_parse(str_make(text, (size_t)n), &d))
            return false;
    } else if (v->kind != JSON_STRING || !decimal_parse(str_trim(v->s), &d))
        return false;
    put_bytes(b, row, &d, sizeof d);
    return true;
}

static bool (*const PUT[TABLES_TYPE_COUNT_])(struct tables_block *b, size_t row, const struct json *v) = {
    [TABLES_STRING] = put_string,     [TABLES_DYNAMIC] = put_dynamic,   [TABLES_LONG] = put_long,
    [TABLES_INT] = put_long,          [TABLES_REAL] = put_real,         [TABLES_BOOL] = put_bool,
    [TABLES_DATETIME] = put_datetime, [TABLES_TIMESPAN] = put_timespan, [TABLES_GUID] = put_guid,
    [TABLES_DECIMAL] = put_decimal,
};

bool tables_block_put(struct tables_block *b, size_t row, const struct json *value)
{
    return PUT[b->type](b, row, value);
}
