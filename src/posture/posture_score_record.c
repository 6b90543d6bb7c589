/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_score_record.h"

#include "posture/posture_arm.h"

enum { MAX_ROW = 256 << 10 };

static void begin(struct json_w *w, str subscription, str id, ts now)
{
    json_w_object(w);
    json_w_ktime_known(w, S("TimeGenerated"), now);
    json_w_kstr(w, S("AssessedResourceId"), id);
    json_w_kstr(w, S("SecureScoresSubscriptionId"), subscription);
    json_w_kstr(w, S("Environment"), S("Azure"));
    json_w_kbool(w, S("IsSnapshot"), false);
}

static enum rc score_row(struct posture *p, struct state_tx *tx, str subscription,
                         const struct posture_score *s, ts now, struct err *err)
{
    AUTO_STRBUF   row = STRBUF_INIT(MAX_ROW), id = STRBUF_INIT(512);
    struct json_w w = json_w_make(&row);

    strbuf_addf(&id, "/subscriptions/" STR_FMT "/providers/Microsoft.Security/secureScores/ascScore",
                STR_ARG(subscription));
    begin(&w, subscription, strbuf_view(&id), now);
    json_w_kstr(&w, S("DisplayName"), S("ASC score"));
    json_w_kdouble(&w, S("CurrentScore"), s->current);
    json_w_ki64(&w, S("MaxScore"), (int64_t)s->max);
    json_w_kdouble(&w, S("PercentageScore"), s->percentage);
    json_w_ki64(&w, S("Weight"), s->weight);
    json_w_end(&w);
    return posture_log_row(p, tx, S("SecureScores"), &row, err);
}

static enum rc control_row(struct posture *p, struct state_tx *tx, str subscription, int control,
                           const struct posture_control_score *c, ts now, struct err *err)
/* long: a row's parameters */
{
    AUTO_STRBUF   row = STRBUF_INIT(MAX_ROW), id = STRBUF_INIT(512);
    struct json_w w = json_w_make(&row);
    double        max = POSTURE_CONTROLS[control].max;

    strbuf_addf(&id,
                "/subscriptions/" STR_FMT
                "/providers/Microsoft.Security/secureScores/ascScore/secureScoreControls/" STR_FMT,
                STR_ARG(subscription), STR_ARG(POSTURE_CONTROLS[control].name));
    begin(&w, subscription, strbuf_view(&id), now);
    json_w_kstr(&w, S("ControlId"), POSTURE_CONTROLS[control].name);
    json_w_kstr(&w, S("ControlName"), POSTURE_CONTROLS[control].display_name);
    json_w_kdouble(&w, S("CurrentScore"), c->current);
    json_w_ki64(&w, S("MaxScore"), POSTURE_CONTROLS[control].max);
    json_w_kdouble(&w, S("PercentageScore"), max > 0 ? c->current / max : 0);
    json_w_ki64(&w, S("HealthyResources"), c->healthy);
    json_w_ki64(&w, S("UnhealthyResources"), c->unhealthy);
    json_w_ki64(&w, S("NotApplicableResources"), c->other);
    json_w_ki64(&w, S("Weight"), c->healthy + c->unhealthy);
    json_w_end(&w);
    return posture_log_row(p, tx, S("SecureScoreControls"), &row, err);
}

/* What Resource Graph shows: microsoft.security/securescores and its controls. */
static enum rc graph_row(struct posture *p, struct state_tx *tx, str subscription, int control,
                         const struct posture_score *s, ts now, struct err *err)
/* long: a row's parameters */
{
    AUTO_STRBUF   row = STRBUF_INIT(MAX_ROW), id = STRBUF_INIT(512);
    struct json_w w = json_w_make(&row);

    strbuf_addf(&id, "/subscriptions/" STR_FMT "/providers/microsoft.security/securescores/ascscore",
                STR_ARG(subscription));
    if (control >= 0)
        strbuf_addf(&id, "/securescorecontrols/" STR_FMT, STR_ARG(POSTURE_CONTROLS[control].name));
    json_w_object(&w);
    json_w_ktime_known(&w, S("TimeGenerated"), now);
    json_w_ki64(&w, S("Version"), now);
    json_w_kstr(&w, S("RecordKey"), strbuf_view(&id));
    json_w_kstr(&w, S("RecordId"), strbuf_view(&id));
    json_w_kstr(&w, S("Name"), control >= 0 ? POSTURE_CONTROLS[control].name : S("ascScore"));
    json_w_kstr(&w, S("RecordType"),
                control >= 0 ? S("microsoft.security/securescores/securescorecontrols")
                             : S("microsoft.security/securescores"));
    json_w_kstr(&w, S("SubscriptionId"), subscription);
    json_w_kstr(&w, S("TenantId"), p->opts.tenant);
    json_w_kbool(&w, S("Gone"), false);
    json_w_key(&w, S("Properties"));
    json_w_object(&w);
    if (control >= 0)
        posture_arm_control_score(&w, control, &s->controls[control]);
    else
        posture_arm_score(&w, S("ASC score"), s);
    json_w_end(&w);
    json_w_end(&w);
    return posture_log_row(p, tx, S("PostureRecords"), &row, err);
}

enum rc posture_score_record(struct posture *p, struct state_tx *tx, str subscription,
                             const struct posture_score *s, ts now, struct err *err)
{
    if (!p->opts.log)
        return RC_OK;
    TRY(score_row(p, tx, subscription, s, now, err));
    TRY(graph_row(p, tx, subscription, -1, s, now, err));
    for (int i = 0; i < POSTURE_CONTROL_COUNT; i++) {
        TRY(control_row(p, tx, subscription, i, &s->controls[i], now, err));
        TRY(graph_row(p, tx, subscription, i, s, now, err));
    }
    return RC_OK;
}
