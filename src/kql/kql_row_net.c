/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: addresses of IPv4. */
#include "kql/kql_row_fn.h"

enum { BITS = 32 };

struct address {
    uint32_t number;
    unsigned bits; /* of its prefix; 32 without one */
};

static bool number_of(str s, uint32_t *out)
{
    uint64_t v = 0, octet;
    str      part;
    int      n = 0;

    while (str_split(&s, '.', &part)) {
        if (++n > 4 || part.n == 0 || part.n > 3 || !str_to_u64(part, &octet) || octet > 255)
            return false;
        v = v << 8 | octet;
    }
    *out = (uint32_t)v;
    return n == 4;
}

static bool address_of(str s, struct address *out)
{
    size_t   slash = str_find_byte(s, '/');
    uint64_t bits = BITS;

    if (slash != STR_NPOS && (!str_to_u64(str_from(s, slash + 1), &bits) || bits > BITS))
        return false;
    out->bits = (unsigned)bits;
    return number_of(slash == STR_NPOS ? s : str_slice(s, 0, slash), &out->number);
}

static uint32_t cut(uint32_t v, unsigned bits)
{
    return bits == 0 ? 0 : v & (UINT32_MAX << (BITS - bits));
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static bool in_range(uint32_t v, const struct address *range)
{
    return cut(v, range->bits) == cut(range->number, range->bits);
}

static void eval_private(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    static const struct address PRIVATE[] = { { 0x0A000000, 8 }, { 0xAC100000, 12 }, { 0xC0A80000, 16 } };
    struct address              a;
    (void)c;

    if (!address_of(v[0].s, &a))
        return;
    kql_row_fn_int(out, in_range(a.number, &PRIVATE[0]) || in_range(a.number, &PRIVATE[1]) ||
                            in_range(a.number, &PRIVATE[2]));
}

/* Each of the arguments behind the first, and of arrays each element; true as soon as one says so. */
static bool any_text(const struct kql_row_call *c, const struct scalar_value *v,
                     bool (*says)(struct arena *a, str subject, str one))
{
    for (size_t i = 1; i < c->n; i++) {
        struct scalar_json list;
        if (kql_row_fn_type(c, i) != KQL_DYNAMIC) {
            if (says(c->a, v[0].s, v[i].s))
                return true;
            continue;
        }
        if (!scalar_json_parse(c->a, v[i].s, &list))
            continue;
        for (uint32_t k = 0; k < list.n; k++)
            if (says(c->a, v[0].s, list.items[k].s))
                return true;
    }
    return false;
}

static bool says_in_range(struct arena *arena, str subject, str range)
{
    struct address a, r;
    (void)arena;
    return address_of(subject, &a) && address_of(range, &r) && in_range(a.number, &r);
}

static void eval_in_range(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    struct address a, r;
    bool           one = c->n == 2 && kql_row_fn_type(c, 1) == KQL_STRING;

    if (!address_of(v[0].s, &a) ||
        (one && strcmp(c->expr->fn->name, "ipv4_is_in_range") == 0 && !address_of(v[1].s, &r)))
        return;
    kql_row_fn_int(out, any_text(c, v, says_in_range));
}

static void eval_compare(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    struct address a, b;

    if (!address_of(v[0].s, &a) || !address_of(v[1].s, &b) || (c->n > 2 && (v[2].i < 0 || v[2].i > BITS)))
        return;
    unsigned bits = least(least(a.bits, b.bits), c->n > 2 ? (unsigned)v[2].i : BITS);
    uint32_t l = cut(a.number, bits), r = cut(b.number, bits);
    bool     match = strcmp(c->expr->fn->name, "ipv4_is_match") == 0;
    kql_row_fn_int(out, match ? l == r : l < r ? -1 : l > r);
}

static void eval_suffix(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    struct address a;
    (void)c;
    if (address_of(v[0].s, &a))
        kql_row_fn_int(out, a.bits);
}

static void eval_parse(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    struct address a;

    if (!address_of(v[0].s, &a))
        return;
    if (c->n == 1)
        kql_row_fn_int(out, cut(a.number, a.bits));
    else if (v[1].i >= 0 && v[1].i <= BITS)
        kql_row_fn_int(out, cut(a.number, (unsigned)v[1].i));
}

static void eval_format(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    struct address a = { .bits = BITS };
    bool           mask = strcmp(c->expr->fn->name, "format_ipv4_mask") == 0;
    int64_t        bits = c->n > 1 ? v[1].i : BITS;

    if (kql_row_fn_type(c, 0) == KQL_STRING ? !address_of(v[0].s, &a) : v[0].i < 0 || v[0].i > UINT32_MAX)
        return;
    if (bits < 0 || bits > BITS)
        return;
    if (kql_row_fn_type(c, 0) != KQL_STRING)
        a.number = (uint32_t)v[0].i;
    unsigned n = least(a.bits, (unsigned)bits);
    uint32_t at = cut(a.number, n);
    kql_row_fn_text(out, arena_printf(c->a, mask ? "%u.%u.%u.%u/%u" : "%u.%u.%u.%u", at >> 24, at >> 16 & 255,
                                      at >> 8 & 255, at & 255, n));
}

/* --- addresses within a text: no letter, digit or dot beside them --- */

static bool is_part(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
}

/* The next run of such characters in *at. */
static bool next_run(str s, size_t *at, str *run)
{
    while (*at < s.n && !is_part(s.p[*at]))
        ++*at;
    size_t from = *at;
    while (*at < s.n && is_part(s.p[*at]))
        ++*at;
    *run = str_slice(s, from, *at);
    return run->n > 0;
}

static bool says_has(struct arena *a, str subject, str address)
{
    uint32_t v;
    str      run;
    (void)a;

    if (!number_of(address, &v))
        return false;
    for (size_t at = 0; next_run(subject, &at, &run);)
        if (str_eq(run, address))
            return true;
    return false;
}

static bool says_has_prefix(struct arena *a, str subject, str prefix)
{
    uint32_t v;
    str      run;

    if (!str_ends(prefix, S("."))) /* a whole address */
        return says_has(a, subject, prefix);
    for (size_t at = 0; next_run(subject, &at, &run);)
        if (str_starts(run, prefix) && number_of(run, &v))
            return true;
    return false;
}

static void eval_has(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    bool prefix = str_ends(str_of(c->expr->fn->name), S("_prefix"));
    kql_row_fn_int(out, any_text(c, v, prefix ? says_has_prefix : says_has));
}

const struct kql_row_fn KQL_ROW_FN_NET[] = {
    { .name = "ipv4_is_private", .eval = eval_private },
    { .name = "ipv4_is_in_range", .eval = eval_in_range },
    { .name = "ipv4_is_in_any_range", .eval = eval_in_range },
    { .name = "ipv4_is_match", .eval = eval_compare },
    { .name = "ipv4_compare", .eval = eval_compare },
    { .name = "ipv4_netmask_suffix", .eval = eval_suffix },
    { .name = "parse_ipv4", .eval = eval_parse },
    { .name = "parse_ipv4_mask", .eval = eval_parse },
    { .name = "format_ipv4", .eval = eval_format },
    { .name = "format_ipv4_mask", .eval = eval_format },
    { .name = "has_ipv4", .eval = eval_has },
    { .name = "has_any_ipv4", .eval = eval_has },
    { .name = "has_ipv4_prefix", .eval = eval_has },
    { .name = "has_any_ipv4_prefix", .eval = eval_has },
    { 0 },
};
