/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_governance.h"

#include "posture/posture_assessment.h"
#include "posture/posture_id.h"

#define DAYS_MAX 366
enum { OWNER_MAX = 256 };

static const struct json *get(const struct posture_object *o, const char *name)
{
    return json_get_ci(o->properties, str_of(name));
}

/* "7.00:00:00", as .NET writes spans: days, hours, minutes, seconds. */
static bool read_span(str text, duration *out)
{
    size_t  dot = str_find_byte(text, '.');
    int64_t days;

    if (!str_to_i64(str_slice(text, 0, dot == STR_NPOS ? text.n : dot), &days) || days < 1 || days > DAYS_MAX)
        return false;
    *out = DAYS(1) * days;
    return dot == STR_NPOS || str_eq(str_from(text, dot + 1), S("00:00:00"));
}

/* A condition's value is a text, or a text that holds an array of them. */
static const struct json *values_of(const struct json *condition, struct arena *a)
{
    const struct json *value = json_get_ci(condition, S("value")), *parsed;
    struct json       *one = ARENA_NEW(a, struct json), *item = ARENA_NEW(a, struct json);

    if (!value || value->kind == JSON_ARRAY)
        return value;
    if (value->kind == JSON_STRING && str_starts(value->s, S("[")) &&
        json_parse(a, value->s, &parsed, NULL) == RC_OK)
        return parsed;
    *item = *value;
    *one = (struct json) { .kind = JSON_ARRAY, .n = 1, .items = item };
    return one;
}

static enum rc read_conditions(const struct posture_object *o, struct arena *a, struct posture_rule *r,
                               struct err *err)
{
    const struct json *sets = get(o, "conditionSets"), *conditions, *one;

    conditions = json_get_ci(json_at(sets, 0), S("conditions"));
    for (size_t i = 0; (one = json_at(conditions, i)); i++) {
        str property = json_str(one, S("property"), STR_NONE);
        if (str_ends_ci(property, S("AssessmentKey")))
            r->keys = values_of(one, a);
        else if (str_ends_ci(property, S("severity")))
            r->severities = values_of(one, a);
        else
            return err_set(err, RC_UNSUPPORTED,
                           "a condition is about AssessmentKey or severity, not '" STR_FMT "'",
                           STR_ARG(str_slice(property, 0, 80)));
    }
    return RC_OK;
}

enum rc posture_governance_read(const struct posture_object *o, struct arena *a, struct posture_rule *out,
                                struct err *err)
{
    const struct json  *owner = get(o, "ownerSource"), *priority = get(o, "rulePriority");
    struct posture_rule r = { .object = *o, .excluded = get(o, "excludedScopes") };
    str                 span = json_str(o->properties, S("remediationTimeframe"), S("30.00:00:00"));
    str                 kind = json_str(owner, S("type"), STR_NONE);

    if (!read_span(span, &r.time))
        return err_set(err, RC_INVALID, "remediationTimeframe is days such as 7.00:00:00, not '" STR_FMT "'",
                       STR_ARG(str_slice(span, 0, 60)));
    if (owner && !str_eq_ci(kind, S("ByTag")) && !str_eq_ci(kind, S("Manually")))
        return err_set(err, RC_INVALID, "ownerSource.type is ByTag or Manually, not '" STR_FMT "'",
                       STR_ARG(str_slice(kind, 0, 60)));
    r.priority = priority && priority->kind == JSON_INT ? priority->i : 1000;
    r.grace = json_bool(o->properties, S("isGracePeriod"), false);
    r.by_tag = str_eq_ci(kind, S("ByTag"));
    r.owner = json_str(owner, S("value"), S(""));
    TRY(read_conditions(o, a, &r, err));
    *out = r;
    return RC_OK;
}

enum rc posture_governance_read_assigned(const struct posture_object *o, struct posture_assigned *out,
                                         struct err *err)
{
    struct posture_assigned a = { .object = *o, .owner = json_str(o->properties, S("owner"), S("")) };
    str                     due = json_str(o->properties, S("remediationDueDate"), STR_NONE);

    if (!ts_parse(due, &a.due))
        return err_set(err, RC_INVALID, "remediationDueDate is a date and time, not '" STR_FMT "'",
                       STR_ARG(str_slice(due, 0, 60)));
    if (a.owner.n > OWNER_MAX)
        return err_set(err, RC_INVALID, "an owner has at most %d bytes, not %zu", OWNER_MAX, a.owner.n);
    a.grace = json_bool(o->properties, S("isGracePeriod"), false);
    *out = a;
    return RC_OK;
}

static bool lists(const struct json *array, str text)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(array, i)); i++)
        if (one->kind == JSON_STRING && (str_eq_ci(one->s, text) || str_eq_ci(posture_id_name(one->s), text)))
            return true;
    return !array;
}

static bool fits(const struct posture_rule *r, const struct posture_tree *tree, const struct posture_check *c,
                 str resource)
{
    const struct json *one;

    if (!posture_tree_covers(tree, r->object.key.scope, resource) || !lists(r->keys, c->name) ||
        !lists(r->severities, posture_severity_name(c->severity)))
        return false;
    for (size_t i = 0; (one = json_at(r->excluded, i)); i++)
        if (one->kind == JSON_STRING && posture_tree_covers(tree, one->s, resource))
            return false;
    return true;
}

/* Management scopes first, then the lower number. */
static bool is_before(const struct posture_tree *tree, const struct posture_rule *a,
                      const struct posture_rule *b)
{
    str  x = a->object.key.scope, y = b->object.key.scope;
    bool above = posture_tree_covers(tree, x, y), below = posture_tree_covers(tree, y, x);

    return above != below ? above : a->priority < b->priority;
}

static str owner_of(const struct posture_rule *r, const struct json *document)
{
    const struct json *tag = r->by_tag ? json_get_ci(json_get(document, S("tags")), r->owner) : NULL;

    if (!r->by_tag)
        return r->owner;
    return tag && tag->kind == JSON_STRING ? tag->s : S("");
}

static const struct posture_assigned *assigned_to(const struct posture_plan   *plan,
                                                  const struct posture_charge *x)
{
    char key[2 * POSTURE_ID_MAX];
    int  n = snprintf(key, sizeof key, STR_FMT "/providers/Microsoft.Security/assessments/" STR_FMT,
                      STR_ARG(x->resource), STR_ARG(x->check->name));

    return n > 0 && (size_t)n < sizeof key ? map_find(plan->assigned, str_make(key, (size_t)n)) : NULL;
}

struct posture_duty posture_governance_find(const struct posture_plan *plan, const struct posture_tree *tree,
                                            const struct posture_charge *x)
{
    struct posture_duty d = { .assigned = map_count(plan->assigned) ? assigned_to(plan, x) : NULL };

    if (d.assigned) {
        d.owner = d.assigned->owner;
        d.due = d.assigned->due;
        d.overdue = d.due <= x->now;
        d.in_grace = d.assigned->grace && !d.overdue;
        return d;
    }

    for (size_t i = 0; i < plan->n_rules; i++) {
        const struct posture_rule *r = &plan->rules[i];
        if (fits(r, tree, x->check, x->resource) && (!d.rule || is_before(tree, r, d.rule)))
            d.rule = r;
    }
    if (!d.rule)
        return d;
    d.owner = owner_of(d.rule, x->document);
    d.due = x->since + d.rule->time;
    d.overdue = d.due <= x->now;
    d.in_grace = d.rule->grace && !d.overdue;
    return d;
}
