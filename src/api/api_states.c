/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.PolicyInsights/policyStates: what each assigned policy says of each resource. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "api/api_priv.h"
#include "http/http_url.h"
#include "posture/posture_id.h"
#include "posture/posture_policystate.h"

enum { MAX_COMPONENTS = 16 << 20 };

static str text_of(struct api_call *c, const struct json *j)
{
    AUTO_STRBUF text = STRBUF_INIT(POSTURE_MAX_OBJECT);

    json_print(&text, j, 0);
    return arena_str(c->arena, strbuf_view(&text));
}

static void write_place(struct json_w *w, const struct posture_policystate *s)
{
    json_w_kstr(w, S("resourceId"), s->resource_id);
    json_w_kstr(w, S("subscriptionId"), posture_id_name(posture_id_subscription(s->resource_id)));
    json_w_kstr(w, S("resourceType"), s->resource_type);
    json_w_kstr(w, S("resourceLocation"), s->location);
    json_w_kstr(w, S("resourceGroup"), posture_id_name(posture_id_group(s->resource_id)));
}

static void write_evidence(struct json_w *w, const struct posture_policystate *s)
{
    json_w_key(w, S("policyEvaluationDetails"));
    json_w_object(w);
    if (s->cause.n)
        json_w_kstr(w, S("reason"), s->cause);
    if (s->evidence.n) {
        json_w_key(w, S("evidence"));
        json_w_raw(w, s->evidence);
    }
    json_w_end(w);
}

static void write_policy(struct api_call *c, struct json_w *w, const struct posture_policystate *s)
{
    const struct posture_unit       *u = s->unit;
    const struct posture_assignment *a = u->assignment;

    json_w_kstr(w, S("policyAssignmentId"), a->object.id);
    json_w_kstr(w, S("policyAssignmentName"), a->object.key.name);
    json_w_kstr(w, S("policyAssignmentScope"), a->object.key.scope);
    json_w_kstr(w, S("policyAssignmentParameters"), text_of(c, a->values));
    json_w_kstr(w, S("policyDefinitionId"), u->check->id);
    json_w_kstr(w, S("policyDefinitionName"), u->check->name);
    json_w_kstr(w, S("policyDefinitionAction"), u->effect);
    json_w_kstr(w, S("policyDefinitionCategory"), json_str(u->check->metadata, S("category"), S("")));
    json_w_kstr(w, S("policyDefinitionReferenceId"), u->reference);
    json_w_kstr(w, S("policyDefinitionVersion"), u->check->version);
    json_w_kstr(w, S("policySetDefinitionId"), a->set);
    json_w_kstr(w, S("policySetDefinitionName"), a->set_name);
    json_w_kstr(w, S("effectiveParameters"), text_of(c, u->parameters));
    if (u->groups)
        api_posture_tree_value(w, S("policyDefinitionGroupNames"), u->groups);
}

static void write_state(struct api_call *c, struct json_w *w, const struct posture_policystate *s)
{
    json_w_object(w);
    json_w_key(w, S("@odata.id"));
    json_w_null(w);
    json_w_kstr(w, S("@odata.context"),
                arena_printf(c->arena, STR_FMT "/$metadata#%s/$entity", STR_ARG(c->origin),
                             s->event ? "policyEvents" : "latest"));
    json_w_ktime_known(w, S("timestamp"), s->since);
    write_place(w, s);
    write_policy(c, w, s);
    json_w_kbool(w, S("isCompliant"), s->state == POSTURE_HEALTHY || s->state == POSTURE_EXEMPT);
    json_w_kstr(w, S("complianceState"), posture_state_compliance(s->state));
    write_evidence(w, s);
    json_w_end(w);
}

static enum rc read_request(struct api_call *c, struct posture_policystate_list *out, struct err *err)
{
    str filter = str_trim(api_call_query(c, "$filter"));

    *out = (struct posture_policystate_list) { .scope = api_posture_scope(c),
                                               .after = api_call_query(c, "$skipToken") };
    TRY(api_posture_top(c, &out->max, err));
    if (posture_policystate_filter(filter, c->arena, out, NULL) == RC_OK)
        return RC_OK;
    return api_call_fail(
        c, 400, "InvalidFilterInQueryString", err,
        "$filter joins comparisons of complianceState, isCompliant, resourceId, resourceType, "
        "policyAssignmentId, policyDefinitionId, … with 'and': '" STR_FMT "' is none.",
        STR_ARG(str_slice(filter, 0, 150)));
}

