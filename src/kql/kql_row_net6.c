/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: addresses of IPv6. One of IPv4 stands for ::ffff:a.b.c.d, and its prefix counts from the
 * 96th bit on. */
#include <arpa/inet.h>

#include "kql/kql_row_fn.h"

enum { BYTES = 16, BITS = 128, V4_FROM = 96, TEXT_BYTES = 64 };

struct address {
    uint8_t  b[BYTES];
    unsigned bits;
};

static bool read_number(const char *text, struct address *out, unsigned *from)
{
    static const uint8_t V4[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

    *from = 0;
    if (inet_pton(AF_INET, text, out->b + sizeof V4) == 1) {
        memcpy(out->b, V4, sizeof V4);
        *from = V4_FROM;
        return true;
    }
    return inet_pton(AF_INET6, text, out->b) == 1;
}

static bool address_of(str s, struct address *out)
{
    size_t   slash = str_find_byte(s, '/');
    str      number = slash == STR_NPOS ? s : str_slice(s, 0, slash);
    char     text[TEXT_BYTES];
    unsigned from;
    uint64_t bits;

    if (!str_to_cstr(number, text, sizeof text) || !read_number(text, out, &from))
        return false;
    out->bits = BITS;
    if (slash == STR_NPOS)
        return true;
    if (!str_to_u64(str_from(s, slash + 1), &bits) || bits > BITS - from)
        return false;
    out->bits = (unsigned)bits + from;
    return true;
}

static struct address cut(const struct address *a, unsigned bits)
{
    struct address out = { .bits = bits };

    for (unsigned i = 0; i < BYTES; i++) {
        unsigned left = bits > 8 * i ? bits - 8 * i : 0;
        out.b[i] = (uint8_t)(left >= 8 ? a->b[i] : a->b[i] & (0xFF00u >> left));
    }
    return out;
}

static int order(const struct address *a, const struct address *b, unsigned bits)
{
    struct address l = cut(a, bits), r = cut(b, bits);
    int            how = memcmp(l.b, r.b, BYTES);
    return how < 0 ? -1 : how > 0;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static void eval_compare(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    struct address a, b;

    if (!address_of(v[0].s, &a) || !address_of(v[1].s, &b) || (c->n > 2 && (v[2].i < 0 || v[2].i > BITS)))
        return;
    int how = order(&a, &b, least(least(a.bits, b.bits), c->n > 2 ? (unsigned)v[2].i : BITS));
    kql_row_fn_int(out, strcmp(c->expr->fn->name, "ipv6_is_match") == 0 ? how == 0 : how);
}

static bool in_range(const struct address *a, str range)
{
    struct address r;
    return address_of(range, &r) && order(a, &r, r.bits) == 0;
}

static void eval_in_range(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    struct address a, r;
    bool           one = strcmp(c->expr->fn->name, "ipv6_is_in_range") == 0;

    if (!address_of(v[0].s, &a) || (one && !address_of(v[1].s, &r)))
        return;
    kql_row_fn_int(out, false);
    for (size_t i = 1; i < c->n && !out->i; i++) {
        struct scalar_json list;
        if (kql_row_fn_type(c, i) != KQL_DYNAMIC)
            out->i = in_range(&a, v[i].s);
        else if (scalar_json_parse(c->a, v[i].s, &list))
            for (uint32_t k = 0; k < list.n && !out->i; k++)
                out->i = in_range(&a, list.items[k].s);
    }
}

/* Eight groups of four digits. */
static void eval_parse(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    AUTO_STRBUF    text = STRBUF_INIT(TEXT_BYTES);
    struct address a;

    if (!address_of(v[0].s, &a) || (c->n > 1 && (v[1].i < 0 || v[1].i > BITS)))
        return;
    a = cut(&a, c->n > 1 ? least(a.bits, (unsigned)v[1].i) : a.bits);
    for (unsigned i = 0; i < BYTES; i++)
        strbuf_addf(&text, i > 0 && i % 2 == 0 ? ":%02x" : "%02x", a.b[i]);
    scalar_give(c->a, &text, out);
}

const struct kql_row_fn KQL_ROW_FN_NET6[] = {
    { .name = "ipv6_compare", .eval = eval_compare },
    { .name = "ipv6_is_match", .eval = eval_compare },
    { .name = "ipv6_is_in_range", .eval = eval_in_range },
    { .name = "ipv6_is_in_any_range", .eval = eval_in_range },
    { .name = "parse_ipv6", .eval = eval_parse },
    { .name = "parse_ipv6_mask", .eval = eval_parse },
    { 0 },
};
