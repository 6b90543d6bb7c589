/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_risk.h"

#include <math.h>
#include <stdlib.h>

#include "incident/incident_entity.h"
#include "incident/incident_priv.h"

static const double POINTS[CONTENT_SEVERITY_COUNT_] = {
    [CONTENT_INFORMATIONAL] = 1, [CONTENT_LOW] = 3, [CONTENT_MEDIUM] = 10, [CONTENT_HIGH] = 25
};

static const struct {
    const char *verdict;
    double      factor;
} FACTORS[] = {
    { "TruePositive", 1.5 },   { "open", 1 },          { "Undetermined", 0.5 },
    { "BenignPositive", 0.2 }, { "FalsePositive", 0 },
};

static double factor_of(str verdict)
{
    for (size_t i = 0; i < sizeof FACTORS / sizeof *FACTORS; i++)
        if (str_eq(verdict, str_of(FACTORS[i].verdict)))
            return FACTORS[i].factor;
    return 1;
}

static int heavier(const void *a, const void *b)
{
    const struct incident_risk_term *x = a, *y = b;

    if (x->product > y->product || x->product < y->product)
        return x->product > y->product ? -1 : 1;
    return str_cmp(x->alert, y->alert);
}

static enum rc verdict_of(struct incident_store *s, str incident, struct arena *a, str *out, struct err *err)
{
    struct incident i;

    *out = S("open");
    if (!incident.n)
        return RC_OK;
    TRY(incident_get(s, incident, a, &i, err));
    if (i.status == INCIDENT_CLOSED)
        *out = i.classification.n ? i.classification : S("Undetermined");
    return RC_OK;
}

enum rc incident_risk_of(struct incident_store *s, str entity, struct arena *a, struct incident_risk *out,
                         struct err *err)
{
    struct incident_alert *alerts;
    size_t                 n;
    ts                     now = env_now(s->env);
    struct incident_risk   r = { .score = 0 };

    const struct incident_entity_span span = { entity, now - DAYS(30), TS_MAX, INCIDENT_RISK_MAX_TERMS };

    TRY(incident_entity_alerts(s, &span, a, &alerts, &n, err));
    r.terms = ARENA_ARRAY(a, struct incident_risk_term, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct incident_risk_term *t = &r.terms[r.n_terms++];
        double weeks = now > alerts[i].alert.end ? (double)(now - alerts[i].alert.end) / (double)DAYS(7) : 0;
        t->alert = alerts[i].alert.id;
        t->title = alerts[i].alert.display_name;
        t->time = alerts[i].alert.end;
        TRY(verdict_of(s, alerts[i].incident, a, &t->verdict, err));
        t->points = POINTS[alerts[i].alert.severity < CONTENT_SEVERITY_COUNT_ ? alerts[i].alert.severity : 0];
        t->decay = pow(0.5, weeks);
        t->factor = factor_of(t->verdict);
        t->product = t->points * t->decay * t->factor;
        r.score += t->product;
    }
    if (n)
        qsort(r.terms, n, sizeof *r.terms, heavier);
    r.cut = r.score > 100;
    r.score = r.cut ? 100 : r.score;
    *out = r;
    return RC_OK;
}
