/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.PolicyInsights/checkPolicyRestrictions: a form asks before somebody fills it in. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "base/vec.h"
#include "posture/posture_assessment.h"
#include "posture/posture_deny.h"
#include "posture/posture_restrict.h"

static void write_policy(struct json_w *w, const char *key, const struct posture_unit *u)
{
    json_w_key(w, str_of(key));
    json_w_object(w);
    json_w_kstr(w, S("policyDefinitionId"), u->check->id);
    json_w_kstr(w, S("policySetDefinitionId"), u->assignment->set);
    json_w_kstr(w, S("policyDefinitionReferenceId"), u->reference);
    json_w_kstr(w, S("policyAssignmentId"), u->assignment->object.id);
    json_w_end(w);
}

static void write_evaluation(struct json_w *w, const struct posture_finding *f)
{
    json_w_object(w);
    write_policy(w, "policyInfo", f->unit);
    json_w_kstr(w, S("evaluationResult"), posture_state_compliance(f->state));
    json_w_key(w, S("evaluationDetails"));
    json_w_object(w);
    json_w_kstr(w, S("reason"), posture_deny_message(f->unit));
    if (f->evidence.n) {
        json_w_key(w, S("evidence"));
        json_w_raw(w, f->evidence);
    }
    json_w_end(w);
    json_w_key(w, S("effectDetails"));
    json_w_object(w);
    json_w_kstr(w, S("policyEffect"), f->effect);
    json_w_end(w);
    json_w_end(w);
}

static void write_value(struct json_w *w, const struct json *value)
{
    AUTO_STRBUF text = STRBUF_INIT(POSTURE_MAX_OBJECT);

    if (value->kind == JSON_STRING) {
        json_w_str(w, value->s);
        return;
    }
    json_print(&text, value, 0);
    json_w_str(w, strbuf_view(&text));
}

static void write_restriction(struct json_w *w, const struct posture_restriction *r)
{
    const struct posture_finding *f = r->finding;
    bool                          denies = str_eq_ci(f->effect, S("deny"));

    json_w_object(w);
    json_w_kstr(w, S("result"), r->required ? S("Required") : denies ? S("Deny") : S("Audit"));
    if (r->required && r->value) {
        json_w_key(w, S("defaultValue"));
        write_value(w, r->value);
    }
    json_w_key(w, S("values"));
    json_w_array(w);
    if (r->value)
        write_value(w, r->value);
    json_w_end(w);
    write_policy(w, "policy", f->unit);
    json_w_kstr(w, S("policyEffect"), f->effect);
    json_w_kstr(w, S("reason"), posture_deny_message(f->unit));
    json_w_end(w);
}

static void write_fields(struct json_w *w, const struct posture_restrict *asked,
                         const struct posture_restrictions *found)
{
    json_w_key(w, S("fieldRestrictions"));
    json_w_array(w);
    for (size_t i = 0; i < asked->n_fields; i++) {
        json_w_object(w);
        json_w_kstr(w, S("field"), asked->fields[i].field);
        json_w_key(w, S("restrictions"));
        json_w_array(w);
        for (size_t k = 0; k < found->n; k++)
            if (found->p[k].field == i)
                write_restriction(w, &found->p[k]);
        json_w_end(w);
        json_w_end(w);
    }
    json_w_end(w);
}

/* The document that the resource would be, with an id below the scope. */
static enum rc read_document(struct api_call *c, const struct json *details, const struct json **out,
                             struct err *err)
{
    const struct json *content = json_get_ci(details, S("resourceContent"));
    str      type = json_str(content, S("type"), STR_NONE), scope = json_str(details, S("scope"), STR_NONE);
    uint32_t n = 0, most = content && content->kind == JSON_OBJECT ? content->n : 0;
    struct json_member *members = ARENA_ARRAY(c->arena, struct json_member, most + 2);
    struct json        *document = ARENA_NEW(c->arena, struct json);

    if (!type.n || str_find_byte(type, '/') == STR_NPOS)
        return api_call_fail(
            c, 400, "InvalidRequestContent", err,
            "resourceDetails.resourceContent needs a type such as Microsoft.Storage/storageAccounts.");
    scope = scope.n ? scope : api_posture_scope(c);
    str name = json_str(content, S("name"), S("new"));
    for (uint32_t i = 0; i < most; i++)
        if (!str_eq_ci(content->members[i].key, S("id")))
            members[n++] = content->members[i];
    members[n++] =
        (struct json_member) { S("id"),
                               json_make_str(arena_printf(c->arena, STR_FMT "/providers/" STR_FMT "/" STR_FMT,
                                                          STR_ARG(scope), STR_ARG(type), STR_ARG(name))) };
    *document = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    *out = document;
    return RC_OK;
}

static enum rc read_fields(struct api_call *c, const struct json *pending, struct posture_restrict *out,
                           struct err *err)
{
    uint32_t                       n = pending && pending->kind == JSON_ARRAY ? pending->n : 0;
    struct posture_restrict_field *fields = ARENA_ARRAY(c->arena, struct posture_restrict_field, n + 1);

    for (uint32_t i = 0; i < n; i++) {
        const struct json *one = json_at(pending, i);
        fields[i] = (struct posture_restrict_field) { .field = json_str(one, S("field"), STR_NONE),
                                                      .values = json_get_ci(one, S("values")) };
        if (!fields[i].field.n)
            return api_call_fail(c, 400, "InvalidRequestContent", err,
                                 "Each of pendingFields names its field.");
    }
    out->fields = fields;
    out->n_fields = n;
    return RC_OK;
}

enum rc api_restrictions_check(struct api_call *c, struct err *err)
{
    const struct json          *body;
    struct posture_restrict     asked = { 0 };
    struct posture_findings     content;
    struct posture_restrictions found;

    TRY(api_call_object(c, &body, err));
    TRY(read_document(c, json_get_ci(body, S("resourceDetails")), &asked.document, err));
    TRY(read_fields(c, json_get_ci(body, S("pendingFields")), &asked, err));
    asked.audit = json_bool(body, S("includeAuditEffect"), false);
    TRY(posture_restrict_check(api_posture(c), &asked, c->arena, &content, &found, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    write_fields(&w, &asked, &found);
    json_w_key(&w, S("contentEvaluationResult"));
    json_w_object(&w);
    json_w_key(&w, S("policyEvaluations"));
    json_w_array(&w);
    for (size_t i = 0; i < content.n; i++)
        if (content.p[i].state == POSTURE_UNHEALTHY &&
            (asked.audit || str_eq_ci(content.p[i].effect, S("deny"))))
            write_evaluation(&w, &content.p[i]);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}
