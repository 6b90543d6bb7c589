/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_case.h"

#include "base/vec.h"
#include "content/content_entity.h"
#include "detect/detect_draft.h"
#include "state/state_tx.h"

enum { MAX_TITLE = 256, MAX_TEXT = 5000, MAX_LIST = 20 };

static enum rc take_texts(struct arena *a, const struct json *props, const char *name, const str **out,
                          size_t *n, struct err *err)
{
    const struct json *v = json_get(props, str_of(name));

    if (!v || v->kind == JSON_NULL)
        return RC_OK;
    if (v->kind != JSON_ARRAY || v->n > MAX_LIST)
        return err_set(err, RC_INVALID, "properties.%s: a list of at most %d texts", name, MAX_LIST);
    str *list = ARENA_ARRAY(a, str, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        if (json_at(v, i)->kind != JSON_STRING || json_at(v, i)->s.n > 64)
            return err_set(err, RC_INVALID, "properties.%s: texts of at most 64 bytes", name);
        list[i] = json_at(v, i)->s;
    }
    *out = list;
    *n = v->n;
    return RC_OK;
}

static enum rc take_mapping(const struct json *v, struct content_mapping *m, struct err *err)
{
    const struct content_entity *type = content_entity_find(json_str(v, S("entityType"), S("")));
    const struct json           *fields = json_get(v, S("fieldMappings"));

    if (!type || !fields || fields->kind != JSON_ARRAY || fields->n > CONTENT_RULE_MAX_IDENTIFIERS)
        return err_set(err, RC_INVALID,
                       "properties.entityMappings: an entityType and 1 to %d fieldMappings each",
                       CONTENT_RULE_MAX_IDENTIFIERS);
    m->type = type->name;
    for (size_t i = 0; i < fields->n; i++) {
        const struct content_entity_field *f =
            content_entity_field(type, json_str(json_at(fields, i), S("identifier"), S("")));
        if (!f)
            return err_set(err, RC_INVALID, "properties.entityMappings: no such identifier of " STR_FMT,
                           STR_ARG(type->name));
        m->ids[m->n_ids++] =
            (struct content_identifier) { f->name, json_str(json_at(fields, i), S("columnName"), S("")) };
    }
    return RC_OK;
}

/* What the hunter says of the matter, in the form that rules have. */
static enum rc take_rule(const struct hunt_case *c, struct arena *a, struct content_rule *rule,
                         struct err *err)
{
    const struct json *p = c->properties, *mappings = json_get(p, S("entityMappings"));
    str                severity = json_str(p, S("severity"), S("Medium"));

    rule->id = c->id;
    rule->name = str_slice(json_str(p, S("title"), c->title), 0, MAX_TITLE);
    rule->description = str_slice(json_str(p, S("description"), S("")), 0, MAX_TEXT);
    rule->kind = S("Hunting");
    rule->query = c->query;
    rule->period = DAYS(1);
    rule->incidents = (struct content_incidents) { .create = true, .grouping = true };
    if (!content_rule_severity_parse(severity, &rule->severity))
        return err_set(err, RC_INVALID, "properties.severity: High, Medium, Low or Informational");
    TRY(take_texts(a, p, "tactics", &rule->tactics, &rule->n_tactics, err));
    TRY(take_texts(a, p, "techniques", &rule->techniques, &rule->n_techniques, err));
    if (!mappings || mappings->kind == JSON_NULL)
        return RC_OK;
    if (mappings->kind != JSON_ARRAY || mappings->n > CONTENT_RULE_MAX_MAPPINGS)
        return err_set(err, RC_INVALID, "properties.entityMappings: a list of at most %d",
                       CONTENT_RULE_MAX_MAPPINGS);
    for (; rule->n_mappings < mappings->n; rule->n_mappings++)
        TRY(take_mapping(json_at(mappings, rule->n_mappings), &rule->mappings[rule->n_mappings], err));
    return RC_OK;
}

static enum rc take_columns(str text, struct arena *a, struct detect_rows *rows, struct err *err)
{
    const struct json *doc;

    TRY(json_parse(a, text, &doc, err));
    if (doc->kind != JSON_ARRAY)
        return err_set(err, RC_INVALID, "the columns are a list");
    struct kql_column *columns = ARENA_ARRAY(a, struct kql_column, doc->n + 1);
    for (size_t i = 0; i < doc->n; i++) {
        columns[i].name = json_str(json_at(doc, i), S("name"), S(""));
        if (!kql_type_parse(json_str(json_at(doc, i), S("type"), S("")), &columns[i].type))
            columns[i].type = KQL_STRING;
    }
    rows->columns = columns;
    rows->n_columns = doc->n;
    return RC_OK;
}

static enum rc raise(struct hunt *h, const struct alert *alert, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct alert_sink sink = incident_sink(h->incidents);

    TRY(state_tx_write(h->state, &tx, err));
    enum rc rc = sink.raise(sink.ctx, tx, alert, err);
    if (rc == RC_OK)
        rc = state_tx_commit(tx, err);
    tx = state_tx_free(tx);
    sink.settled(sink.ctx, rc == RC_OK);
    return rc;
}

enum rc hunt_case_raise(struct hunt *h, const struct hunt_case *c, struct arena *a,
                        struct hunt_case_made *out, struct err *err)
{
    ts                  now = env_now(h->env);
    struct content_rule rule = { 0 };
    struct detect_rows  rows = { .rule = &rule, .arena = a, .window = { now - DAYS(1), now } };
    struct detect_draft draft = { .is_new = true };

    if (!c->n_rows || c->n_rows > ALERT_MAX_ROWS)
        return err_set(err, RC_INVALID, "1 to %d rows make an alert", ALERT_MAX_ROWS);
    TRY(take_rule(c, a, &rule, err));
    TRY(take_columns(c->columns, a, &rows, err));
    for (size_t i = 0; i < c->n_rows; i++)
        TRY(detect_row_add(&rows, c->rows[i], err));
    for (size_t i = 0; i < rows.n; i++)
        detect_draft_add(a, &draft, &rows.p[i]);
    draft.id = detect_draft_id(a, &rule, &rows.p[0]);
    const struct detect_context context = { .rows = &rows, .now = now, .ingested_to = now };
    struct alert                alert = detect_draft_alert(&context, &draft);
    alert.component = c->component;
    alert.provider = S("Vedette hunting");
    TRY(raise(h, &alert, err));
    struct incident_alert made;
    TRY(incident_alert_get(h->incidents, alert.id, a, &made, err));
    *out = (struct hunt_case_made) { made.alert.id, made.incident };
    return RC_OK;
}
