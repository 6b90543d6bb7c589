/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.PolicyInsights beside states: resources that policies made or changed, and what controls ask for.
 */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "api/api_priv.h"
#include "posture/posture_fix.h"
#include "posture/posture_id.h"

/* --- policyTrackedResources: what remediations made or changed, the newest of each --- */

struct tracking {
    struct api_call *c;
    struct json_w    w;
    struct map      *seen;
    int64_t          n, top;
};

static const struct posture_unit *unit_of(const struct posture_plan *plan, const struct posture_fix *x)
{
    for (size_t i = 0; i < plan->n_units; i++)
        if (str_eq_ci(plan->units[i]->check->name, x->definition))
            return plan->units[i];
    return NULL;
}

static void write_policy(struct json_w *w, const struct posture_unit *u)
{
    json_w_key(w, S("policyDetails"));
    json_w_object(w);
    json_w_kstr(w, S("policyDefinitionId"), u->check->id);
    json_w_kstr(w, S("policyAssignmentId"), u->assignment->object.id);
    json_w_kstr(w, S("policyAssignmentDisplayName"), u->assignment->display_name);
    json_w_kstr(w, S("policyAssignmentScope"), u->assignment->object.key.scope);
    if (u->assignment->set.n)
        json_w_kstr(w, S("policySetDefinitionId"), u->assignment->set);
    if (u->reference.n)
        json_w_kstr(w, S("policyDefinitionReferenceId"), u->reference);
    json_w_end(w);
}

static void write_modification(struct json_w *w, const char *key, const struct posture_unit *u,
                               const struct posture_fix *x)
{
    json_w_key(w, str_of(key));
    json_w_object(w);
    write_policy(w, u);
    json_w_kstr(w, S("deploymentId"), x->id);
    json_w_ktime_known(w, S("deploymentTime"), x->time);
    json_w_end(w);
}

static void track(struct tracking *t, const struct posture_unit *u, const struct posture_fix *x, str id,
                  bool created)
{
    struct json_w *w = &t->w;

    if (t->n >= t->top || map_find(t->seen, id) || !access_sees(&t->c->who, id) ||
        !posture_tree_covers(api_posture_tree(t->c), api_posture_scope(t->c), id))
        return;
    map_put(t->seen, id, t);
    t->n++;
    json_w_object(w);
    json_w_kstr(w, S("trackedResourceId"), id);
    write_policy(w, u);
    if (created)
        write_modification(w, "createdBy", u, x);
    write_modification(w, "lastModifiedBy", u, x);
    json_w_ktime_known(w, S("lastUpdateUtc"), x->time);
    json_w_end(w);
}

/* A deployment touched the resources of its diff, another fix the resource itself. */
static enum rc track_fix(struct tracking *t, const struct posture_fix *x, struct err *err)
{
    const struct posture_unit *u = unit_of(api_posture_plan(t->c), x);
    const struct json         *diff, *list, *one;

    if (!u || !str_eq(x->status, S("Succeeded")))
        return RC_OK;
    TRY(json_parse(t->c->arena, x->diff, &diff, err));
    list = json_get(diff, S("resources"));
    if (!list)
        track(t, u, x, x->resource, false);
    for (size_t i = 0; (one = json_at(list, i)); i++)
        track(t, u, x, json_str(one, S("id"), S("")),
              str_eq(json_str(one, S("changeType"), S("")), S("Create")));
    return RC_OK;
}

enum rc api_insights_policy_tracked(struct api_call *c, struct err *err)
{
    struct posture_fixes fixes;
    size_t               top;
    AUTO(map) seen = map_new(MAP_NOCASE);

    TRY(api_posture_top(c, &top, err));
    TRY(posture_fix_each(api_posture(c), S(""), S(""), c->arena, &fixes, err));
    struct tracking t = { .c = c, .seen = seen, .top = top ? (int64_t)top : INT64_MAX };
    t.w = api_call_list(c);
    for (size_t i = 0; i < fixes.n; i++)
        TRY(track_fix(&t, &fixes.p[i], err));
    return api_call_list_end(c, &t.w, S(""), err);
}

/* --- policyMetadata: the controls of standards, as their initiatives tell of them --- */

static void write_metadata(struct json_w *w, const struct json *group, str name, bool whole)
{
    api_posture_head(w, json_str(group, S("additionalMetadataId"), S("")), name,
                     S("Microsoft.PolicyInsights/policyMetadata"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("metadataId"), json_str(group, S("name"), S("")));
    json_w_kstr(w, S("category"), json_str(group, S("category"), S("")));
    json_w_kstr(w, S("title"), json_str(group, S("displayName"), json_str(group, S("name"), S(""))));
    json_w_kstr(w, S("owner"), S("Shared"));
    json_w_key(w, S("metadata"));
    json_w_object(w);
    json_w_end(w);
    if (whole) {
        json_w_kstr(w, S("description"), json_str(group, S("description"), S("")));
        json_w_kstr(w, S("requirements"), json_str(group, S("description"), S("")));
    }
    json_w_end(w);
    json_w_end(w);
}

/* Calls visit for each control that has an id of metadata, each id once; ends when it answers false. */
struct controls {
    bool (*visit)(struct controls *x, const struct json *group, str name);
    struct json_w *w;
    str            wanted;
    size_t         left;
    bool           found;
    struct map    *seen;
};

static bool visit_initiative(struct controls *x, const struct json *properties)
{
    const struct json *groups = json_get_ci(properties, S("policyDefinitionGroups")), *one;

    for (size_t i = 0; (one = json_at(groups, i)); i++) {
        str name = posture_id_name(json_str(one, S("additionalMetadataId"), S("")));
        if (!name.n || map_find(x->seen, name))
            continue;
        map_put(x->seen, name, x);
        if (!x->visit(x, one, name))
            return false;
    }
    return true;
}

static enum rc visit_controls(struct api_call *c, struct controls *x, struct err *err)
{
    struct posture_object_list list = { .kind = POSTURE_SET, .below = true };
    struct posture_objects     sets;
    AUTO(map) seen = map_new(MAP_NOCASE);

    x->seen = seen;
    do {
        TRY(posture_object_each(api_posture(c), &list, c->arena, &sets, err));
        for (size_t i = 0; i < sets.n; i++)
            if (!visit_initiative(x, sets.v[i].properties))
                return RC_OK;
        list.after = sets.next;
    } while (sets.next.n);
    return RC_OK;
}

static bool list_one(struct controls *x, const struct json *group, str name)
{
    write_metadata(x->w, group, name, false);
    return --x->left > 0;
}

static bool find_one(struct controls *x, const struct json *group, str name)
{
    x->found = str_eq_ci(name, x->wanted);
    if (x->found)
        write_metadata(x->w, group, name, true);
    return !x->found;
}

enum rc api_insights_policy_metadata_list(struct api_call *c, struct err *err)
{
    size_t top;

    TRY(api_posture_top(c, &top, err));
    struct json_w   w = api_call_list(c);
    struct controls x = { .visit = list_one, .w = &w, .left = top ? top : SIZE_MAX };
    TRY(visit_controls(c, &x, err));
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_insights_policy_metadata_get(struct api_call *c, struct err *err)
{
    struct json_w   w = api_call_json(c);
    struct controls x = { .visit = find_one, .w = &w, .wanted = api_call_param(c, "name") };

    TRY(visit_controls(c, &x, err));
    if (x.found)
        return api_call_done(c, 200, err);
    return api_call_fail(c, 404, "PolicyMetadataNotFound", err,
                         "No initiative here tells of the control '" STR_FMT "'.",
                         STR_ARG(str_slice(x.wanted, 0, 100)));
}
