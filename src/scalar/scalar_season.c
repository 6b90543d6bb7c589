/* SPDX-License-Identifier: Apache-2.0 */
/* Series taken apart into a season, a trend and the rest: what repeats is the median of each phase, the trend
 * is the mean or a line through what is left, and outliers of the rest are anomalies. */
#include <math.h>

#include "scalar/scalar.h"
#include "scalar/scalar_array.h"
#include "scalar/scalar_line.h"
#include "scalar/scalar_outlier.h"
#include "scalar/scalar_period.h"

enum { PERIODS_MAX = 1000 };

static void give_two(struct arena *a, const double *first, const double *second, size_t n,
                     struct scalar_value *out)
{
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);

    strbuf_addc(&text, '[');
    scalar_array_add(&text, first, n);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, second, n);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* series_periods_detect(series, least, most, how many): filled with zeros when there are fewer. */
void scalar_season_detect(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array       s, places, scores;
    struct scalar_period_view view;
    struct scalar_period      found[PERIODS_MAX];

    if (argv[3].i < 1 || argv[3].i > PERIODS_MAX || !scalar_array_read(a, argv[0].s, &s) ||
        !scalar_period_look(a, &s, &view))
        return;
    size_t wanted = (size_t)argv[3].i;
    if (!scalar_array_make(a, wanted, &places) || !scalar_array_make(a, wanted, &scores))
        return;
    size_t n = scalar_period_find(&view, argv[1].r, argv[2].r, found, wanted);
    for (size_t i = 0; i < n; i++) {
        places.v[i] = (double)found[i].places;
        scores.v[i] = found[i].score;
    }
    give_two(a, places.v, scores.v, wanted, out);
}

void scalar_season_validate(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array       s, places, scores;
    struct scalar_period_view view;

    if (!scalar_array_read(a, argv[0].s, &s) || !scalar_array_read(a, argv[1].s, &places) ||
        !scalar_array_make(a, places.n, &scores) || !scalar_period_look(a, &s, &view))
        return;
    for (size_t i = 0; i < places.n; i++)
        scores.v[i] = scalar_period_score(&view, places.v[i]);
    give_two(a, places.v, scores.v, places.n, out);
}

/* The period asked for, or found in the first `n` places. 0: there is none. */
static size_t period_of(struct arena *a, const struct scalar_array *s, size_t n, int64_t asked,
                        double threshold)
{
    struct scalar_array       learnt = { s->v, n, s->whole };
    struct scalar_period_view view;
    struct scalar_period      best;

    if (asked >= 0)
        return asked > 0 && (size_t)asked <= n ? (size_t)asked : 0;
    if (!scalar_period_look(a, &learnt, &view) || scalar_period_find(&view, 0, (double)n, &best, 1) == 0)
        return 0;
    return best.score >= threshold ? best.places : 0;
}

/* The median of the first `n` places of each phase, at all places. */
static bool seasons(struct arena *a, const struct scalar_array *s, size_t n, size_t period,
                    struct scalar_array *out)
{
    struct scalar_array phase, sorted;

    if (!scalar_array_make(a, s->n, out) || !scalar_array_make(a, n, &phase))
        return false;
    for (size_t from = 0; from < period; from++) {
        phase.n = 0;
        for (size_t i = from; i < n; i += period)
            phase.v[phase.n++] = s->v[i];
        if (!scalar_array_sorted(a, &phase, &sorted))
            return false;
        double median = sorted.n > 0 ? scalar_array_percentile(&sorted, 50) : 0;
        for (size_t i = from; i < s->n; i += period)
            out->v[i] = median;
    }
    return true;
}

void scalar_season_seasonal(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_array s, season;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (!scalar_array_read(a, argv[0].s, &s))
        return;
    int64_t asked = argv[1].i == SCALAR_MISSING ? -1 : argv[1].i;
    if (!seasons(a, &s, s.n, period_of(a, &s, s.n, asked, 0.7), &season))
        return;
    scalar_array_add(&text, season.v, s.n);
    scalar_give(a, &text, out);
}

struct parts {
    struct scalar_array s, season, trend, baseline, rest;
    size_t              learnt; /* places before those to foretell */
};

struct how {
    int64_t season; /* places, 0 for none, -1 to find out */
    str     trend;
    int64_t ahead;
    double  threshold;
};

