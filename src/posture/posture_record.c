/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_record.h"

#include <ctype.h>

#include "posture/posture_arm.h"
#include "posture/posture_id.h"

enum { MAX_ROW = 8 << 20 };
#define SUBASSESSMENTS "microsoft.security/assessments/subassessments"

enum rc posture_log_row(struct posture *p, struct state_tx *tx, str table, struct strbuf *row,
                        struct err *err)
{
    TRY(strbuf_ok(row, "a row of the log tables", err));
    return p->opts.log ? p->opts.log(tx, table, strbuf_view(row), err) : RC_OK;
}

/* Resource Graph shows types in small letters. */
static void add_lower(struct json_w *w, str key, str text)
{
    char   small[POSTURE_ID_MAX];
    size_t n = text.n < sizeof small ? text.n : sizeof small;

    for (size_t i = 0; i < n; i++)
        small[i] = (char)tolower((unsigned char)text.p[i]);
    json_w_kstr(w, key, str_make(small, n));
}

static void add_place(struct json_w *w, struct posture *p, str id)
{
    json_w_kstr(w, S("SubscriptionId"), posture_id_name(posture_id_subscription(id)));
    json_w_kstr(w, S("ResourceGroup"), posture_id_name(posture_id_group(id)));
    json_w_kstr(w, S("TenantId"), p->opts.tenant);
}

/* --- verdicts --- */

/* Opens a row of PostureRecords up to its Properties, which stand in an open object afterwards. */
static void begin_record(struct json_w *w, struct posture *p, str id, str type, ts now)
{
    json_w_object(w);
    json_w_ktime_known(w, S("TimeGenerated"), now);
    json_w_ki64(w, S("Version"), env_now(p->opts.env)); /* rows are made in order: the last one stands */
    add_lower(w, S("RecordKey"), id);
    json_w_kstr(w, S("RecordId"), id);
    json_w_kstr(w, S("Name"), posture_id_name(id));
    add_lower(w, S("RecordType"), type);
    add_place(w, p, id);
}

static enum rc record_arg(const struct posture_booking *b, const struct posture_assessment *x,
                          struct err *err)
{
    AUTO_STRBUF row = STRBUF_INIT(MAX_ROW);
    AUTO(arena) a = arena_new(64 << 10);
    struct json_w w = json_w_make(&row);

    begin_record(&w, b->p, posture_arm_assessment_id(a, x->resource_id, x->unit->check->name),
                 S("microsoft.security/assessments"), b->now);
    json_w_kbool(&w, S("Gone"), false);
    json_w_key(&w, S("Properties"));
    json_w_object(&w);
    posture_arm_assessment(&w, x);
    json_w_key(&w, S("metadata"));
    json_w_object(&w);
    json_w_kstr(&w, S("severity"), posture_severity_name(x->unit->check->severity));
    json_w_kstr(&w, S("policyDefinitionId"), x->unit->check->id);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    return posture_log_row(b->p, b->tx, S("PostureRecords"), &row, err);
}

static enum rc record_recommendation(const struct posture_booking *b, const struct posture_assessment *x,
                                     struct err *err)
{
    const struct posture_check *c = x->unit->check;
    AUTO_STRBUF                 row = STRBUF_INIT(MAX_ROW);
    AUTO(arena) a = arena_new(64 << 10);
    struct json_w w = json_w_make(&row);

    json_w_object(&w);
    json_w_ktime_known(&w, S("TimeGenerated"), b->now);
    json_w_kstr(&w, S("AssessedResourceId"), x->resource_id);
    json_w_kstr(&w, S("RecommendationId"), posture_arm_assessment_id(a, x->resource_id, c->name));
    json_w_kstr(&w, S("RecommendationName"), c->name);
    json_w_kstr(&w, S("RecommendationDisplayName"), json_str(c->properties, S("displayName"), c->name));
    json_w_kstr(&w, S("RecommendationSeverity"), posture_severity_name(c->severity));
    json_w_kstr(&w, S("RecommendationState"), posture_state_status(x->state));
    json_w_kstr(&w, S("NotApplicableReason"), posture_state_cause(x->state).n ? x->cause : S(""));
    json_w_kstr(&w, S("PolicyDefinitionId"), c->id);
    json_w_kstr(&w, S("ResourceRegion"), x->location);
    json_w_ktime_known(&w, S("StatusChangeDate"), b->now);
    json_w_kstr(&w, S("ProviderName"), S("Vedette"));
    json_w_kbool(&w, S("IsSnapshot"), false);
    if (x->evidence.n) {
        json_w_key(&w, S("RecommendationAdditionalData"));
        json_w_raw(&w, x->evidence);
    }
    json_w_end(&w);
    return posture_log_row(b->p, b->tx, S("SecurityRecommendation"), &row, err);
}

