/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_deflate.h"

enum {
    MAX_BITS = 15,
    LITERALS = 288,
    DISTANCES = 30,
    END_OF_BLOCK = 256,
    MIN_MATCH = 3,
    MAX_MATCH = 258,
    WINDOW = 32768,
    MAX_STORED = 65535,
    HASHES = 4096,
    ZLIB_HEAD = 2,
    ADLER = 65521,
};

static const uint16_t LENGTH_BASE[] = { 3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                        31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint8_t  LENGTH_EXTRA[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const uint16_t DISTANCE_BASE[] = { 1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                          33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                          1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
static const uint8_t  DISTANCE_EXTRA[] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                           6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

enum { LENGTHS = sizeof LENGTH_BASE / sizeof LENGTH_BASE[0] };

/* --- unpacking --- */

struct bits {
    str      in;
    size_t   at;
    uint32_t held;
    unsigned n;
    bool     short_; /* asked for more than there is */
};

static uint32_t take(struct bits *b, unsigned n)
{
    while (b->n < n) {
        if (b->at >= b->in.n) {
            b->short_ = true;
            return 0;
        }
        b->held |= (uint32_t)(unsigned char)b->in.p[b->at++] << b->n;
        b->n += 8;
    }
    uint32_t v = b->held & ((UINT32_C(1) << n) - 1);
    b->held >>= n;
    b->n -= n;
    return v;
}

/* Canonical codes: how many of each length, and the symbols in order of their codes. */
struct codes {
    uint16_t count[MAX_BITS + 1];
    uint16_t symbols[LITERALS];
};

/* False when the lengths ask for more codes than there are. */
static bool make_codes(struct codes *c, const uint8_t *lengths, int n)
{
    uint16_t at[MAX_BITS + 1];
    int      left = 1;

    memset(c, 0, sizeof *c);
    for (int i = 0; i < n; i++)
        c->count[lengths[i]]++;
    c->count[0] = 0;
    for (int bits = 1; bits <= MAX_BITS; bits++) {
        left = (left << 1) - c->count[bits];
        if (left < 0)
            return false;
    }
    at[1] = 0;
    for (int bits = 1; bits < MAX_BITS; bits++)
        at[bits + 1] = (uint16_t)(at[bits] + c->count[bits]);
    for (int i = 0; i < n; i++)
        if (lengths[i])
            c->symbols[at[lengths[i]]++] = (uint16_t)i;
    return true;
}

static int symbol(struct bits *b, const struct codes *c)
{
    int code = 0, first = 0, index = 0;

    for (int bits = 1; bits <= MAX_BITS && !b->short_; bits++) {
        code |= (int)take(b, 1);
        if (code - c->count[bits] < first)
            return c->symbols[index + code - first];
        index += c->count[bits];
        first = (first + c->count[bits]) << 1;
        code <<= 1;
    }
    b->short_ = true;
    return END_OF_BLOCK;
}

static bool copy_match(struct bits *b, int literal, const struct codes *distances, struct strbuf *out)
{
    int length = literal - END_OF_BLOCK - 1;
    if (length >= LENGTHS)
        return false;
    uint32_t n = LENGTH_BASE[length] + take(b, LENGTH_EXTRA[length]);
    int      distance = symbol(b, distances);
    if (b->short_ || distance >= DISTANCES)
        return false;
    uint32_t back = DISTANCE_BASE[distance] + take(b, DISTANCE_EXTRA[distance]);
    if (b->short_ || back > out->n)
        return false;
    for (; n > 0 && !out->overflow; n--)
        strbuf_addc(out, out->p[out->n - back]);
    return true;
}

static bool unpack_codes(struct bits *b, const struct codes *literals, const struct codes *distances,
                         struct strbuf *out)
{
    while (!b->short_ && !out->overflow) {
        int literal = symbol(b, literals);
        if (b->short_)
            return false;
        if (literal == END_OF_BLOCK)
            return true;
        if (literal < END_OF_BLOCK)
            strbuf_addc(out, (char)literal);
        else if (!copy_match(b, literal, distances, out))
            return false;
    }
    return false;
}

static void fixed_lengths(uint8_t lengths[LITERALS])
{
    for (int i = 0; i < LITERALS; i++)
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
}

static bool unpack_fixed(struct bits *b, struct strbuf *out)
{
    uint8_t      lengths[LITERALS];
    struct codes literals, distances;

    fixed_lengths(lengths);
    if (!make_codes(&literals, lengths, LITERALS))
        return false;
    memset(lengths, 5, DISTANCES);
    return make_codes(&distances, lengths, DISTANCES) && unpack_codes(b, &literals, &distances, out);
}

/* The lengths of both codes stand in one run, themselves packed. */
static bool read_lengths(struct bits *b, const struct codes *codes, uint8_t *lengths, int n)
{
    for (int i = 0; i < n;) {
        int code = symbol(b, codes), times = 1;
        if (b->short_)
            return false;
        uint8_t value = code < 16 ? (uint8_t)code : 0;
        if (code == 16 && i == 0)
            return false;
        if (code == 16) {
            value = lengths[i - 1];
            times = 3 + (int)take(b, 2);
        } else if (code > 16) {
            times = code == 17 ? 3 + (int)take(b, 3) : 11 + (int)take(b, 7);
        }
        if (b->short_ || i + times > n)
            return false;
        for (; times > 0; times--)
            lengths[i++] = value;
    }
    return true;
}

static bool unpack_dynamic(struct bits *b, struct strbuf *out)
{
    static const uint8_t ORDER[] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
    uint8_t              lengths[LITERALS + DISTANCES + 2] = { 0 };
    struct codes         literals, distances;
    int n_literals = (int)take(b, 5) + 257, n_distances = (int)take(b, 5) + 1, n_codes = (int)take(b, 4) + 4;

    if (n_literals > 286 || n_distances > DISTANCES)
        return false;
    for (int i = 0; i < n_codes; i++)
        lengths[ORDER[i]] = (uint8_t)take(b, 3);
    if (b->short_ || !make_codes(&literals, lengths, sizeof ORDER))
        return false;
    memset(lengths, 0, sizeof lengths);
    struct codes packed = literals;
    if (!read_lengths(b, &packed, lengths, n_literals + n_distances) || lengths[END_OF_BLOCK] == 0)
        return false;
    return make_codes(&literals, lengths, n_literals) &&
           make_codes(&distances, lengths + n_literals, n_distances) &&
           unpack_codes(b, &literals, &distances, out);
}

static bool unpack_stored(struct bits *b, struct strbuf *out)
{
    b->held = 0;
    b->n = 0;
    uint32_t n = take(b, 16), check = take(b, 16);
    if (b->short_ || n != (check ^ 0xFFFF) || b->in.n - b->at < n)
        return false;
    strbuf_add(out, str_slice(b->in, b->at, b->at + n));
    b->at += n;
    return true;
}

/* *used: how many bytes of `in` the blocks took. */
static bool inflate(struct strbuf *out, str in, size_t *used)
{
    struct bits b = { .in = in };
    bool        last, fine;

    do {
        last = take(&b, 1);
        switch (take(&b, 2)) {
        case 0:
            fine = unpack_stored(&b, out);
            break;
        case 1:
            fine = unpack_fixed(&b, out);
            break;
        case 2:
            fine = unpack_dynamic(&b, out);
            break;
        default:
            fine = false;
            break;
        }
    } while (fine && !last && !b.short_ && !out->overflow);
    *used = b.at;
    return fine && !b.short_ && !out->overflow;
}

/* --- packing --- */

struct packer {
    struct strbuf *out;
    uint32_t       held;
    unsigned       n;
};

static void put(struct packer *p, uint32_t v, unsigned bits)
{
    p->held |= v << p->n;
    for (p->n += bits; p->n >= 8; p->n -= 8, p->held >>= 8)
        strbuf_addc(p->out, (char)p->held);
}

/* Codes begin at their highest bit. */
static void put_code(struct packer *p, uint32_t code, unsigned bits)
{
    for (; bits > 0; bits--)
        put(p, code >> (bits - 1) & 1, 1);
}

static void put_literal(struct packer *p, uint32_t v)
{
    if (v < 144)
        put_code(p, 0x30 + v, 8);
    else if (v < 256)
        put_code(p, 0x190 + v - 144, 9);
    else if (v < 280)
        put_code(p, v - 256, 7);
    else
        put_code(p, 0xC0 + v - 280, 8);
}

static int last_base(const uint16_t *bases, int n, uint32_t v)
{
    int i = 0;
    while (i + 1 < n && bases[i + 1] <= v)
        i++;
    return i;
}

static void put_match(struct packer *p, uint32_t length, uint32_t distance)
{
    int i = last_base(LENGTH_BASE, LENGTHS, length);
    put_literal(p, (uint32_t)(END_OF_BLOCK + 1 + i));
    put(p, length - LENGTH_BASE[i], LENGTH_EXTRA[i]);
    i = last_base(DISTANCE_BASE, DISTANCES, distance);
    put_code(p, (uint32_t)i, 5);
    put(p, distance - DISTANCE_BASE[i], DISTANCE_EXTRA[i]);
}

static uint32_t hash_of(const unsigned char *p)
{
    return (((uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]) * UINT32_C(2654435761)) >> 20;
}

static uint32_t match_at(const unsigned char *p, size_t n, size_t at, size_t before)
{
    uint32_t length = 0;
    if (before >= at || at - before > WINDOW)
        return 0;
    while (length < MAX_MATCH && at + length < n && p[at + length] == p[before + length])
        length++;
    return length;
}

/* One block of fixed codes. True when it holds a repeat. */
static bool pack_fixed(struct strbuf *out, str s)
{
    struct packer        p = { .out = out };
    const unsigned char *bytes = (const unsigned char *)s.p;
    size_t               seen[HASHES]; /* where three bytes of a hash stood last; behind the text: nowhere */
    bool                 repeats = false;

    for (size_t i = 0; i < HASHES; i++)
        seen[i] = s.n;
    put(&p, 1, 1);
    put(&p, 1, 2);
    for (size_t at = 0; at < s.n;) {
        uint32_t length = 0;
        size_t   before = s.n;
        if (s.n - at >= MIN_MATCH) {
            uint32_t h = hash_of(bytes + at);
            before = seen[h];
            seen[h] = at;
            length = match_at(bytes, s.n, at, before);
        }
        if (length >= MIN_MATCH)
            put_match(&p, length, (uint32_t)(at - before));
        else
            put_literal(&p, bytes[at]);
        repeats = repeats || length >= MIN_MATCH;
        at += length >= MIN_MATCH ? length : 1;
    }
    put_literal(&p, END_OF_BLOCK);
    put(&p, 0, 7); /* what is left of the last byte */
    return repeats;
}

static void put_u16(struct strbuf *out, size_t v)
{
    strbuf_addc(out, (char)v);
    strbuf_addc(out, (char)(v >> 8));
}

static void pack_stored(struct strbuf *out, str s)
{
    do {
        size_t n = s.n < MAX_STORED ? s.n : MAX_STORED;
        strbuf_addc(out, n == s.n);
        put_u16(out, n);
        put_u16(out, ~n);
        strbuf_add(out, str_slice(s, 0, n));
        s = str_from(s, n);
    } while (s.n > 0);
}

static void deflate(struct strbuf *out, str s)
{
    size_t from = out->n;

    if (pack_fixed(out, s) && out->n - from < s.n)
        return;
    strbuf_truncate(out, from);
    pack_stored(out, s);
}

/* --- the two forms around it --- */

static uint32_t adler32(str s)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < s.n; i++) {
        a = (a + (unsigned char)s.p[i]) % ADLER;
        b = (b + a) % ADLER;
    }
    return b << 16 | a;
}

static uint32_t crc32(str s)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < s.n; i++) {
        crc ^= (unsigned char)s.p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xEDB88320) : 0);
    }
    return ~crc;
}

