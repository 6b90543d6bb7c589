/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_automation.h"

#include <stdlib.h>

#include "content/content_entity.h"

enum { MAX_NAME = 500, MAX_ORDER = 1000, MAX_CONDITIONS = 50, MAX_ACTIONS = 20, MAX_QUERY = 10000 };

static bool one_of(str v, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(v, str_of(*words)))
            return true;
    return false;
}

static enum rc check_order(const struct json *holder, const char *what, struct err *err)
{
    int64_t order = json_i64(holder, S("order"), 0);

    return order >= 1 && order <= MAX_ORDER ? RC_OK
                                            : err_set(err, RC_INVALID, "%s: 1 to %d", what, MAX_ORDER);
}

static enum rc check_trigger(const struct json *t, struct err *err)
{
    static const char *const ON[] = { "Incidents", "Alerts", NULL }, *const WHEN[] = { "Created", "Updated",
                                                                                       NULL };
    static const char *const CONDITIONS[] = {
        "Property", "PropertyArray", "PropertyChanged", "PropertyArrayChanged", "Boolean", "CustomDetails",
        NULL
    };
    const struct json *conditions = json_get(t, S("conditions")), *enabled = json_get(t, S("isEnabled"));
    str                expires = json_str(t, S("expirationTimeUtc"), S(""));
    ts                 ignored;

    if (!enabled || enabled->kind != JSON_BOOL)
        return err_set(err, RC_INVALID, "properties.triggeringLogic.isEnabled: true or false");
    if (!one_of(json_str(t, S("triggersOn"), S("")), ON))
        return err_set(err, RC_INVALID, "properties.triggeringLogic.triggersOn: Incidents or Alerts");
    if (!one_of(json_str(t, S("triggersWhen"), S("")), WHEN))
        return err_set(err, RC_INVALID, "properties.triggeringLogic.triggersWhen: Created or Updated");
    if (expires.n && !ts_parse(expires, &ignored))
        return err_set(err, RC_INVALID, "properties.triggeringLogic.expirationTimeUtc: a time");
    if (!conditions || conditions->kind == JSON_NULL)
        return RC_OK;
    if (conditions->kind != JSON_ARRAY || conditions->n > MAX_CONDITIONS)
        return err_set(err, RC_INVALID, "properties.triggeringLogic.conditions: at most %d", MAX_CONDITIONS);
    for (size_t i = 0; i < conditions->n; i++)
        if (!one_of(json_str(json_at(conditions, i), S("conditionType"), S("")), CONDITIONS))
            return err_set(err, RC_INVALID,
                           "properties.triggeringLogic.conditions[%zu].conditionType is not known", i);
    return RC_OK;
}

static enum rc check_actions(const struct json *actions, struct err *err)
{
    static const char *const TYPES[] = { "ModifyProperties", "RunPlaybook", "AddIncidentTask", NULL };

    if (!actions || actions->kind != JSON_ARRAY || !actions->n || actions->n > MAX_ACTIONS)
        return err_set(err, RC_INVALID, "properties.actions: 1 to %d", MAX_ACTIONS);
    for (size_t i = 0; i < actions->n; i++) {
        TRY(check_order(json_at(actions, i), "properties.actions.order", err));
        if (!one_of(json_str(json_at(actions, i), S("actionType"), S("")), TYPES))
            return err_set(err, RC_INVALID,
                           "properties.actions[%zu].actionType: ModifyProperties, RunPlaybook or "
                           "AddIncidentTask",
                           i);
    }
    return RC_OK;
}

static enum rc keep(struct hunt *h, const struct hunt_object_put *put, const struct json *properties,
                    struct arena *a, struct hunt_object *out, bool *created, struct err *err)
{
    AUTO_STRBUF            text = STRBUF_INIT(HUNT_OBJECT_BYTES);
    struct hunt_object_put copy = *put;

    json_print(&text, properties, 0);
    TRY(strbuf_ok(&text, "properties", err));
    copy.body = strbuf_view(&text);
    return hunt_object_put(h, &copy, a, out, created, err);
}

enum rc hunt_automation_put(struct hunt *h, const struct hunt_object_put *put, const struct json *properties,
                            struct arena *a, struct hunt_object *out, bool *created, struct err *err)
{
    struct hunt_object_put copy = *put;
    str                    name = json_str(properties, S("displayName"), S(""));

    if (!str_trim(name).n || name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "properties.displayName: 1 to %d bytes", MAX_NAME);
    TRY(check_order(properties, "properties.order", err));
    TRY(check_trigger(json_get(properties, S("triggeringLogic")), err));
    TRY(check_actions(json_get(properties, S("actions")), err));
    copy.key.kind = HUNT_AUTOMATION_KIND;
    copy.max = HUNT_AUTOMATION_MAX;
    return keep(h, &copy, properties, a, out, created, err);
}

static int by_order(const void *a, const void *b)
{
    const struct hunt_object *x = a, *y = b;
    int64_t                   i = json_i64(x->body, S("order"), 0), k = json_i64(y->body, S("order"), 0);

    return i != k ? (i > k) - (i < k) : str_cmp(x->name, y->name);
}

enum rc hunt_automation_list(struct hunt *h, struct arena *a, struct hunt_object **out, size_t *n,
                             struct err *err)
{
    TRY(hunt_object_list(h, HUNT_AUTOMATION_KIND, STR_NONE, a, out, n, err));
    if (*n)
        qsort(*out, *n, sizeof **out, by_order);
    return RC_OK;
}

enum rc hunt_automation_activity_put(struct hunt *h, const struct hunt_object_put *put,
                                     const struct json *properties, struct arena *a, struct hunt_object *out,
                                     bool *created, struct err *err)
{
    struct hunt_object_put copy = *put;
    str                    title = json_str(properties, S("title"), S("")),
        query = json_str(json_get(properties, S("queryDefinitions")), S("query"), S(""));

    if (!str_trim(title).n || title.n > MAX_NAME)
        return err_set(err, RC_INVALID, "properties.title: 1 to %d bytes", MAX_NAME);
    if (!content_entity_find(json_str(properties, S("inputEntityType"), S(""))))
        return err_set(err, RC_INVALID, "properties.inputEntityType: Account, Host, IP or another type");
    if (!str_trim(query).n || query.n > MAX_QUERY)
        return err_set(err, RC_INVALID, "properties.queryDefinitions.query: 1 to %d bytes", MAX_QUERY);
    copy.key.kind = HUNT_AUTOMATION_ACTIVITY;
    copy.max = HUNT_AUTOMATION_ACTIVITIES;
    return keep(h, &copy, properties, a, out, created, err);
}