static struct posture_assessment assessment_of(const struct posture_booking *b, const struct posture_unit *u)
{
    return (struct posture_assessment) { .unit = u,
                                         .since = b->now,
                                         .resource = b->subject->key,
                                         .resource_id = b->subject->id,
                                         .resource_type = b->subject->type,
                                         .location = b->location,
                                         .risk = *b->risk,
                                         .formula = b->plan->risk };
}

enum rc posture_record_state(const struct posture_booking *b, const struct posture_finding *f,
                             bool was_unhealthy, struct err *err)
{
    struct posture_assessment x = assessment_of(b, f->unit);

    if (!b->p->opts.log)
        return RC_OK;
    x.state = f->state;
    x.cause = f->cause;
    x.evidence = f->evidence;
    TRY(record_arg(b, &x, err));
    return was_unhealthy || f->state == POSTURE_UNHEALTHY ? record_recommendation(b, &x, err) : RC_OK;
}

static enum rc record_gone(struct posture *p, struct state_tx *tx, str id, str type, struct err *err)
{
    AUTO_STRBUF   row = STRBUF_INIT(MAX_ROW);
    struct json_w w = json_w_make(&row);

    begin_record(&w, p, id, type, env_now(p->opts.env));
    json_w_kbool(&w, S("Gone"), true);
    json_w_end(&w);
    return posture_log_row(p, tx, S("PostureRecords"), &row, err);
}

enum rc posture_record_gone(struct posture *p, struct state_tx *tx, str resource_id, str name,
                            struct err *err)
{
    AUTO(arena) a = arena_new(64 << 10);
    return record_gone(p, tx, posture_arm_assessment_id(a, resource_id, name),
                       S("microsoft.security/assessments"), err);
}

/* --- single findings --- */

enum rc posture_record_subassessment(struct posture *p, struct state_tx *tx,
                                     const struct posture_assessment    *x,
                                     const struct posture_subassessment *s, struct err *err)
{
    AUTO_STRBUF row = STRBUF_INIT(MAX_ROW);
    AUTO(arena) a = arena_new(64 << 10);
    struct json_w w = json_w_make(&row);
    str           id = posture_arm_subassessment_id(a, x->resource_id, x->unit->check->name, s->name);

    begin_record(&w, p, id, S(SUBASSESSMENTS), env_now(p->opts.env));
    json_w_kbool(&w, S("Gone"), false);
    json_w_key(&w, S("Properties"));
    json_w_object(&w);
    posture_arm_subassessment(&w, x, s);
    json_w_end(&w);
    json_w_end(&w);
    return posture_log_row(p, tx, S("PostureRecords"), &row, err);
}

enum rc posture_record_subassessment_gone(struct posture *p, struct state_tx *tx, str resource_id,
                                          str assessment, str name, struct err *err)
{
    AUTO(arena) a = arena_new(64 << 10);
    return record_gone(p, tx, posture_arm_subassessment_id(a, resource_id, assessment, name),
                       S(SUBASSESSMENTS), err);
}

/* --- resources --- */

static void add_member(struct json_w *w, const struct json *document, const char *name, const char *column)
{
    const struct json *value = json_get_ci(document, str_of(name));
    AUTO_STRBUF        text = STRBUF_INIT(POSTURE_MAX_DOCUMENT);

    if (!value || value->kind == JSON_NULL)
        return;
    json_print(&text, value, 0);
    json_w_key(w, str_of(column));
    if (value->kind == JSON_STRING)
        json_w_str(w, value->s);
    else
        json_w_raw(w, strbuf_view(&text));
}

