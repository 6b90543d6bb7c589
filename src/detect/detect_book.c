/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_book.h"

#include "base/hash.h"
#include "base/vec.h"
#include "detect/detect_ledger.h"

struct booking {
    struct state_tx             *tx;
    const struct detect_context *c;
    const struct content_rule   *rule;
    struct arena                *arena;
    struct detect_booked        *sums;
    struct {
        struct detect_draft *p;
        size_t               n, cap;
    } drafts;
    size_t n_new;
    size_t open; /* SingleAlert: index + 1 of the draft that takes further new rows */
};

bool detect_book_fires(const struct content_rule *rule, size_t n_rows)
{
    int64_t n = (int64_t)n_rows;

    switch (rule->trigger) {
    case CONTENT_GT:
        return n > rule->threshold;
    case CONTENT_LT:
        return n < rule->threshold;
    case CONTENT_EQ:
        return n == rule->threshold;
    case CONTENT_NE:
        return n != rule->threshold;
    }
    return false;
}

static struct detect_draft *draft_of(struct booking *b, str alert_id)
{
    for (size_t i = 0; i < b->drafts.n; i++)
        if (str_eq(b->drafts.p[i].id, alert_id))
            return &b->drafts.p[i];
    struct detect_draft *d = vec_push_in(b->arena, &b->drafts);
    d->id = alert_id;
    return d;
}

/* Where a row of a new matter goes: the alert of this window that is open for it, or a new one. */
static enum rc draft_for_new(struct booking *b, const struct detect_row *row, struct detect_draft **out,
                             struct err *err)
{
    struct detect_draft *open = b->open ? &b->drafts.p[b->open - 1] : NULL;
    bool                 full = b->n_new >= DETECT_DRAFT_MAX_ALERTS;
    bool                 joins = b->rule->grouping == CONTENT_SINGLE_ALERT
                                     ? open && row->start <= open->start + b->rule->period
                                     : open && full;

    if (!joins) {
        open = draft_of(b, detect_draft_id(b->arena, b->rule, row));
        open->is_new = true;
        b->open = (size_t)(open - b->drafts.p) + 1;
        b->n_new++;
        TRY(detect_ledger_quiet(b->tx, b->rule, row->start, &open->silent, err));
        if (!open->silent)
            TRY(detect_ledger_alert_put(b->tx, b->rule->id, open->id, row->start, b->c->now, err));
    }
    *out = open;
    return RC_OK;
}

static enum rc book_row(struct booking *b, const struct detect_row *row, struct err *err)
{
    struct detect_draft *d;
    bool                 counted;
    str                  alert_id;

    TRY(detect_ledger_counted(b->tx, b->rule->id, row->id, &counted, err));
    if (counted) {
        b->sums->repeated++;
        return RC_OK;
    }
    TRY(detect_ledger_matter(b->tx, b->rule, row, b->arena, &alert_id, err));
    if (alert_id.n)
        d = draft_of(b, alert_id);
    else
        TRY(draft_for_new(b, row, &d, err));
    detect_draft_add(b->arena, d, row);
    if (!d->silent) /* what is suppressed leaves no matter that a later row could extend */
        TRY(detect_ledger_matter_put(b->tx, b->rule->id, row, d->id, err));
    return detect_ledger_count(b->tx, b->rule->id, row->id, d->id, b->c->now, err);
}

static int by_time(const void *a, const void *b)
{
    const struct detect_row *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* A rule that fires on nothing: a row without cells stands for the window's emptiness. */
static struct detect_row nothing(const struct detect_rows *rows)
{
    char              text[96];
    int               n = snprintf(text, sizeof text, STR_FMT "/nothing", STR_ARG(rows->rule->id));
    struct detect_row row = { .start = rows->window.from, .end = rows->window.to - 1 };

    row.key = hash_fnv(str_make(text, (size_t)n));
    row.id = row.key ^ (uint64_t)(rows->window.to / rows->rule->frequency);
    return row;
}

static enum rc raise_all(struct booking *b, const struct alert_sink *sink, struct err *err)
{
    for (size_t i = 0; i < b->drafts.n; i++) {
        struct detect_draft *d = &b->drafts.p[i];
        if (d->silent) {
            b->sums->suppressed++;
            continue;
        }
        struct alert alert = detect_draft_alert(b->c, d);
        TRY(sink->raise(sink->ctx, b->tx, &alert, err));
        if (d->is_new)
            b->sums->raised++;
        else
            b->sums->extended++;
    }
    return RC_OK;
}

enum rc detect_book_window(struct state_tx *tx, const struct detect_context *c, const struct alert_sink *sink,
                           struct detect_booked *out, struct err *err)
{
    struct booking    b = { .tx = tx, .c = c, .rule = c->rows->rule, .arena = c->rows->arena, .sums = out };
    struct detect_row none;

    if (c->rows->n)
        qsort(c->rows->p, c->rows->n, sizeof *c->rows->p, by_time);
    for (size_t i = 0; i < c->rows->n; i++)
        TRY(book_row(&b, &c->rows->p[i], err));
    if (!c->rows->n) {
        none = nothing(c->rows);
        TRY(book_row(&b, &none, err));
    }
    return raise_all(&b, sink, err);
}
