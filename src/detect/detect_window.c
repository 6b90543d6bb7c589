/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_window.h"

struct detect_timing detect_window_timing(const struct content_rule *r, size_t n_tables)
{
    struct detect_timing t = { .period = r->period, .each_end = r->uses_now };

    t.whole = r->row_wise && !r->uses_now && (n_tables <= 1 || r->unions) && r->trigger == CONTENT_GT &&
              r->threshold == 0;
    t.step = t.each_end ? r->frequency : r->period / 2;
    return t;
}

static int by_start(const void *a, const void *b)
{
    ts x = ((const struct detect_span *)a)->from, y = ((const struct detect_span *)b)->from;
    return x < y ? -1 : x > y;
}

size_t detect_window_merge(struct detect_span *spans, size_t n, duration gap)
{
    size_t kept = 0;

    if (n)
        qsort(spans, n, sizeof *spans, by_start);
    for (size_t i = 0; i < n; i++) {
        struct detect_span *last = kept ? &spans[kept - 1] : NULL;
        if (!last || spans[i].from - last->to >= gap)
            spans[kept++] = spans[i];
        else if (spans[i].to > last->to)
            last->to = spans[i].to;
    }
    return kept;
}

/* The end of the oldest window: back from the span's end in steps, until the span's beginning is covered. */
static ts first_end(const struct detect_timing *t, struct detect_span span)
{
    duration reach = span.to - span.from; /* how far the oldest end may still lie behind `from` */
    duration enough = t->each_end ? t->step : t->period;

    if (reach <= enough)
        return span.to;
    return span.to - (reach - enough + t->step - 1) / t->step * t->step;
}

size_t detect_window_plan(const struct detect_timing *t, struct detect_span span, bool later,
                          struct detect_span *out, size_t max, struct detect_span *left)
{
    size_t n = 0;

    *left = (struct detect_span) { 0, 0 };
    if (!max) {
        *left = span;
        return 0;
    }
    if (t->whole) {
        out[n++] = span;
        return n;
    }
    ts last = later && span.from + t->period > span.to ? span.from + t->period : span.to;
    for (ts end = first_end(t, span);; end += t->step) {
        if (end > last && end - t->step < last && last > span.to)
            end = last; /* forward, the last window begins with the span */
        if (end > last)
            break;
        if (n == max) {
            /* The windows so far see everything before their last end; what lies behind, and half a window
             * before it, is planned again. */
            ts from = end - t->step;
            *left = (struct detect_span) { from < span.to ? from : span.to - 1, span.to };
            break;
        }
        out[n++] = (struct detect_span) { end - t->period, end };
    }
    return n;
}
