/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_write.h"
#include "incident/incident_act.h"

enum { MAX_TITLE = 500, MAX_TEXT = 5000, MAX_LABELS = 50, MAX_LABEL = 200 };

static const char *const CLASSIFICATIONS[] = { "Undetermined", "TruePositive", "BenignPositive",
                                               "FalsePositive" };

static const struct {
    const char *reason, *of;
} REASONS[] = {
    { "SuspiciousActivity", "TruePositive" },
    { "SuspiciousButExpected", "BenignPositive" },
    { "IncorrectAlertLogic", "FalsePositive" },
    { "InaccurateData", "FalsePositive" },
};

static bool absent(const struct json *v)
{
    return !v || v->kind == JSON_NULL;
}

/* A text property: absent stays, null clears. */
static enum rc put_text(struct incident_change_set *c, const struct json *props, const char *name, str *field,
                        size_t max, struct err *err)
{
    const struct json *v = json_get(props, str_of(name));
    str                fresh = STR_NONE;

    if (!v)
        return RC_OK;
    if (v->kind != JSON_NULL && v->kind != JSON_STRING)
        return err_set(err, RC_INVALID, "properties.%s: a text is expected", name);
    if (v->kind == JSON_STRING)
        fresh = arena_str(c->arena, v->s);
    if (fresh.n > max)
        return err_set(err, RC_INVALID, "properties.%s: at most %zu bytes, not %zu", name, max, fresh.n);
    if (str_eq(*field, fresh))
        return RC_OK;
    str was = *field;
    *field = fresh;
    return c->is_new ? RC_OK : incident_change_note(c, str_of(name), was, fresh, err);
}

static enum rc put_title(struct incident_change_set *c, const struct json *props, struct err *err)
{
    str title = c->row.i.title, text = c->row.i.description;

    TRY(put_text(c, props, "title", &c->row.i.title, MAX_TITLE, err));
    if (!str_trim(c->row.i.title).n)
        return err_set(err, RC_INVALID, "properties.title: an incident has a title");
    TRY(put_text(c, props, "description", &c->row.i.description, MAX_TEXT, err));
    if (!str_eq(title, c->row.i.title) || !str_eq(text, c->row.i.description))
        c->row.named_by_hand = true;
    return RC_OK;
}

static enum rc put_severity(struct incident_change_set *c, const struct json *props, struct err *err)
{
    const struct json    *v = json_get(props, S("severity"));
    enum content_severity fresh;

    if (absent(v))
        return RC_OK;
    if (v->kind != JSON_STRING || !content_rule_severity_parse(v->s, &fresh))
        return err_set(err, RC_INVALID, "properties.severity: High, Medium, Low or Informational");
    enum content_severity was = c->row.i.severity;
    c->row.i.severity = fresh;
    if (was == fresh && !c->is_new)
        return RC_OK;
    c->row.rated_by_hand = true;
    return c->is_new ? RC_OK
                     : incident_change_note(c, S("severity"), content_rule_severity_name(was),
                                            content_rule_severity_name(fresh), err);
}

static enum rc put_status(struct incident_change_set *c, const struct json *props, struct err *err)
{
    const struct json   *v = json_get(props, S("status"));
    enum incident_status fresh, was = c->row.i.status;

    if (absent(v))
        return RC_OK;
    if (v->kind != JSON_STRING || !incident_status_parse(v->s, &fresh))
        return err_set(err, RC_INVALID, "properties.status: New, Active or Closed");
    c->row.i.status = fresh;
    if (fresh == INCIDENT_CLOSED && was != INCIDENT_CLOSED)
        c->row.i.closed = c->now;
    if (fresh != INCIDENT_CLOSED)
        c->row.i.closed = 0;
    if (was == fresh || c->is_new)
        return RC_OK;
    c->relog = true;
    return incident_change_note(c, S("status"), incident_status_name(was), incident_status_name(fresh), err);
}

static bool known_classification(str s)
{
    for (size_t i = 0; i < sizeof CLASSIFICATIONS / sizeof *CLASSIFICATIONS; i++)
        if (str_eq(s, str_of(CLASSIFICATIONS[i])))
            return true;
    return false;
}

