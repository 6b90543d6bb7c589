/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_period.h"

#include <math.h>

#include "scalar/scalar_line.h"
#include "scalar/scalar_wave.h"

enum { PLACES_MIN = 4 };

/* What is missing counts as the mean. */
static void level(const struct scalar_array *s, double *out)
{
    struct scalar_line line = scalar_line_fit(s->v, 0, s->n);
    bool               climbs = line.rsquare > 0.2 && line.squares > 0;
    double             mean = 0;
    size_t             n = 0;

    for (size_t i = 0; i < s->n; i++)
        if (!isnan(s->v[i])) {
            mean += s->v[i];
            n++;
        }
    mean = n > 0 ? mean / (double)n : 0;
    for (size_t i = 0; i < s->n; i++)
        out[i] = isnan(s->v[i]) ? 0 : s->v[i] - (climbs ? scalar_line_at(&line, i) : mean);
}

/* The sum of v[i] · v[i + k], each k by the number of its terms: the spectrum of the series and as many
 * zeros, squared and turned back. */
static bool correlate(struct arena *a, const double *v, struct scalar_period_view *view)
{
    size_t size = 1;
    while (size < 2 * view->n)
        size *= 2;
    struct scalar_wave *w = arena_try_alloc(a, size * sizeof *w);

    if (!w)
        return false;
    for (size_t i = 0; i < size; i++)
        w[i] = (struct scalar_wave) { i < view->n ? v[i] : 0, 0 };
    if (!scalar_wave_turn(a, w, size, false))
        return false;
    for (size_t i = 0; i < size; i++)
        w[i] = (struct scalar_wave) { w[i].re * w[i].re + w[i].im * w[i].im, 0 };
    if (!scalar_wave_turn(a, w, size, true))
        return false;
    for (size_t k = 0; k < view->n; k++)
        view->correlation[k] = w[0].re > 0 ? w[k].re / w[0].re * (double)view->n / (double)(view->n - k) : 0;
    return true;
}

static bool measure(struct arena *a, const double *v, struct scalar_period_view *view)
{
    struct scalar_wave *w = arena_try_alloc(a, (view->n + 1) * sizeof *w);

    if (!w)
        return false;
    for (size_t i = 0; i < view->n; i++)
        w[i] = (struct scalar_wave) { v[i], 0 };
    if (!scalar_wave_turn(a, w, view->n, false))
        return false;
    for (size_t k = 0; k <= view->n / 2; k++)
        view->power[k] = k < view->n ? w[k].re * w[k].re + w[k].im * w[k].im : 0;
    return true;
}

bool scalar_period_look(struct arena *a, const struct scalar_array *s, struct scalar_period_view *out)
{
    double *v = arena_try_alloc(a, (s->n + 1) * sizeof *v);

    out->n = s->n;
    out->correlation = arena_try_alloc(a, (s->n + 1) * sizeof(double));
    out->power = arena_try_alloc(a, (s->n / 2 + 1) * sizeof(double));
    if (!v || !out->correlation || !out->power)
        return false;
    level(s, v);
    return correlate(a, v, out) && measure(a, v, out);
}

static bool is_peak(const struct scalar_period_view *view, size_t places)
{
    const double *c = view->correlation;
    return c[places] > c[places - 1] && c[places] >= c[places + 1];
}

static double score_at(const struct scalar_period_view *view, size_t places)
{
    double score = fmin(view->correlation[places], view->correlation[2 * places]);
    return fmax(0, fmin(1, score));
}

double scalar_period_score(const struct scalar_period_view *view, double places)
{
    if (!(places >= PLACES_MIN) || 2 * places > (double)view->n)
        return 0;
    size_t p = (size_t)(places + 0.5);
    return 2 * p < view->n && is_peak(view, p) ? score_at(view, p) : 0;
}

/* The best correlation among the lengths that are as near to this frequency as to its neighbours. */
static size_t near_frequency(const struct scalar_period_view *view, size_t k)
{
    size_t from = view->n / (k + 1) + (view->n % (k + 1) != 0), to = k > 1 ? view->n / (k - 1) : view->n;
    size_t last = (view->n - 1) / 2, best = 0;

    for (size_t p = from < PLACES_MIN ? PLACES_MIN : from; p <= to && p <= last; p++)
        if (best == 0 || view->correlation[p] > view->correlation[best])
            best = p;
    return best;
}

static size_t put(struct scalar_period *out, size_t n, size_t max, struct scalar_period found)
{
    size_t at = n;

    for (size_t i = 0; i < n; i++)
        if (out[i].places == found.places)
            return n;
    while (at > 0 && out[at - 1].score < found.score)
        at--;
    if (at >= max)
        return n;
    n = n < max ? n + 1 : n;
    for (size_t i = n - 1; i > at; i--)
        out[i] = out[i - 1];
    out[at] = found;
    return n;
}

size_t scalar_period_find(const struct scalar_period_view *view, double least, double most,
                          struct scalar_period *out, size_t max)
{
    size_t last = view->n / 2, n = 0;
    double mean = 0;

    for (size_t k = 1; k <= last; k++)
        mean += view->power[k] / (double)last;
    for (size_t k = 1; k <= last && mean > 0; k++) {
        double power = view->power[k];
        if (power < mean || power < view->power[k - 1] || (k < last && power < view->power[k + 1]))
            continue;
        size_t places = near_frequency(view, k);
        if (places > 0 && (double)places >= least && (double)places <= most && is_peak(view, places) &&
            score_at(view, places) > 0)
            n = put(out, n, max, (struct scalar_period) { places, score_at(view, places) });
    }
    return n;
}