static str next_link(struct api_call *c, str token)
{
    AUTO_STRBUF url = STRBUF_INIT(32 * 1024);

    strbuf_add(&url, c->origin);
    strbuf_add(&url, c->req->raw_path);
    for (size_t i = 0; i < c->req->params.n; i++)
        if (!str_eq_ci(str_trim_chars(c->req->params.p[i].name, S("$")), S("skipToken")))
            http_url_add(&url, c->req->params.p[i].name, c->req->params.p[i].value);
    http_url_add(&url, S("$skipToken"), token);
    return arena_str(c->arena, strbuf_view(&url));
}

/* $from and $to of events: the last day unless they say. */
static enum rc read_times(struct api_call *c, struct posture_policystate_list *list, struct err *err)
{
    str from = api_call_query(c, "$from"), to = api_call_query(c, "$to");

    list->to = env_now(c->api->opts.env);
    if (to.n && !ts_parse(to, &list->to))
        return api_call_fail(c, 400, "InvalidQueryParameter", err, "$to is a date and time.");
    list->from = list->to - DAYS(1);
    if (from.n && !ts_parse(from, &list->from))
        return api_call_fail(c, 400, "InvalidQueryParameter", err, "$from is a date and time.");
    return RC_OK;
}

static enum rc answer_states(struct api_call *c, struct posture_policystate_list *given, struct err *err)
{
    struct posture_policystate_list list = *given;
    struct posture_policystates     found;