static bool reason_fits(str reason, str classification)
{
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (str_eq(reason, str_of(REASONS[i].reason)) && str_eq(classification, str_of(REASONS[i].of)))
            return true;
    return !reason.n;
}

static enum rc put_verdict(struct incident_change_set *c, const struct json *props, struct err *err)
{
    struct incident *i = &c->row.i;

    TRY(put_text(c, props, "classification", &i->classification, MAX_LABEL, err));
    TRY(put_text(c, props, "classificationReason", &i->classification_reason, MAX_LABEL, err));
    TRY(put_text(c, props, "classificationComment", &i->classification_comment, MAX_TEXT, err));
    if (i->classification.n && !known_classification(i->classification))
        return err_set(
            err, RC_INVALID,
            "properties.classification: Undetermined, TruePositive, BenignPositive or FalsePositive");
    if (!reason_fits(i->classification_reason, i->classification))
        return err_set(
            err, RC_INVALID,
            "properties.classificationReason: SuspiciousActivity goes with TruePositive, "
            "SuspiciousButExpected with BenignPositive, IncorrectAlertLogic and InaccurateData with "
            "FalsePositive");
    if (i->status == INCIDENT_CLOSED && !i->classification.n)
        return err_set(err, RC_INVALID, "properties.classification: closing asks for one");
    return RC_OK;
}

static str owner_text(const struct incident_person *o)
{
    return o->name.n ? o->name : o->upn.n ? o->upn : o->object_id;
}

static str owner_field(struct incident_change_set *c, const struct json *owner, str name)
{
    return arena_str(c->arena, str_slice(json_str(owner, name, STR_NONE), 0, MAX_LABEL));
}

static enum rc put_owner(struct incident_change_set *c, const struct json *props, struct err *err)
{
    const struct json     *v = json_get(props, S("owner"));
    struct incident_person was = c->row.i.owner, fresh = { 0 };

    if (!v)
        return RC_OK;
    if (v->kind != JSON_NULL && v->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "properties.owner: an object is expected");
    if (v->kind == JSON_OBJECT) {
        fresh.object_id = owner_field(c, v, S("objectId"));
        fresh.name = owner_field(c, v, S("assignedTo"));
        fresh.email = owner_field(c, v, S("email"));
        fresh.upn = owner_field(c, v, S("userPrincipalName"));
        fresh.type = owner_field(c, v, S("ownerType"));
    }
    c->row.i.owner = fresh;
    bool same = str_eq(was.object_id, fresh.object_id) && str_eq(was.name, fresh.name) &&
                str_eq(was.email, fresh.email) && str_eq(was.upn, fresh.upn);
    return same || c->is_new ? RC_OK
                             : incident_change_note(c, S("owner"), owner_text(&was), owner_text(&fresh), err);
}

static str labels_text(struct arena *a, const struct incident *i)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_LABELS * (MAX_LABEL + 2));

    for (size_t k = 0; k < i->n_labels; k++) {
        strbuf_addz(&out, k ? ", " : "");
        strbuf_add(&out, i->labels[k].name);
    }
    return arena_str(a, strbuf_view(&out));
}

static enum rc put_labels(struct incident_change_set *c, const struct json *props, struct err *err)
{
    const struct json *v = json_get(props, S("labels"));
    str                was = labels_text(c->arena, &c->row.i);

    if (!v)
        return RC_OK;
    if (v->kind != JSON_NULL && (v->kind != JSON_ARRAY || v->n > MAX_LABELS))
        return err_set(err, RC_INVALID, "properties.labels: a list of at most %d", MAX_LABELS);
    size_t                 n = v->kind == JSON_ARRAY ? v->n : 0;
    struct incident_label *list = ARENA_ARRAY(c->arena, struct incident_label, n + 1);
    for (size_t i = 0; i < n; i++) {
        str name = json_str(json_at(v, i), S("labelName"), STR_NONE);
        if (!name.n || name.n > MAX_LABEL)
            return err_set(err, RC_INVALID, "properties.labels: labelName has 1 to %d bytes", MAX_LABEL);
        list[i] = (struct incident_label) { arena_str(c->arena, name),
                                            str_eq(json_str(json_at(v, i), S("labelType"), STR_NONE),
                                                   S("AutoAssigned")) };
    }
    c->row.i.labels = list;
    c->row.i.n_labels = n;
    str became = labels_text(c->arena, &c->row.i);
    return str_eq(was, became) || c->is_new ? RC_OK : incident_change_note(c, S("labels"), was, became, err);
}

