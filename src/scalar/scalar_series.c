/* SPDX-License-Identifier: Apache-2.0 */
/* Series: figures, fits, outliers, filters. Functions of several values give an array of them; where Kusto
 * also has a bag of the same, the function table makes it. */
#include <math.h>

#include "scalar/scalar.h"
#include "scalar/scalar_array.h"
#include "scalar/scalar_line.h"
#include "scalar/scalar_outlier.h"

enum { DEGREE_MAX = 20 };

static void add_comma_real(struct strbuf *out, double v)
{
    strbuf_addc(out, ',');
    scalar_array_add_real(out, v);
}

void scalar_series_stats(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array s;
    AUTO_STRBUF         text = STRBUF_INIT(1000);
    size_t              n = 0, least = 0, most = 0;
    double              sum = 0, squares = 0;

    if (!scalar_array_read(a, argv[0].s, &s))
        return;
    for (size_t i = 0; i < s.n; i++) {
        if (!isfinite(s.v[i]) && argv[1].i)
            continue;
        if (!isfinite(s.v[i]))
            return;
        least = n == 0 || s.v[i] < s.v[least] ? i : least;
        most = n == 0 || s.v[i] > s.v[most] ? i : most;
        sum += s.v[i];
        n++;
    }
    if (n == 0)
        return;
    double mean = sum / (double)n;
    for (size_t i = 0; i < s.n; i++)
        if (isfinite(s.v[i]))
            squares += (s.v[i] - mean) * (s.v[i] - mean);
    double variance = n > 1 ? squares / (double)(n - 1) : 0;
    strbuf_addc(&text, '[');
    scalar_array_add_real(&text, s.v[least]);
    strbuf_addc(&text, ',');
    scalar_array_add_long(&text, (int64_t)least);
    add_comma_real(&text, s.v[most]);
    strbuf_addc(&text, ',');
    scalar_array_add_long(&text, (int64_t)most);
    add_comma_real(&text, mean);
    add_comma_real(&text, sqrt(variance));
    add_comma_real(&text, variance);
    add_comma_real(&text, sum);
    strbuf_addc(&text, ',');
    scalar_array_add_long(&text, (int64_t)n);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* --- fits --- */

void scalar_series_fit_line(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array s, fit;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (!scalar_array_read(a, argv[0].s, &s) || s.n == 0 || !scalar_array_make(a, s.n, &fit))
        return;
    struct scalar_line line = scalar_line_fit(s.v, 0, s.n);
    for (size_t i = 0; i < s.n; i++)
        fit.v[i] = scalar_line_at(&line, i);
    strbuf_addc(&text, '[');
    scalar_array_add_real(&text, line.rsquare);
    add_comma_real(&text, line.slope);
    add_comma_real(&text, line.variance);
    add_comma_real(&text, line.rvariance);
    add_comma_real(&text, line.interception);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, fit.v, s.n);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

static void add_side(struct strbuf *out, const struct scalar_line *line)
{
    add_comma_real(out, line->rsquare);
    add_comma_real(out, line->slope);
    add_comma_real(out, line->interception);
    add_comma_real(out, line->variance);
    add_comma_real(out, line->rvariance);
}

/* Sums over the values up to each place: the fit of any part is then a matter of subtractions, and all splits
 * are tried in one pass. */
struct sums {
    double n, x, y, xx, xy, yy;
};

static double left_of(const struct sums *from, const struct sums *to)
{
    double n = to->n - from->n, x = to->x - from->x, y = to->y - from->y;

    if (n < 1)
        return 0;
    double xx = to->xx - from->xx - x * x / n, xy = to->xy - from->xy - x * y / n;
    double yy = to->yy - from->yy - y * y / n, left = xx > 0 ? yy - xy * xy / xx : yy;
    return left > 0 ? left : 0;
}

/* The place at which the right line begins; 0 when one line is all there is. */
static size_t best_split(struct arena *a, const struct scalar_array *s, const struct scalar_line *whole)
{
    struct sums *sum = arena_try_alloc(a, (s->n + 1) * sizeof *sum);
    double       mean_y = scalar_line_at(whole, s->n / 2), mean_x = (double)s->n / 2, best = 0;
    size_t       split = 0;

    if (!sum)
        return 0;
    sum[0] = (struct sums) { 0 };
    for (size_t i = 0; i < s->n; i++) { /* moved to the middle, so that the subtractions lose little */
        double x = (double)(i + 1) - mean_x, y = s->v[i] - mean_y;
        sum[i + 1] = sum[i];
        if (isnan(y))
            continue;
        sum[i + 1].n++;
        sum[i + 1].x += x;
        sum[i + 1].y += y;
        sum[i + 1].xx += x * x;
        sum[i + 1].xy += x * y;
        sum[i + 1].yy += y * y;
    }
    for (size_t i = 2; i + 2 <= s->n; i++) {
        double left = left_of(&sum[0], &sum[i]) + left_of(&sum[i], &sum[s->n]);
        if (split == 0 || left < best - 1e-12 * whole->squares) {
            best = left;
            split = i;
        }
    }
    return split;
}

void scalar_series_fit_2lines(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array s, fit;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (!scalar_array_read(a, argv[0].s, &s) || s.n == 0 || !scalar_array_make(a, s.n, &fit))
        return;
    struct scalar_line whole = scalar_line_fit(s.v, 0, s.n);
    size_t             split = best_split(a, &s, &whole);
    struct scalar_line left = scalar_line_fit(s.v, 0, split), right = scalar_line_fit(s.v, split, s.n);
    double             rest = left.left + right.left;
    for (size_t i = 0; i < s.n; i++)
        fit.v[i] = scalar_line_at(i < split ? &left : &right, i);
    strbuf_addc(&text, '[');
    scalar_array_add_real(&text, whole.squares > 0 ? 1 - rest / whole.squares : 1);
    strbuf_addc(&text, ',');
    scalar_array_add_long(&text, (int64_t)split);
    add_comma_real(&text, whole.variance);
    add_comma_real(&text, whole.n > 1 ? rest / (double)(whole.n - 1) : 0);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, fit.v, s.n);
    add_side(&text, &right);
    add_side(&text, &left);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* Gram-Schmidt on the powers of x in [-1, 1]: the normal equations of a high degree would lose their digits.
 */
struct polynomial {
    struct arena *a;
    size_t        n, degree;
    double        middle, half; /* x is (written x - middle) / half */
    double        coefficients[DEGREE_MAX + 1];
};

static bool solve(struct polynomial *p, const struct scalar_array *x, const struct scalar_array *y)
{
    double  base[DEGREE_MAX + 1][DEGREE_MAX + 1] = { { 0 } }; /* of each orthogonal polynomial */
    double *q = arena_try_alloc(p->a, (p->degree + 1) * p->n * sizeof *q);

    if (!q)
        return false;
    for (size_t d = 0; d <= p->degree; d++) {
        double *own = q + d * p->n, norm = 0, along = 0;
        for (size_t i = 0; i < p->n; i++)
            own[i] = d == 0 ? 1 : own[i - p->n] * (x->v[i] - p->middle) / p->half;
        base[d][0] = d == 0;
        for (size_t k = 1; d > 0 && k <= d; k++)
            base[d][k] = base[d - 1][k - 1];
        for (size_t e = 0; e < d; e++) {
            double share = 0;
            for (size_t i = 0; i < p->n; i++)
                share += own[i] * q[e * p->n + i];
            for (size_t i = 0; i < p->n; i++)
                own[i] -= share * q[e * p->n + i];
            for (size_t k = 0; k <= e; k++)
                base[d][k] -= share * base[e][k];
        }
        for (size_t i = 0; i < p->n; i++)
            norm += own[i] * own[i];
        if (norm <= 1e-24 * (double)p->n) /* the values lie on fewer places than the degree needs */
            return d > 0;
        norm = sqrt(norm);
        for (size_t i = 0; i < p->n; i++) {
            own[i] /= norm;
            along += own[i] * y->v[i];
        }
        for (size_t k = 0; k <= d; k++) {
            base[d][k] /= norm;
            p->coefficients[k] += along * base[d][k];
        }
    }
    return true;
}

static double value_at(const struct polynomial *p, double x)
{
    double t = (x - p->middle) / p->half, v = 0;
    for (size_t k = p->degree + 1; k-- > 0;)
        v = v * t + p->coefficients[k];
    return v;
}

/* From powers of (x - middle) / half to powers of x, by Horner on polynomials. */
static void expand(const struct polynomial *p, double *out)
{
    memset(out, 0, (p->degree + 1) * sizeof *out);
    for (size_t k = p->degree + 1; k-- > 0;) {
        for (size_t i = p->degree + 1; i-- > 0;)
            out[i] = ((i > 0 ? out[i - 1] : 0) - out[i] * p->middle) / p->half;
        out[0] += p->coefficients[k];
    }
}

/* Without x: 1, 2, 3, … Points that lack a coordinate do not count. */
static bool points(struct arena *a, const struct scalar_value *argv, struct scalar_array *x,
                   struct scalar_array *y, struct scalar_array *all)
{
    if (!scalar_array_read(a, argv[0].s, y) || y->n == 0)
        return false;
    if (argv[1].s.n == 0) {
        if (!scalar_array_make(a, y->n, all))
            return false;
        for (size_t i = 0; i < y->n; i++)
            all->v[i] = (double)(i + 1);
    } else if (!scalar_array_read(a, argv[1].s, all) || all->n != y->n) {
        return false;
    }
    if (!scalar_array_make(a, y->n, x))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < y->n; i++)
        if (isfinite(y->v[i]) && isfinite(all->v[i])) {
            x->v[kept] = all->v[i];
            y->v[kept++] = y->v[i];
        }
    x->n = y->n = kept;
    return kept > 0;
}