static void put_u32(struct strbuf *out, size_t v)
{
    put_u16(out, v);
    put_u16(out, v >> 16);
}

static uint32_t u32_at(str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void scalar_deflate_zlib(struct strbuf *out, str bytes)
{
    strbuf_add(out, S("\x78\x01"));
    deflate(out, bytes);
    put_u32(out, __builtin_bswap32(adler32(bytes)));
}

bool scalar_deflate_unzlib(struct strbuf *out, str bytes)
{
    size_t from = out->n, used;

    if (bytes.n < ZLIB_HEAD + 4 || (bytes.p[0] & 15) != 8 || bytes.p[1] & 32 ||
        ((unsigned char)bytes.p[0] << 8 | (unsigned char)bytes.p[1]) % 31 != 0)
        return false;
    str body = str_from(bytes, ZLIB_HEAD);
    if (!inflate(out, body, &used) || body.n - used < 4)
        return false;
    return __builtin_bswap32(u32_at(body, used)) == adler32(str_from(strbuf_view(out), from));
}

void scalar_deflate_gzip(struct strbuf *out, str bytes)
{
    strbuf_add(out, S("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x0a"));
    deflate(out, bytes);
    put_u32(out, crc32(bytes));
    put_u32(out, bytes.n);
}

/* Skips the head's optional parts. */
static bool gzip_head(str bytes, size_t *at)
{
    enum { HEAD = 10, CRC = 2, EXTRA = 4, NAME = 8, COMMENT = 16 };
    if (bytes.n < HEAD || !str_starts(bytes, S("\x1f\x8b\x08")))
        return false;
    int flags = (unsigned char)bytes.p[3];
    *at = HEAD;
    if (flags & EXTRA) {
        if (bytes.n < *at + 2)
            return false;
        *at += 2 + ((unsigned char)bytes.p[*at] | (size_t)(unsigned char)bytes.p[*at + 1] << 8);
    }
    for (int texts = !!(flags & NAME) + !!(flags & COMMENT); texts > 0; texts--) {
        size_t end = str_find_byte(str_from(bytes, *at), '\0');
        if (end == STR_NPOS)
            return false;
        *at += end + 1;
    }
    if (flags & CRC)
        *at += 2;
    return *at <= bytes.n;
}

bool scalar_deflate_ungzip(struct strbuf *out, str bytes)
{
    size_t from = out->n, at, used;

    if (!gzip_head(bytes, &at))
        return false;
    str body = str_from(bytes, at);
    if (!inflate(out, body, &used) || body.n - used < 8)
        return false;
    return u32_at(body, used) == crc32(str_from(strbuf_view(out), from));
}