static enum rc put_time(const struct json *props, const char *name, ts *field, struct err *err)
{
    const struct json *v = json_get(props, str_of(name));

    if (absent(v))
        return RC_OK;
    if (v->kind != JSON_STRING || !ts_parse(v->s, field))
        return err_set(err, RC_INVALID, "properties.%s: a time is expected, as in 2026-11-24T05:57:53Z",
                       name);
    return RC_OK;
}

static enum rc put_all(struct incident_change_set *c, const struct json *props, struct err *err)
{
    TRY(put_title(c, props, err));
    TRY(put_severity(c, props, err));
    TRY(put_status(c, props, err));
    TRY(put_verdict(c, props, err));
    TRY(put_owner(c, props, err));
    TRY(put_labels(c, props, err));
    if (c->row.i.n_alerts) /* then the alerts say when */
        return RC_OK;
    TRY(put_time(props, "firstActivityTimeUtc", &c->row.i.first_activity, err));
    return put_time(props, "lastActivityTimeUtc", &c->row.i.last_activity, err);
}

static enum rc check_etag(const struct incident_put *put, const struct incident_row *row, struct err *err)
{
    str in_body = json_str(put->body, S("etag"), STR_NONE);
    str want = put->if_match.n ? put->if_match : in_body;

    if (!want.n || str_eq(want, S("*")) || str_eq(want, row->i.etag) ||
        str_eq(want, str_trim_chars(row->i.etag, S("\""))))
        return RC_OK;
    return err_set(err, RC_STALE, "incident %lld was changed by " STR_FMT " meanwhile",
                   (long long)row->i.number, STR_ARG(row->i.modified_by));
}

/* As an act, a new incident is one that was deleted before: undoing deletes it again. */
enum rc incident_write_new(struct incident_change_set *c, const struct incident_by *by, struct err *err)
{
    c->is_new = true;
    TRY(incident_row_insert(c->tx, &c->row, err));
    TRY(state_stmt_run(c->tx, "UPDATE incidents SET deleted = 1 WHERE number = ?",
                       STATE_ARGS(STATE_I(c->row.i.number)), err));
    TRY(c->act ? incident_act_join(c, c, err) : incident_act_begin(c, S("create"), by, err));
    return state_stmt_run(c->tx, "UPDATE incidents SET deleted = 0 WHERE number = ?",
                          STATE_ARGS(STATE_I(c->row.i.number)), err);
}

static enum rc begin_new(struct incident_change_set *c, const struct incident_put *put,
                         const struct json *props, struct err *err)
{
    static const char *const required[] = { "title", "severity", "status" };
    guid                     id;
    char                     text[GUID_TEXT_SIZE];

    if (!guid_parse(put->name, &id))
        return err_set(err, RC_INVALID, "an incident's name is a GUID, not '" STR_FMT "'",
                       STR_ARG(str_slice(put->name, 0, 64)));
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (absent(json_get(props, str_of(required[i]))))
            return err_set(err, RC_INVALID, "properties.%s is missing", required[i]);
    if (put->if_match.n && !str_eq(put->if_match, S("*")))
        return err_set(err, RC_STALE, "there is no incident '" STR_FMT "' any more", STR_ARG(put->name));
    c->row = (struct incident_row) { .i = { .name = arena_str(c->arena, guid_text(id, text)),
                                            .title = json_str(props, S("title"), S("-")),
                                            .created = c->now,
                                            .modified = c->now,
                                            .modified_by = c->who,
                                            .entities = S("[]") },
                                     .named_by_hand = true };
    TRY(incident_write_new(c, &put->by, err));
    return incident_change_note(c, S("created"), S(""), c->who, err);
}

/* What a change of the body is called in the list of acts. */
static str act_of(const struct json *props)
{
    static const char *const words[][2] = { { "status", "change status" },
                                            { "owner", "assign" },
                                            { "severity", "change severity" },
                                            { "labels", "tag" },
                                            { "title", "rename" } };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (json_get(props, str_of(words[i][0])))
            return str_of(words[i][1]);
    return S("change");
}