/* What no member of ARM's form is, as documents of other clouds have it, goes with the properties. */
static void add_inventory(struct json_w *w, const struct posture_record_change *c)
{
    static const char *const members[][2] = { { "kind", "Kind" },
                                              { "managedBy", "ManagedBy" },
                                              { "sku", "Sku" },
                                              { "plan", "Plan" },
                                              { "tags", "Tags" },
                                              { "identity", "Identity" },
                                              { "zones", "Zones" },
                                              { "extendedLocation", "ExtendedLocation" },
                                              { "properties", "Properties" } };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        add_member(w, c->document, members[i][0], members[i][1]);
}

static enum rc record_inventory(struct posture *p, struct state_tx *tx, const struct posture_record_change *c,
                                struct err *err)
{
    const struct posture_resource *r = c->resource;
    AUTO_STRBUF                    row = STRBUF_INIT(MAX_ROW);
    struct json_w                  w = json_w_make(&row);

    json_w_object(&w);
    json_w_ktime_known(&w, S("TimeGenerated"), r->changed);
    add_lower(&w, S("ResourceKey"), r->id);
    json_w_kstr(&w, S("ResourceId"), r->id);
    json_w_kstr(&w, S("Name"), r->name);
    add_lower(&w, S("ResourceType"), r->type);
    json_w_kstr(&w, S("Location"), r->location);
    add_place(&w, p, r->id);
    json_w_kstr(&w, S("Source"), r->source);
    json_w_ki64(&w, S("Version"), r->version);
    json_w_kbool(&w, S("Gone"), r->gone != 0);
    json_w_ktime_known(&w, S("FirstSeen"), r->first_seen);
    add_inventory(&w, c);
    json_w_end(&w);
    return posture_log_row(p, tx, S("ResourceInventory"), &row, err);
}

static enum rc record_change(struct posture *p, struct state_tx *tx, const struct posture_record_change *c,
                             struct err *err)
{
    const struct posture_resource *r = c->resource;
    AUTO_STRBUF                    row = STRBUF_INIT(MAX_ROW);
    struct json_w                  w = json_w_make(&row);

    json_w_object(&w);
    json_w_ktime_known(&w, S("TimeGenerated"), r->changed);
    json_w_kstr(&w, S("ResourceId"), r->id);
    add_lower(&w, S("ResourceType"), r->type);
    add_place(&w, p, r->id);
    json_w_kstr(&w, S("ChangeType"), c->kind);
    json_w_ki64(&w, S("Version"), r->version);
    json_w_ki64(&w, S("ChangesCount"), (int64_t)c->n_changes);
    json_w_key(&w, S("ChangedPaths"));
    json_w_raw(&w, c->paths);
    json_w_key(&w, S("Changes"));
    json_w_raw(&w, c->changes);
    json_w_kstr(&w, S("ChangedBy"), c->who);
    json_w_kstr(&w, S("Source"), r->source);
    json_w_end(&w);
    return posture_log_row(p, tx, S("ResourceChanges"), &row, err);
}

enum rc posture_record_resource(struct posture *p, struct state_tx *tx, const struct posture_record_change *c,
                                struct err *err)
{
    if (!p->opts.log)
        return RC_OK;
    TRY(record_inventory(p, tx, c, err));
    return record_change(p, tx, c, err);
}

/* --- objects of policies --- */

enum rc posture_record_object(struct posture *p, struct state_tx *tx, const struct posture_object *o,
                              bool gone, struct err *err)
{
    AUTO_STRBUF   row = STRBUF_INIT(MAX_ROW), properties = STRBUF_INIT(MAX_ROW);
    struct json_w w = json_w_make(&row);

    if (!p->opts.log)
        return RC_OK;
    json_print(&properties, o->properties, 0);
    begin_record(&w, p, o->id, posture_kind_get(o->key.kind)->type, o->modified);
    json_w_kbool(&w, S("Gone"), gone);
    json_w_key(&w, S("Properties"));
    json_w_raw(&w, strbuf_view(&properties));
    json_w_end(&w);
    return posture_log_row(p, tx, S("PostureRecords"), &row, err);
}