void scalar_series_fit_poly(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array x, y, all, fit;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);
    double  powers[DEGREE_MAX + 1], least = INFINITY, most = -INFINITY, mean = 0, sst = 0, sse = 0;
    int64_t degree = argv[2].i == SCALAR_MISSING ? 1 : argv[2].i;

    if (degree < 0 || degree > DEGREE_MAX || !points(a, argv, &x, &y, &all) ||
        !scalar_array_make(a, all.n, &fit))
        return;
    struct polynomial p = { .a = a, .n = x.n, .degree = (size_t)degree };
    for (size_t i = 0; i < x.n; i++) {
        least = fmin(least, x.v[i]);
        most = fmax(most, x.v[i]);
        mean += y.v[i] / (double)x.n;
    }
    p.middle = (least + most) / 2;
    p.half = most > least ? (most - least) / 2 : 1;
    if (!solve(&p, &x, &y))
        return;
    for (size_t i = 0; i < x.n; i++) {
        double left = y.v[i] - value_at(&p, x.v[i]);
        sse += left * left;
        sst += (y.v[i] - mean) * (y.v[i] - mean);
    }
    for (size_t i = 0; i < all.n; i++)
        fit.v[i] = value_at(&p, all.v[i]);
    expand(&p, powers);
    strbuf_addc(&text, '[');
    scalar_array_add_real(&text, sst > 0 ? 1 - sse / sst : 1);
    strbuf_addz(&text, ",[");
    for (size_t k = p.degree + 1; k-- > 0;) {
        scalar_array_add_real(&text, powers[k]);
        if (k > 0)
            strbuf_addc(&text, ',');
    }
    strbuf_addc(&text, ']');
    add_comma_real(&text, x.n > 1 ? sst / (double)(x.n - 1) : 0);
    add_comma_real(&text, x.n > 1 ? sse / (double)(x.n - 1) : 0);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, fit.v, all.n);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* --- outliers --- */