/* An act that changed nothing is none. */
static enum rc drop_act(struct incident_change_set *c, struct err *err)
{
    return state_stmt_run(c->tx,
                          "DELETE FROM incident_acts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM "
                          "incident_act_steps WHERE act = ?1)",
                          STATE_ARGS(STATE_I(c->act)), err);
}

enum rc incident_write_apply(struct incident_change_set *c, const struct incident_put *put, struct err *err)
{
    const struct json *props = json_get(put->body, S("properties"));
    struct err         why = { 0 };
    bool               alone = c->act == 0;

    if (!props || props->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "the body has no properties");
    enum rc rc = incident_row_find(c->tx, put->name, c->arena, &c->row, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    if (rc == RC_NOT_FOUND) {
        TRY(begin_new(c, put, props, err));
    } else {
        TRY(check_etag(put, &c->row, err));
        TRY(alone ? incident_act_begin(c, act_of(props), &put->by, err) : incident_act_join(c, c, err));
    }
    TRY(put_all(c, props, err));
    if (!c->n_changed) /* nothing is different: no new version */
        return alone ? drop_act(c, err) : RC_OK;
    if (!c->row.first_modified && !c->is_new)
        c->row.first_modified = c->now;
    return incident_change_store(c, err);
}

struct putting {
    const struct incident_put *put;
    struct incident            out;
    bool                       created;
};

static enum rc put_one(struct incident_change_set *c, void *arg, struct err *err)
{
    struct putting *p = arg;
    int64_t         act;

    TRY(incident_act_of_request(c->tx, &p->put->by, &act, err));
    if (act) /* carried out already, and the answer got lost: the incident as it is now */
        TRY(incident_row_find(c->tx, p->put->name, c->arena, &c->row, err));
    else
        TRY(incident_write_apply(c, p->put, err));
    TRY(incident_row_alert_ids(c->tx, c->arena, &c->row, err));
    p->out = c->row.i;
    p->created = c->is_new;
    return RC_OK;
}

enum rc incident_put(struct incident_store *s, const struct incident_put *put, struct arena *a,
                     struct incident *out, bool *created, struct err *err)
{
    struct putting p = { .put = put };

    TRY(incident_change_run(s, &put->by, a, put_one, &p, err));
    *out = p.out;
    *created = p.created;
    return RC_OK;
}

/* The row stays, hidden, with what belongs to it, so that undoing brings all of it back. */
struct removal {
    str                       name;
    const struct incident_by *by;
};

static enum rc remove_all(struct incident_change_set *c, void *arg, struct err *err)
{
    const struct removal *r = arg;

    TRY(incident_row_find(c->tx, r->name, c->arena, &c->row, err));
    TRY(incident_act_begin(c, S("delete"), r->by, err));
    TRY(incident_row_alert_ids(c->tx, c->arena, &c->row, err));
    for (size_t i = 0; i < c->row.i.n_alert_ids; i++)
        TRY(incident_act_move_alert(c, c->row.i.alert_ids[i], c->row.i.number, 0, err));
    TRY(incident_group_rebuild(c, err));
    TRY(state_stmt_run(c->tx, "UPDATE incidents SET deleted = 1 WHERE number = ?",
                       STATE_ARGS(STATE_I(c->row.i.number)), err));
    TRY(incident_change_note(c, S("deleted"), S(""), S(""), err));
    TRY(incident_change_store(c, err));
    /* The table of changes keeps a last row, so that who counts open incidents there does not count this one.
     */
    struct incident_row shown = c->row;
    shown.i.status = INCIDENT_CLOSED;
    shown.i.closed = c->now;
    shown.i.classification = S("Undetermined");
    shown.i.classification_comment = arena_printf(c->arena, "deleted by " STR_FMT, STR_ARG(c->who));
    return incident_log_incident(c->store, c->tx, c->arena, &shown, c->now + 1, err);
}

enum rc incident_delete(struct incident_store *s, str name, const struct incident_by *by, struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    struct removal r = { name, by };

    return incident_change_run(s, by, a, remove_all, &r, err);
}
