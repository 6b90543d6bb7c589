/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_gate.h"

#include "base/vec.h"
#include "posture/posture_assessment.h"
#include "posture/posture_deny.h"
#include "posture/posture_id.h"

static bool is_denied(const struct posture_finding *f)
{
    return str_eq_ci(f->effect, S("deny")) && f->unit->assignment->enforced;
}

static void take(struct posture_gate *g, const struct posture_subject *s, const struct posture_finding *f,
                 struct arena *a)
{
    const struct posture_check *c = f->unit->check;
    str                         message = posture_deny_message(f->unit);

    g->unmeasured += f->state == POSTURE_NOT_MEASURED;
    if (f->state != POSTURE_UNHEALTHY)
        return;
    *vec_push_in(a, g) = (struct posture_gate_finding) {
        .resource = s->id,
        .type = s->type,
        .finding = *f,
        .denied = is_denied(f),
        .message = message.n ? message : json_str(c->properties, S("displayName"), c->name)
    };
    g->denied += is_denied(f);
    g->warned += !is_denied(f);
}

static enum rc check_one(const struct posture_judging *j, const struct json *document, struct arena *a,
                         struct posture_gate *g, struct err *err)
{
    struct posture_id       id;
    struct posture_findings found;
    struct posture_subject  s = { .id = json_str(document, S("id"), S("")), .document = document };

    TRY(posture_id_parse(s.id, a, &id, err));
    s.type = id.type;
    posture_judge(j, &s, a, &found);
    for (size_t i = 0; i < found.n; i++)
        take(g, &s, &found.p[i], a);
    g->resources++;
    return RC_OK;
}

enum rc posture_gate_check(struct posture *p, const struct json *const *documents, size_t n, struct arena *a,
                           struct posture_gate *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    *out = (struct posture_gate) { 0 };
    TRY(state_tx_read(p->opts.state, &tx, err));
    const struct posture_judging j = posture_judge_begin(p, tx, a);
    for (size_t i = 0; i < n; i++)
        if (check_one(&j, documents[i], a, out, err) != RC_OK)
            return err_wrap(err, "resource %zu", i + 1);
    return RC_OK;
}

static void write_one(struct json_w *w, const struct posture_gate_finding *g)
{
    const struct posture_unit *u = g->finding.unit;

    json_w_object(w);
    json_w_kstr(w, S("resourceId"), g->resource);
    json_w_kstr(w, S("resourceType"), g->type);
    json_w_kstr(w, S("message"), g->message);
    json_w_kstr(w, S("effect"), g->finding.effect);
    json_w_kstr(w, S("severity"), posture_severity_name(u->check->severity));
    json_w_kstr(w, S("policyDefinitionId"), u->check->id);
    json_w_kstr(w, S("policyDefinitionName"), u->check->name);
    json_w_kstr(w, S("displayName"), json_str(u->check->properties, S("displayName"), u->check->name));
    json_w_kstr(w, S("policyAssignmentId"), u->assignment->object.id);
    json_w_kstr(w, S("policyDefinitionReferenceId"), u->reference);
    if (g->finding.evidence.n) {
        json_w_key(w, S("evidence"));
        json_w_raw(w, g->finding.evidence);
    }
    json_w_end(w);
}

static void write_list(struct json_w *w, const char *name, const struct posture_gate *g, bool denied)
{
    json_w_key(w, str_of(name));
    json_w_array(w);
    for (size_t i = 0; i < g->n; i++)
        if (g->p[i].denied == denied)
            write_one(w, &g->p[i]);
    json_w_end(w);
}

void posture_gate_write(struct json_w *w, const struct posture_gate *g)
{
    json_w_kstr(w, S("decision"), g->denied ? S("deny") : S("allow"));
    json_w_ki64(w, S("resources"), (int64_t)g->resources);
    json_w_ki64(w, S("notMeasured"), (int64_t)g->unmeasured);
    write_list(w, "denied", g, true);
    write_list(w, "warnings", g, false);
}
