/* SPDX-License-Identifier: Apache-2.0 */
/* Punycode (RFC 3492), and domains whose labels are written in it (RFC 5891's "xn--"). What is none gives the
 * empty text. */
#include "base/utf8.h"
#include "scalar/scalar.h"

enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, BIAS = 72, FIRST = 128, LETTERS_MAX = 4096 };

static uint32_t adapt(uint32_t delta, uint32_t n, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    for (delta += delta / n; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
    return k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
}

static void add_digits(struct strbuf *out, uint32_t delta, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = threshold(k, bias), digit = delta < t ? delta : t + (delta - t) % (BASE - t);
        strbuf_addc(out, (char)(digit < 26 ? 'a' + digit : '0' + digit - 26));
        if (delta < t)
            return;
        delta = (delta - t) / (BASE - t);
    }
}

static uint32_t least_from(str s, uint32_t from)
{
    uint32_t least = UINT32_MAX;

    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        least = cp >= from && cp < least ? cp : least;
    }
    return least;
}

static bool encode(str s, struct strbuf *out)
{
    uint32_t n = FIRST, delta = 0, bias = BIAS, basic = 0;
    size_t   all = utf8_count(s);

    if (all > LETTERS_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] & 0x80)) {
            strbuf_addc(out, s.p[i]);
            basic++;
        }
    uint32_t done = basic;
    if (basic > 0)
        strbuf_addc(out, '-');
    while (done < all) {
        uint32_t next = least_from(s, n);
        delta += (next - n) * (done + 1); /* at most 0x110000 * 4097: it fits */
        n = next;
        for (size_t at = 0; at < s.n;) {
            uint32_t cp = utf8_next(s, &at);
            delta += cp < n;
            if (cp != n)
                continue;
            add_digits(out, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
        delta++;
        n++;
    }
    return true;
}

static int digit_of(char c)
{
    return c >= 'a' && c <= 'z'   ? c - 'a'
           : c >= 'A' && c <= 'Z' ? c - 'A'
           : c >= '0' && c <= '9' ? c - '0' + 26
                                  : -1;
}

/* One number with the digits of the text; false when there is none or it is too large. */
static bool read_number(str s, size_t *at, uint32_t bias, uint64_t *out)
{
    uint64_t weight = 1;

    *out = 0;
    for (uint32_t k = BASE;; k += BASE) {
        int digit = *at < s.n ? digit_of(s.p[*at]) : -1;
        if (digit < 0)
            return false;
        ++*at;
        *out += (uint64_t)digit * weight;
        uint32_t t = threshold(k, bias);
        if ((uint32_t)digit < t)
            return *out < UINT32_MAX;
        weight *= BASE - t;
        if (*out >= UINT32_MAX || weight >= UINT32_MAX)
            return false;
    }
}

static bool decode(struct arena *a, str s, struct strbuf *out)
{
    uint32_t *letters = ARENA_TRY_ARRAY(a, uint32_t, LETTERS_MAX + 1), bias = BIAS;
    uint64_t  n = FIRST, i = 0;
    size_t    count = 0, at = 0;
    bool      first = true;

    for (size_t k = 0; k < s.n; k++)
        at = s.p[k] == '-' ? k + 1 : at;
    if (!letters || s.n > LETTERS_MAX)
        return false;
    for (size_t k = 0; k + 1 < at; k++) {
        if (s.p[k] & 0x80)
            return false;
        letters[count++] = (uint8_t)s.p[k];
    }
    while (at < s.n) {
        uint64_t by;
        if (count == LETTERS_MAX || !read_number(s, &at, bias, &by))
            return false;
        i += by;
        bias = adapt((uint32_t)by, (uint32_t)count + 1, first);
        first = false;
        n += i / (count + 1);
        i %= count + 1;
        if (n > 0x10FFFF || (n >= 0xD800 && n < 0xE000))
            return false;
        memmove(letters + i + 1, letters + i, (count++ - i) * sizeof *letters);
        letters[i++] = (uint32_t)n;
    }
    for (size_t k = 0; k < count; k++) {
        char utf8[4];
        strbuf_add(out, str_make(utf8, utf8_put(letters[k], utf8)));
    }
    return true;
}

void scalar_puny_encode(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (encode(argv[0].s, &text))
        scalar_give(a, &text, out);
}

void scalar_puny_decode(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (decode(a, argv[0].s, &text))
        scalar_give(a, &text, out);
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] & 0x80)
            return false;
    return true;
}

/* Each label by itself: those of ASCII stay, and so do those without the prefix when it is read. */
static void each_label(struct arena *a, str domain, bool encoding, struct scalar_value *out)
{
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);

    for (size_t from = 0, to; from <= domain.n; from = to + 1) {
        for (to = from; to < domain.n && domain.p[to] != '.'; to++)
            ;
        str  label = str_slice(domain, from, to);
        bool plain = encoding ? is_ascii(label) : !str_starts_ci(label, S("xn--"));
        if (from > 0)
            strbuf_addc(&text, '.');
        if (plain)
            strbuf_add(&text, label);
        else if (encoding)
            strbuf_addz(&text, "xn--");
        if (!plain && !(encoding ? encode(label, &text) : decode(a, str_from(label, 4), &text)))
            return;
    }
    scalar_give(a, &text, out);
}

void scalar_puny_encode_domain(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    each_label(a, argv[0].s, true, out);
}

void scalar_puny_decode_domain(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    each_label(a, argv[0].s, false, out);
}