    TRY(posture_policystate_each(api_posture(c), api_posture_plan(c), &list, c->arena, &found, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kstr(&w, S("@odata.context"),
                arena_printf(c->arena, STR_FMT "/$metadata#%s", STR_ARG(c->origin),
                             list.events ? "policyEvents" : "latest"));
    json_w_ki64(&w, S("@odata.count"), (int64_t)found.n);
    if (found.next.n && !api_call_query(c, "$top").n)
        json_w_kstr(&w, S("@odata.nextLink"), next_link(c, found.next));
    json_w_key(&w, S("value"));
    json_w_array(&w);
    for (size_t i = 0; i < found.n; i++)
        write_state(c, &w, &found.p[i]);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_states_query(struct api_call *c, struct err *err)
{
    struct posture_policystate_list list;

    TRY(read_request(c, &list, err));
    return answer_states(c, &list, err);
}

enum rc api_states_events(struct api_call *c, struct err *err)
{
    struct posture_policystate_list list;

    TRY(read_request(c, &list, err));
    list.events = true;
    TRY(read_times(c, &list, err));
    return answer_states(c, &list, err);
}

/* --- components: what policies of a resource provider's own mode say of the things inside a resource --- */

static bool is_of_provider(const struct posture_policystate *s)
{
    return s->unit->check->def && str_contains(policy_def_mode(s->unit->check->def), S(".Data"));
}

static void write_component(struct api_call *c, struct json_w *w, const struct posture_policystate *s)
{
    json_w_object(w);
    json_w_key(w, S("@odata.id"));
    json_w_null(w);
    json_w_kstr(
        w, S("@odata.context"),
        arena_printf(c->arena, STR_FMT "/$metadata#componentPolicyStates/$entity", STR_ARG(c->origin)));
    json_w_ktime_known(w, S("timestamp"), s->since);
    json_w_kstr(w, S("componentId"), s->resource_id);
    json_w_kstr(w, S("componentType"), s->resource_type);
    json_w_kstr(w, S("componentName"), posture_id_name(s->resource_id));
    write_place(w, s);
    write_policy(c, w, s);
    json_w_kstr(w, S("complianceState"), posture_state_compliance(s->state));
    write_evidence(w, s);
    json_w_end(w);
}

/* Pages are looked through until there are as many as are asked for. */
enum rc api_states_components(struct api_call *c, struct err *err)
{
    struct posture_policystate_list list;
    struct posture_policystates     found;
    AUTO_STRBUF                     rows = STRBUF_INIT(MAX_COMPONENTS);
    struct json_w                   w = json_w_make(&rows);
    size_t                          top, n = 0;

    TRY(read_request(c, &list, err));
    top = list.max;
    list.max = POSTURE_MAX_PAGE;
    json_w_array(&w);
    do {
        TRY(posture_policystate_each(api_posture(c), api_posture_plan(c), &list, c->arena, &found, err));
        for (size_t i = 0; i < found.n && n < top; i++) {
            if (!is_of_provider(&found.p[i]))
                continue;
            write_component(c, &w, &found.p[i]);
            n++;
        }
        list.after = found.next;
    } while (found.next.n && n < top);
    json_w_end(&w);
    TRY(strbuf_ok(&rows, "the answer", err));
    struct json_w out = api_call_json(c);
    json_w_object(&out);
    json_w_kstr(&out, S("@odata.context"),
                arena_printf(c->arena, STR_FMT "/$metadata#componentPolicyStates", STR_ARG(c->origin)));
    json_w_ki64(&out, S("@odata.count"), (int64_t)n);
    json_w_key(&out, S("value"));
    json_w_raw(&out, strbuf_view(&rows));
    json_w_end(&out);
    return api_call_done(c, 200, err);
}

/* --- summaries --- */

static void write_details(struct json_w *w, const char *name, const int64_t *counts)
{
    json_w_key(w, str_of(name));
    json_w_array(w);
    for (int s = 1; s < POSTURE_STATE_COUNT_; s++) {
        if (!counts[s])
            continue;
        json_w_object(w);
        json_w_kstr(w, S("complianceState"), posture_state_compliance((enum posture_state)s));
        json_w_ki64(w, S("count"), counts[s]);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_results(struct json_w *w, const struct posture_policystate_counts *r)
{
    json_w_key(w, S("results"));
    json_w_object(w);
    json_w_ki64(w, S("nonCompliantResources"), r->resources[POSTURE_UNHEALTHY]);
    json_w_ki64(w, S("nonCompliantPolicies"), r->policies[POSTURE_UNHEALTHY]);
    write_details(w, "resourceDetails", r->resources);
    write_details(w, "policyDetails", r->policies);
    json_w_end(w);
}

static void write_assignment(struct json_w *w, const struct posture_policystate_summary *s,
                             const struct posture_policystate_assignment *a)
{
    json_w_object(w);
    json_w_kstr(w, S("policyAssignmentId"), a->assignment->object.id);
    json_w_kstr(w, S("policySetDefinitionId"), a->assignment->set);
    write_results(w, &a->counts);
    json_w_key(w, S("policyDefinitions"));
    json_w_array(w);
    for (size_t i = 0; i < s->n_units; i++) {
        const struct posture_policystate_unit *u = &s->units[i];
        if (u->unit->assignment != a->assignment)
            continue;
        json_w_object(w);
        json_w_kstr(w, S("policyDefinitionId"), u->unit->check->id);
        json_w_kstr(w, S("policyDefinitionReferenceId"), u->unit->reference);
        json_w_kstr(w, S("effect"), u->unit->effect);
        write_results(w, &u->counts);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_end(w);
}

enum rc api_states_summarize(struct api_call *c, struct err *err)
{
    struct posture_policystate_list    list;
    struct posture_policystate_summary s;

    TRY(read_request(c, &list, err));
    TRY(posture_policystate_summarize(api_posture(c), api_posture_plan(c), &list, c->arena, &s, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kstr(&w, S("@odata.context"),
                arena_printf(c->arena, STR_FMT "/$metadata#summary", STR_ARG(c->origin)));
    json_w_ki64(&w, S("@odata.count"), 1);
    json_w_key(&w, S("value"));
    json_w_array(&w);
    json_w_object(&w);
    write_results(&w, &s.all);
    json_w_key(&w, S("policyAssignments"));
    json_w_array(&w);
    for (size_t i = 0; i < s.n_assignments; i++)
        write_assignment(&w, &s, &s.assignments[i]);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* Everything is judged when it changes: there is nothing to set off but what is still on its way. */
enum rc api_states_trigger(struct api_call *c, struct err *err)
{
    (void)err;
    posture_again(api_posture(c), api_posture_scope(c));
    (void)posture_settle(api_posture(c), SECONDS(60));
    api_call_empty(c, 200);
    return RC_OK;
}