static void add_trend(struct parts *p, str how)
{
    if (str_eq(how, S("none")))
        return;
    for (size_t i = 0; i < p->s.n; i++)
        p->rest.v[i] = p->s.v[i] - p->season.v[i];
    struct scalar_line line = scalar_line_fit(p->rest.v, 0, p->learnt);
    bool               level = !str_eq(how, S("linefit"));
    double             mean = line.slope * ((double)p->learnt + 1) / 2 + line.interception;

    if (level) { /* a mean of what is there, also where something is missing */
        size_t n = 0;
        mean = 0;
        for (size_t i = 0; i < p->learnt; i++)
            if (!isnan(p->rest.v[i])) {
                mean += p->rest.v[i];
                n++;
            }
        mean = n > 0 ? mean / (double)n : 0;
    }
    for (size_t i = 0; i < p->s.n; i++)
        p->trend.v[i] = level ? mean : scalar_line_at(&line, i);
}

static bool decompose(struct arena *a, str series, struct how how, struct parts *p)
{
    if (!scalar_array_read(a, series, &p->s) || how.ahead < 0 || (size_t)how.ahead > p->s.n)
        return false;
    size_t n = p->s.n;
    p->learnt = n - (size_t)how.ahead;
    if (!seasons(a, &p->s, p->learnt, period_of(a, &p->s, p->learnt, how.season, how.threshold),
                 &p->season) ||
        !scalar_array_make(a, n, &p->trend) || !scalar_array_make(a, n, &p->baseline) ||
        !scalar_array_make(a, n, &p->rest))
        return false;
    add_trend(p, how.trend);
    for (size_t i = 0; i < n; i++) {
        p->baseline.v[i] = p->season.v[i] + p->trend.v[i];
        p->rest.v[i] = p->s.v[i] - p->baseline.v[i];
    }
    return true;
}

static int64_t or_else(int64_t v, int64_t otherwise)
{
    return v == SCALAR_MISSING ? otherwise : v;
}

static double real_or_else(double v, double otherwise)
{
    return isnan(v) ? otherwise : v;
}

/* series_decompose(series, season, trend, test points, threshold) */
void scalar_season_decompose(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct parts p;
    AUTO_STRBUF  text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct how   how = { or_else(argv[1].i, -1), argv[2].s, or_else(argv[3].i, 0),
                         real_or_else(argv[4].r, 0.6) };

    if (!decompose(a, argv[0].s, how, &p))
        return;
    strbuf_addc(&text, '[');
    scalar_array_add(&text, p.baseline.v, p.s.n);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, p.season.v, p.s.n);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, p.trend.v, p.s.n);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, p.rest.v, p.s.n);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* series_decompose_anomalies(series, threshold, season, trend, test points, method, threshold of the season)
 */
void scalar_season_anomalies(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct parts        p;
    struct scalar_array score, flag;
    AUTO_STRBUF         text = STRBUF_INIT(SCALAR_MAX_TEXT);
    double              limit = real_or_else(argv[1].r, 1.5);
    bool                plain = str_eq(argv[5].s, S("tukey"));
    struct how          how = { or_else(argv[2].i, -1), argv[3].s, or_else(argv[4].i, 0),
                                real_or_else(argv[6].r, 0.6) };

    struct scalar_outlier_range range = plain ? SCALAR_OUTLIER_TUKEY : SCALAR_OUTLIER_CTUKEY;
    if (!decompose(a, argv[0].s, how, &p) || !scalar_array_make(a, p.s.n, &flag) ||
        !scalar_outlier_score(a, &p.rest, range, &score))
        return;
    for (size_t i = 0; i < p.s.n; i++)
        flag.v[i] = score.v[i] > limit ? 1 : score.v[i] < -limit ? -1 : 0;
    strbuf_addc(&text, '[');
    scalar_array_add(&text, flag.v, p.s.n);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, score.v, p.s.n);
    strbuf_addc(&text, ',');
    scalar_array_add(&text, p.baseline.v, p.s.n);
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* series_decompose_forecast(series, points, season, trend, threshold) */
void scalar_season_forecast(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct parts p;
    AUTO_STRBUF  text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct how   how = { or_else(argv[2].i, -1), argv[3].s, argv[1].i, real_or_else(argv[4].r, 0.6) };

    if (!decompose(a, argv[0].s, how, &p))
        return;
    scalar_array_add(&text, p.baseline.v, p.s.n);
    scalar_give(a, &text, out);
}