/* The share of a normal distribution below z, for z within 3, by its series. */
static double normal_share(double z)
{
    double term = z, sum = z;
    for (int k = 1; k < 60; k++) {
        term *= -z * z / (2 * k);
        sum += term / (2 * k + 1);
    }
    return 0.5 + sum / sqrt(2 * M_PI);
}

static double normal_quantile(double share)
{
    double low = -3, high = 3;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        if (normal_share(middle) < share)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* Kusto's scale is known for 10 and 90, and is 1 for 25 and 75: this goes through both. */
static struct scalar_outlier_range range_of(double low, double high)
{
    double z75 = normal_quantile(0.75), span = normal_quantile(high / 100) - normal_quantile(low / 100);
    double share = span / 2 / z75, top = z75 * share * (1 + 0.0123970 * (share - 1));

    return (struct scalar_outlier_range) { low, high, 1.5 * 2 * top / (4 * z75 - top), span };
}

/* series_outliers(series, kind, what is missing, percentile, percentile) */
void scalar_series_outliers(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array         s, score;
    AUTO_STRBUF                 text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct scalar_outlier_range range = SCALAR_OUTLIER_CTUKEY;

    if (str_eq(argv[1].s, S("tukey"))) {
        range = SCALAR_OUTLIER_TUKEY;
    } else if (!isnan(argv[3].r) || !isnan(argv[4].r)) {
        range = range_of(isnan(argv[3].r) ? range.low : argv[3].r, isnan(argv[4].r) ? range.high : argv[4].r);
    }
    if (range.low < 2 || range.high > 98 || range.low >= range.high || !scalar_array_read(a, argv[0].s, &s))
        return;
    for (size_t i = 0; i < s.n; i++)
        if (s.v[i] == argv[2].r)
            s.v[i] = NAN;
    if (!scalar_outlier_score(a, &s, range, &score))
        return;
    scalar_array_add(&text, score.v, s.n);
    scalar_give(a, &text, out);
}

/* --- filling and filters --- */

/* Arrays of whole numbers stay so: what a line gives between them is cut off. */
static void add_filled(struct strbuf *out, const struct scalar_array *filled)
{
    strbuf_addc(out, '[');
    for (size_t i = 0; i < filled->n; i++) {
        if (i > 0)
            strbuf_addc(out, ',');
        if (filled->whole && fabs(filled->v[i]) < 9e18)
            scalar_array_add_long(out, (int64_t)filled->v[i]);
        else
            scalar_array_add_real(out, filled->v[i]);
    }
    strbuf_addc(out, ']');
}

static void fill_gaps(struct scalar_array *s, bool edges)
{
    size_t known = SIZE_MAX;

    for (size_t i = 0; i < s->n; i++) {
        if (isnan(s->v[i]))
            continue;
        for (size_t k = known == SIZE_MAX ? 0 : known + 1; k < i; k++)
            if (known != SIZE_MAX)
                s->v[k] = s->v[known] + (s->v[i] - s->v[known]) * (double)(k - known) / (double)(i - known);
            else if (edges)
                s->v[k] = s->v[i];
        known = i;
    }
    for (size_t k = known + 1; edges && known != SIZE_MAX && k < s->n; k++)
        s->v[k] = s->v[known];
}

/* series_fill_linear(series, missing, keep_edges, constant): the texts are JSON, empty for what is not given.
 */
void scalar_series_fill_linear(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array s;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);
    bool                known = false, whole = false;

    if (!scalar_array_read(a, argv[0].s, &s))
        return;
    double gap = argv[1].s.n > 0 ? scalar_array_number(argv[1].s, &whole) : NAN;
    for (size_t i = 0; i < s.n; i++) {
        if (s.v[i] == gap)
            s.v[i] = NAN;
        known = known || !isnan(s.v[i]);
    }
    if (known) {
        fill_gaps(&s, !argv[2].i);
    } else {
        s.whole = false;
        double constant = argv[3].s.n > 0 ? scalar_array_number(argv[3].s, &s.whole) : 0;
        for (size_t i = 0; i < s.n; i++)
            s.v[i] = constant;
    }
    add_filled(&text, &s);
    scalar_give(a, &text, out);
}

