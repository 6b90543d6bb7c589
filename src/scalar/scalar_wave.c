/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_wave.h"

#include <math.h>

#include "scalar/scalar.h"
#include "scalar/scalar_array.h"

static struct scalar_wave times(struct scalar_wave x, struct scalar_wave y)
{
    return (struct scalar_wave) { x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re };
}

/* cos and sin of an eighth of a turn at most, by their series: the C library's would double the module. */
static struct scalar_wave small_turn(double angle)
{
    double square = angle * angle, re = 1, im = 1;

    for (int k = 18; k >= 2; k -= 2) {
        re = 1 - re * square / (k * (k - 1));
        im = 1 - im * square / (k * (k + 1));
    }
    return (struct scalar_wave) { re, im * angle };
}

/* By a share of a whole turn. */
static struct scalar_wave turn_of(double share)
{
    static const struct scalar_wave QUARTERS[] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } };
    double                          quarters = floor(share * 4 + 0.5);

    return times(small_turn(2 * M_PI * (share - quarters / 4)), QUARTERS[(int64_t)quarters & 3]);
}

static void reorder(struct scalar_wave *v, size_t n)
{
    for (size_t i = 1, k = 0; i < n; i++) {
        size_t bit = n >> 1;
        for (; k & bit; bit >>= 1)
            k ^= bit;
        k ^= bit;
        if (i < k) {
            struct scalar_wave other = v[i];
            v[i] = v[k];
            v[k] = other;
        }
    }
}

/* Cooley and Tukey's, for n a power of two. */
static bool turn_power_of_two(struct arena *a, struct scalar_wave *v, size_t n, bool back)
{
    struct scalar_wave *roots = arena_try_alloc(a, (n / 2 + 1) * sizeof *roots);

    if (!roots)
        return false;
    for (size_t i = 0; i < n / 2; i++)
        roots[i] = turn_of((back ? 1.0 : -1.0) * (double)i / (double)n);
    reorder(v, n);
    for (size_t width = 1; width < n; width *= 2)
        for (size_t from = 0; from < n; from += 2 * width)
            for (size_t i = 0; i < width; i++) {
                struct scalar_wave x = v[from + i];
                struct scalar_wave y = times(v[from + i + width], roots[i * (n / 2 / width)]);
                v[from + i] = (struct scalar_wave) { x.re + y.re, x.im + y.im };
                v[from + i + width] = (struct scalar_wave) { x.re - y.re, x.im - y.im };
            }
    return true;
}

/* Bluestein's: any n as a convolution of a greater power of two. */
static bool turn_any(struct arena *a, struct scalar_wave *v, size_t n, bool back)
{
    size_t size = 1;
    while (size < 2 * n)
        size *= 2;
    struct scalar_wave *chirp = arena_try_alloc(a, n * sizeof *chirp);
    struct scalar_wave *x = arena_try_alloc(a, size * sizeof *x), *y = arena_try_alloc(a, size * sizeof *y);

    if (!chirp || !x || !y)
        return false;
    memset(x, 0, size * sizeof *x);
    memset(y, 0, size * sizeof *y);
    for (size_t i = 0; i < n; i++) {
        uint64_t square = (uint64_t)i * i % (2 * n); /* the turn repeats: a small number keeps its digits */
        chirp[i] = turn_of((back ? 0.5 : -0.5) * (double)square / (double)n);
        x[i] = times(v[i], chirp[i]);
        y[i] = (struct scalar_wave) { chirp[i].re, -chirp[i].im };
        if (i > 0)
            y[size - i] = y[i];
    }
    if (!turn_power_of_two(a, x, size, false) || !turn_power_of_two(a, y, size, false))
        return false;
    for (size_t i = 0; i < size; i++)
        x[i] = times(x[i], y[i]);
    if (!turn_power_of_two(a, x, size, true))
        return false;
    for (size_t i = 0; i < n; i++) {
        x[i] = times(x[i], chirp[i]);
        v[i] = (struct scalar_wave) { x[i].re / (double)size, x[i].im / (double)size };
    }
    return true;
}

bool scalar_wave_turn(struct arena *a, struct scalar_wave *v, size_t n, bool back)
{
    if (n > 1 && !((n & (n - 1)) == 0 ? turn_power_of_two(a, v, n, back) : turn_any(a, v, n, back)))
        return false;
    for (size_t i = 0; back && i < n; i++) {
        v[i].re /= (double)n;
        v[i].im /= (double)n;
    }
    return true;
}

static void transform(struct arena *a, const struct scalar_value *argv, bool back, struct scalar_value *out)
{
    struct scalar_array re, im;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (!scalar_array_read(a, argv[0].s, &re))
        return;
    if (argv[1].s.n > 0 ? !scalar_array_read(a, argv[1].s, &im) || im.n != re.n
                        : !scalar_array_make(a, re.n, &im))
        return;
    struct scalar_wave *v = arena_try_alloc(a, (re.n + 1) * sizeof *v);
    if (!v)
        return;
    for (size_t i = 0; i < re.n; i++)
        v[i] = (struct scalar_wave) { isnan(re.v[i]) ? 0 : re.v[i], isnan(im.v[i]) ? 0 : im.v[i] };
    if (!scalar_wave_turn(a, v, re.n, back))
        return;
    for (size_t i = 0; i < re.n; i++) {
        re.v[i] = v[i].re;
        im.v[i] = v[i].im + 0.0;
    }
    strbuf_addc(&text, '[');
    scalar_array_add(&text, re.v, re.n);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, im.v, im.n);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

void scalar_wave_fft(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    transform(a, argv, false, out);
}

void scalar_wave_ifft(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    transform(a, argv, true, out);
}
