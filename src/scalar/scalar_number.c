/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_number.h"

#include <math.h>

#include "scalar/scalar.h"

/* Without the C library's printf, which would make each module that prints a number twice as large. */

enum {
    MAX_DIGITS = 17,
    EXACT_DIGITS = 15,
    PLAIN_BELOW = 15,
    PLAIN_FROM = -4,
    MAX_WORDS = 40,
    EXPONENT_BIAS = 1075
};

struct decimal {
    char digits[MAX_DIGITS + 3];
    int  n;
    int  exponent; /* of the first digit */
};

/* --- whole numbers of any size: least word first --- */

struct big {
    int      n;
    uint32_t w[MAX_WORDS];
};

static void trim(struct big *b)
{
    while (b->n > 0 && b->w[b->n - 1] == 0)
        b->n--;
}

static void multiply(struct big *b, uint32_t by)
{
    uint64_t carry = 0;

    for (int i = 0; i < b->n; i++) {
        carry += (uint64_t)b->w[i] * by;
        b->w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        b->w[b->n++] = (uint32_t)carry;
}

static void multiply_ten(struct big *b, int times)
{
    for (; times >= 9; times -= 9)
        multiply(b, 1000000000);
    for (; times > 0; times--)
        multiply(b, 10);
}

static struct big shifted(uint64_t v, int by)
{
    struct big b = { .n = by / 32 };
    int        bits = by % 32;

    b.w[b.n++] = (uint32_t)(v << bits);
    b.w[b.n++] = (uint32_t)(v >> (32 - bits));
    b.w[b.n++] = bits ? (uint32_t)(v >> 32 >> (32 - bits)) : 0;
    trim(&b);
    return b;
}

static int compare(const struct big *a, const struct big *b)
{
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (int i = a->n - 1; i >= 0; i--)
        if (a->w[i] != b->w[i])
            return a->w[i] < b->w[i] ? -1 : 1;
    return 0;
}

static struct big sum(const struct big *a, const struct big *b)
{
    struct big out = { .n = a->n > b->n ? a->n : b->n };
    uint64_t   carry = 0;

    for (int i = 0; i < out.n; i++) {
        carry += (uint64_t)(i < a->n ? a->w[i] : 0) + (i < b->n ? b->w[i] : 0);
        out.w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        out.w[out.n++] = (uint32_t)carry;
    return out;
}

static void subtract(struct big *a, const struct big *b)
{
    int64_t borrow = 0;

    for (int i = 0; i < a->n; i++) {
        borrow += (int64_t)a->w[i] - (i < b->n ? b->w[i] : 0);
        a->w[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    trim(a);
}

/* --- digits --- */

/* v is value / scale; what lies between value - below and value + above reads back as v. */
struct interval {
    struct big value, scale, below, above;
    bool       closed; /* its ends read back, too */
};

static struct interval around(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    int      exponent = (int)(bits >> 52 & 0x7FF);
    bool     narrow = fraction == 0 && exponent > 1; /* a power of two: its lower neighbour is nearer */

    if (exponent > 0)
        fraction |= UINT64_C(1) << 52;
    exponent = (exponent > 0 ? exponent : 1) - EXPONENT_BIAS;
    int up = exponent > 0 ? exponent : 0, down = exponent < 0 ? -exponent : 0;
    return (struct interval) {
        .value = shifted(fraction, up + 1 + narrow),
        .scale = shifted(1, down + 1 + narrow),
        .below = shifted(1, up),
        .above = shifted(1, up + narrow),
        .closed = fraction % 2 == 0,
    };
}

static bool reaches(const struct interval *in)
{
    struct big end = sum(&in->value, &in->above);
    int        order = compare(&end, &in->scale);
    return order > 0 || (order == 0 && in->closed);
}

/* Digits are made from the front until what is left lies within the interval (Steele and White). */
static void any_digits(double v, struct decimal *d)
{
    struct interval in = around(v);

    d->exponent = (int)floor(log10(v));
    int up = d->exponent + 1;
    if (up > 0) {
        multiply_ten(&in.scale, up);
    } else {
        multiply_ten(&in.value, -up);
        multiply_ten(&in.below, -up);
        multiply_ten(&in.above, -up);
    }
    if (reaches(&in)) {
        multiply(&in.scale, 10);
        d->exponent++;
    }
    for (;;) {
        int digit = 0;
        multiply(&in.value, 10);
        multiply(&in.below, 10);
        multiply(&in.above, 10);
        for (; compare(&in.value, &in.scale) >= 0; digit++)
            subtract(&in.value, &in.scale);
        int  order = compare(&in.value, &in.below);
        bool low = order < 0 || (order == 0 && in.closed), high = reaches(&in);
        if ((low || high) && digit + high == 0 && d->n == 0) {
            d->exponent--; /* the estimate was one too high */
            continue;
        }
        if (low && high) {
            struct big twice = sum(&in.value, &in.value);
            high = compare(&twice, &in.scale) >= 0;
        }
        if (digit > 0 || d->n > 0 || low || high)
            d->digits[d->n++] = (char)('0' + digit + high);
        else
            d->exponent--;
        if (low || high || d->n == MAX_DIGITS)
            return;
    }
}

/* Few digits, as nearly always: a decimal of 15 digits that reads back is the shortest, and the quotient of
 * two exact doubles is rounded as reading would. */
static bool few_digits(double v, struct decimal *d)
{
    double power = 1;

    if (v < 1e-5 || v >= 1e15)
        return false;
    for (int k = 0; k <= 19; k++, power *= 10) {
        double whole = rint(v * power);
        if (whole >= 1e15)
            return false;
        if (whole / power != v)
            continue;
        char     text[EXACT_DIGITS + 1];
        uint64_t left = (uint64_t)whole;
        int      n = 0;
        for (; left > 0; left /= 10)
            text[n++] = (char)('0' + left % 10);
        d->exponent = n - 1 - k;
        for (d->n = 0; n > 0;)
            d->digits[d->n++] = text[--n];
        while (d->n > 1 && d->digits[d->n - 1] == '0')
            d->n--;
        return true;
    }
    return false;
}

/* --- text --- */

static void plain(struct strbuf *out, const struct decimal *d)
{
    if (d->exponent < 0) {
        strbuf_addz(out, "0.");
        for (int i = d->exponent + 1; i < 0; i++)
            strbuf_addc(out, '0');
        strbuf_add(out, str_make(d->digits, (size_t)d->n));
        return;
    }
    for (int i = 0; i <= d->exponent || i < d->n; i++) {
        if (i == d->exponent + 1)
            strbuf_addc(out, '.');
        strbuf_addc(out, i < d->n ? d->digits[i] : '0');
    }
    if (d->n <= d->exponent + 1)
        strbuf_addz(out, ".0");
}

static void scientific(struct strbuf *out, const struct decimal *d)
{
    int size = d->exponent < 0 ? -d->exponent : d->exponent;

    strbuf_addc(out, d->digits[0]);
    if (d->n > 1)
        strbuf_addc(out, '.');
    strbuf_add(out, str_make(d->digits + 1, (size_t)d->n - 1));
    strbuf_addz(out, d->exponent < 0 ? "E-" : "E+");
    if (size >= 100)
        strbuf_addc(out, (char)('0' + size / 100));
    strbuf_addc(out, (char)('0' + size / 10 % 10));
    strbuf_addc(out, (char)('0' + size % 10));
}

void scalar_number_real(struct strbuf *out, double v)
{
    struct decimal d = { .n = 0 };

    if (isnan(v)) {
        strbuf_addz(out, "NaN");
        return;
    }
    if (signbit(v))
        strbuf_addc(out, '-');
    v = fabs(v);
    if (isinf(v)) {
        strbuf_addz(out, "Infinity");
        return;
    }
    if (v == 0) {
        strbuf_addz(out, "0.0");
        return;
    }
    if (!few_digits(v, &d))
        any_digits(v, &d);
    if (d.exponent < PLAIN_BELOW && d.exponent >= PLAIN_FROM)
        plain(out, &d);
    else
        scientific(out, &d);
}

void scalar_number_tostring(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF text = STRBUF_INIT(64);

    scalar_number_real(&text, argv[0].r);
    scalar_give(a, &text, out);
}