/* series_fir(series, filter, normalize, center) */
void scalar_series_fir(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array s, filter, made;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);
    double              sum = 0;

    if (!scalar_array_read(a, argv[0].s, &s) || !scalar_array_read(a, argv[1].s, &filter) ||
        !scalar_array_make(a, s.n, &made))
        return;
    bool below = false;
    for (size_t k = 0; k < filter.n; k++) {
        sum += filter.v[k];
        below = below || filter.v[k] < 0;
    }
    bool mean = argv[2].i == SCALAR_MISSING ? !below : argv[2].i != 0;
    if (mean && below)
        return; /* the weights of a mean are none below zero */
    size_t ahead = argv[3].i ? filter.n / 2 : 0;
    for (size_t i = 0; i < s.n; i++) {
        for (size_t k = 0; k < filter.n; k++)
            if (i + ahead >= k && i + ahead - k < s.n && !isnan(s.v[i + ahead - k]))
                made.v[i] += filter.v[k] * s.v[i + ahead - k];
        made.v[i] /= mean && sum != 0 ? sum : 1;
    }
    scalar_array_add(&text, made.v, s.n);
    scalar_give(a, &text, out);
}

/* series_iir(series, of the series, of the result) */
void scalar_series_iir(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array s, direct, back, made;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (!scalar_array_read(a, argv[0].s, &s) || !scalar_array_read(a, argv[1].s, &direct) ||
        !scalar_array_read(a, argv[2].s, &back) || back.n == 0 || back.v[0] == 0 ||
        !scalar_array_make(a, s.n, &made))
        return;
    for (size_t i = 0; i < s.n; i++) {
        for (size_t k = 0; k < direct.n && k <= i; k++)
            made.v[i] += isnan(s.v[i - k]) ? 0 : direct.v[k] * s.v[i - k];
        for (size_t k = 1; k < back.n && k <= i; k++)
            made.v[i] -= back.v[k] * made.v[i - k];
        made.v[i] /= back.v[0];
    }
    scalar_array_add(&text, made.v, s.n);
    scalar_give(a, &text, out);
}
