/* SPDX-License-Identifier: Apache-2.0 */
/* Row evaluation: hashes, and bytes in base64. */
#include "base/codec.h"
#include "base/guid.h"
#include "base/hash.h"
#include "kql/kql_row_fn.h"

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

/* --- xxHash64, as hash() is defined by --- */

#define PRIME1 UINT64_C(11400714785074694791)
#define PRIME2 UINT64_C(14029467366897019727)
#define PRIME3 UINT64_C(1609587929392839161)
#define PRIME4 UINT64_C(9650029242287828579)
#define PRIME5 UINT64_C(2870177450012600261)

static uint64_t turned(uint64_t v, int by)
{
    return v << by | v >> (64 - by);
}

static uint64_t stirred(uint64_t state, uint64_t lane)
{
    return turned(state + lane * PRIME2, 31) * PRIME1;
}

static uint64_t u64_at(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Four lanes of eight bytes; *rest is what is left. */
static uint64_t of_blocks(str s, str *rest)
{
    uint64_t lanes[] = { PRIME1 + PRIME2, PRIME2, 0, 0 - PRIME1 };
    size_t   at = 0;

    for (; at + 32 <= s.n; at += 32)
        for (size_t i = 0; i < 4; i++)
            lanes[i] = stirred(lanes[i], u64_at(s.p + at + 8 * i));
    *rest = str_from(s, at);
    uint64_t h = turned(lanes[0], 1) + turned(lanes[1], 7) + turned(lanes[2], 12) + turned(lanes[3], 18);
    for (size_t i = 0; i < 4; i++)
        h = (h ^ stirred(0, lanes[i])) * PRIME1 + PRIME4;
    return h;
}

static uint64_t xxhash64(str s)
{
    str      rest = s;
    uint64_t h = s.n >= 32 ? of_blocks(s, &rest) : PRIME5;
    size_t   at = 0;

    h += s.n;
    for (; at + 8 <= rest.n; at += 8)
        h = turned(h ^ stirred(0, u64_at(rest.p + at)), 27) * PRIME1 + PRIME4;
    if (at + 4 <= rest.n) {
        uint32_t word;
        memcpy(&word, rest.p + at, sizeof word);
        h = turned(h ^ word * PRIME1, 23) * PRIME2 + PRIME3;
        at += 4;
    }
    for (; at < rest.n; at++)
        h = turned(h ^ (unsigned char)rest.p[at] * PRIME5, 11) * PRIME1;
    h = (h ^ h >> 33) * PRIME2;
    h = (h ^ h >> 29) * PRIME3;
    return h ^ h >> 32;
}

/* The bytes in which a value is stored: kql_fn_hash.c says so. */
static str stored(enum kql_type type, const struct scalar_value *v, char bytes[8])
{
    uint64_t n = (uint64_t)v->i;
    size_t   size = type == KQL_BOOL ? 1 : type == KQL_INT ? 4 : 8;

    if (type == KQL_STRING || type == KQL_DYNAMIC)
        return v->s;
    if (type == KQL_REAL)
        memcpy(&n, &v->r, sizeof n);
    if (type == KQL_DATETIME)
        n -= (uint64_t)TS_MIN;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(n >> 8 * i);
    return str_make(bytes, size);
}

static void eval_hash(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    char    bytes[8];
    int64_t h = (int64_t)xxhash64(stored(kql_row_fn_type(c, 0), &v[0], bytes));

    if (c->n == 1) {
        kql_row_fn_int(out, h);
    } else if (v[1].i != 0) {
        int64_t by = v[1].i, rest = by == -1 ? 0 : h % by;
        kql_row_fn_int(out, rest < 0 ? rest + (by < 0 ? -by : by) : rest);
    }
}

static void eval_combine(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    uint64_t h = v[0].null ? 0 : (uint64_t)v[0].i;

    for (size_t i = 1; i < c->n; i++)
        h ^= (v[i].null ? 0 : (uint64_t)v[i].i) + UINT64_C(11400714819323198485) + (h << 6) + (h >> 2);
    kql_row_fn_int(out, (int64_t)h);
}

static void eval_digest(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    uint8_t bytes[HASH_DIGEST_MAX];
    size_t  n = hash_digest(c->expr->fn->name + strlen("hash_"), v[0].s, bytes);
    TEXT_OUT;

    codec_hex(&text, str_make((const char *)bytes, n));
    scalar_give(c->a, &text, out);
}

/* --- bytes --- */

static void eval_bytes_of(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    AUTO_STRBUF bytes = STRBUF_INIT(SCALAR_MAX_TEXT);
    TEXT_OUT;

    if (codec_base64_decode(&bytes, v[0].s, NULL) != RC_OK)
        strbuf_clear(&bytes);
    for (size_t i = 0; i < bytes.n; i++) {
        strbuf_addc(&text, i > 0 ? ',' : '[');
        strbuf_add_u64(&text, (unsigned char)bytes.p[i]);
    }
    strbuf_addz(&text, text.n > 0 ? "]" : "[]");
    scalar_give(c->a, &text, out);
}

static void eval_of_bytes(const struct kql_row_call *c, const struct scalar_value *v,
                          struct scalar_value *out)
{
    AUTO_STRBUF        bytes = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_json list;
    TEXT_OUT;

    if (!scalar_json_parse(c->a, v[0].s, &list))
        return;
    for (uint32_t i = 0; i < list.n; i++) {
        int64_t b;
        if (!scalar_json_long(&list.items[i], &b) || b < 0 || b > 255)
            return;
        strbuf_addc(&bytes, (char)b);
    }
    codec_base64(&text, strbuf_view(&bytes));
    scalar_give(c->a, &text, out);
}

/* The first three fields of a guid are stored with their lowest byte first. */
static void swap_fields(uint8_t b[16])
{
    static const uint8_t FROM[] = { 3, 2, 1, 0, 5, 4, 7, 6 };
    uint8_t              old[8];

    memcpy(old, b, sizeof old);
    for (size_t i = 0; i < sizeof old; i++)
        b[i] = old[FROM[i]];
}

static void eval_of_guid(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    guid g;
    TEXT_OUT;

    if (!guid_parse(v[0].s, &g))
        return;
    swap_fields(g.bytes);
    codec_base64(&text, str_make((const char *)g.bytes, sizeof g.bytes));
    scalar_give(c->a, &text, out);
}

static void eval_to_guid(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out)
{
    AUTO_STRBUF bytes = STRBUF_INIT(SCALAR_MAX_TEXT);
    char        buf[GUID_TEXT_SIZE];
    guid        g;

    if (codec_base64_decode(&bytes, v[0].s, NULL) != RC_OK || bytes.n != sizeof g.bytes)
        return;
    memcpy(g.bytes, bytes.p, sizeof g.bytes);
    swap_fields(g.bytes);
    kql_row_fn_text(out, arena_str(c->a, guid_text(g, buf)));
}

const struct kql_row_fn KQL_ROW_FN_HASH[] = {
    { .name = "hash", .eval = eval_hash },
    { .name = "hash_xxhash64", .eval = eval_hash },
    { .name = "hash_combine", .eval = eval_combine, .nulls = true },
    { .name = "hash_md5", .eval = eval_digest },
    { .name = "hash_sha1", .eval = eval_digest },
    { .name = "hash_sha256", .eval = eval_digest },
    { .name = "base64_decode_toarray", .eval = eval_bytes_of },
    { .name = "base64_encode_fromarray", .eval = eval_of_bytes },
    { .name = "base64_encode_fromguid", .eval = eval_of_guid },
    { .name = "base64_decode_toguid", .eval = eval_to_guid },
    { 0 },
};
