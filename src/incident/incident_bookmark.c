/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_bookmark.h"

#include "base/utf8.h"
#include "detect/detect_entity.h"
#include "detect/detect_name.h"
#include "detect/detect_outbox.h"
#include "incident/incident_act.h"
#include "incident/incident_write.h"

enum {
    MAX_NAME = 128,
    MAX_TITLE = 500,
    MAX_QUERY = 256 * 1024,
    MAX_RESULT = 64 * 1024,
    MAX_NOTES = 30000,
    MAX_LIST = 50,
    MAX_ROW = 1 << 20,
};

#define COLUMNS                                                                                              \
    "b.name, b.version, b.incident, b.title, b.query, b.query_result, b.event_time, b.query_from, "          \
    "b.query_to, b.notes, b.labels, b.tactics, b.techniques, b.mappings, b.entities, b.created, "            \
    "b.modified, b.creator_id, b.creator, b.changer_id, b.changer, coalesce(i.name, ''), "                   \
    "coalesce(i.title, ''), coalesce(i.severity, 0)"
#define FROM " FROM bookmarks b LEFT JOIN incidents i ON i.number = b.incident WHERE b.deleted = 0 AND "

static enum rc read_bookmark(const struct state_stmt *st, struct arena *a, struct incident_bookmark *out,
                             struct err *err)
{
    str                      name = state_stmt_str_in(st, 0, a);
    struct incident_bookmark b = {
        .name = name,
        .etag = arena_printf(a, "\"" STR_FMT "-%lld\"", STR_ARG(str_slice(name, 0, 8)),
                             (long long)state_stmt_i64(st, 1)),
        .incident = state_stmt_i64(st, 2),
        .title = state_stmt_str_in(st, 3, a),
        .query = state_stmt_str_in(st, 4, a),
        .query_result = state_stmt_str_in(st, 5, a),
        .event_time = state_stmt_i64(st, 6),
        .query_from = state_stmt_i64(st, 7),
        .query_to = state_stmt_i64(st, 8),
        .notes = state_stmt_str_in(st, 9, a),
        .mappings = state_stmt_str_in(st, 13, a),
        .entities = state_stmt_str_in(st, 14, a),
        .created = state_stmt_i64(st, 15),
        .modified = state_stmt_i64(st, 16),
        .creator = { .object_id = state_stmt_str_in(st, 17, a), .name = state_stmt_str_in(st, 18, a) },
        .changer = { .object_id = state_stmt_str_in(st, 19, a), .name = state_stmt_str_in(st, 20, a) },
        .incident_name = state_stmt_str_in(st, 21, a),
        .incident_title = state_stmt_str_in(st, 22, a),
        .incident_severity = (enum content_severity)state_stmt_i64(st, 23),
    };

    TRY(json_texts_read(a, state_stmt_str(st, 10), &b.labels, &b.n_labels, err));
    TRY(json_texts_read(a, state_stmt_str(st, 11), &b.tactics, &b.n_tactics, err));
    TRY(json_texts_read(a, state_stmt_str(st, 12), &b.techniques, &b.n_techniques, err));
    *out = b;
    return RC_OK;
}

static enum rc find(struct state_tx *tx, str name, struct arena *a, struct incident_bookmark *out,
                    struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS FROM "b.name = ?", STATE_ARGS(STATE_S(name)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no bookmark '" STR_FMT "'",
                       STR_ARG(str_slice(name, 0, 64)));
    return read_bookmark(st, a, out, err);
}

enum rc incident_bookmark_list(struct incident_store *s, str incident, struct arena *a,
                               struct incident_bookmark **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_row row = { 0 };
    VEC(struct incident_bookmark) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    if (incident.n)
        TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(state_stmt_open(tx,
                        "SELECT " COLUMNS FROM "(?1 = 0 OR b.incident = ?1) ORDER BY b.event_time, b.name",
                        STATE_ARGS(STATE_I(row.i.number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        TRY(read_bookmark(st, a, vec_push_in(a, &list), err));
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc incident_bookmark_get(struct incident_store *s, str name, struct arena *a,
                              struct incident_bookmark *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(s->state, &tx, err));
    return find(tx, name, a, out, err);
}

/* --- the body --- */

struct putting {
    const struct incident_bookmark_put *put;
    struct incident_bookmark            b;
    bool                                created, deleted;
};

struct text_rule {
    const char *name;
    size_t      max;
};

static enum rc take_text(const struct json *props, struct text_rule rule, str *field, struct err *err)
{
    const struct json *v = json_get(props, str_of(rule.name));

    if (!v)
        return RC_OK;
    if (v->kind != JSON_STRING && v->kind != JSON_NULL)
        return err_set(err, RC_INVALID, "properties.%s: a text is expected", rule.name);
    *field = v->kind == JSON_STRING ? v->s : S("");
    if (field->n > rule.max)
        return err_set(err, RC_INVALID, "properties.%s: at most %zu bytes, not %zu", rule.name, rule.max,
                       field->n);
    return RC_OK;
}

static enum rc take_time(const struct json *props, const char *name, ts *field, struct err *err)
{
    const struct json *v = json_get(props, str_of(name));

    if (!v || v->kind == JSON_NULL)
        return RC_OK;
    if (v->kind != JSON_STRING || !ts_parse(v->s, field))
        return err_set(err, RC_INVALID, "properties.%s: a time is expected, as in 2026-11-24T05:57:53Z",
                       name);
    return RC_OK;
}

static enum rc take_list(struct arena *a, const struct json *props, const char *name, const str **out,
                         size_t *n, struct err *err)
{
    const struct json *v = json_get(props, str_of(name));

    if (!v)
        return RC_OK;
    if (v->kind != JSON_NULL && (v->kind != JSON_ARRAY || v->n > MAX_LIST))
        return err_set(err, RC_INVALID, "properties.%s: a list of at most %d texts", name, MAX_LIST);
    size_t count = v->kind == JSON_ARRAY ? v->n : 0;
    str   *list = ARENA_ARRAY(a, str, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (json_at(v, i)->kind != JSON_STRING || json_at(v, i)->s.n > MAX_TITLE)
            return err_set(err, RC_INVALID, "properties.%s: texts of at most %d bytes", name, MAX_TITLE);
        list[i] = json_at(v, i)->s;
    }
    *out = list;
    *n = count;
    return RC_OK;
}

/* [{"entityType":"Host","fieldMappings":[{"identifier":"HostName","value":"ws5"}]}] as things. */
static enum rc things_of(struct arena *a, const struct json *mappings, str *out, struct err *err)
{
    struct detect_entities list = { .arena = a };

    for (size_t i = 0; i < mappings->n; i++) {
        const struct json           *m = json_at(mappings, i), *fields = json_get(m, S("fieldMappings"));
        const struct content_entity *type = content_entity_find(json_str(m, S("entityType"), S("")));
        struct detect_entity         one = { .type = type };
        if (!type)
            return err_set(err, RC_INVALID,
                           "properties.entityMappings: there is no entity type '" STR_FMT "'",
                           STR_ARG(str_slice(json_str(m, S("entityType"), S("")), 0, 64)));
        for (size_t k = 0; fields && fields->kind == JSON_ARRAY && k < fields->n; k++) {
            const struct content_entity_field *f =
                content_entity_field(type, json_str(json_at(fields, k), S("identifier"), S("")));
            if (f && one.n_values < DETECT_ENTITY_FIELDS)
                one.values[one.n_values++] =
                    (struct detect_entity_value) { f->name, json_str(json_at(fields, k), S("value"), S("")) };
        }
        (void)detect_entity_add(&list, &one);
    }
    *out = detect_entity_json(&list);
    return RC_OK;
}

static enum rc take_mappings(struct arena *a, const struct json *props, struct incident_bookmark *b,
                             struct err *err)
{
    const struct json *v = json_get(props, S("entityMappings"));
    AUTO_STRBUF        text = STRBUF_INIT(MAX_RESULT);

    if (!v)
        return RC_OK;
    if (v->kind == JSON_NULL) {
        b->mappings = b->entities = S("[]");
        return RC_OK;
    }
    if (v->kind != JSON_ARRAY || v->n > MAX_LIST)
        return err_set(err, RC_INVALID, "properties.entityMappings: a list of at most %d", MAX_LIST);
    TRY(things_of(a, v, &b->entities, err));
    json_print(&text, v, 0);
    TRY(strbuf_ok(&text, "properties.entityMappings", err));
    b->mappings = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

static enum rc take_body(struct incident_change_set *c, const struct json *props, struct incident_bookmark *b,
                         struct err *err)
{
    TRY(take_text(props, (struct text_rule) { "displayName", MAX_TITLE }, &b->title, err));
    TRY(take_text(props, (struct text_rule) { "query", MAX_QUERY }, &b->query, err));
    TRY(take_text(props, (struct text_rule) { "queryResult", MAX_RESULT }, &b->query_result, err));
    TRY(take_text(props, (struct text_rule) { "notes", MAX_NOTES }, &b->notes, err));
    if (!str_trim(b->title).n)
        return err_set(err, RC_INVALID, "properties.displayName: a bookmark has a name");
    if (!str_trim(b->query).n)
        return err_set(err, RC_INVALID, "properties.query: a bookmark has the query that it comes from");
    TRY(take_time(props, "eventTime", &b->event_time, err));
    TRY(take_time(props, "queryStartTime", &b->query_from, err));
    TRY(take_time(props, "queryEndTime", &b->query_to, err));
    TRY(take_list(c->arena, props, "labels", &b->labels, &b->n_labels, err));
    TRY(take_list(c->arena, props, "tactics", &b->tactics, &b->n_tactics, err));
    TRY(take_list(c->arena, props, "techniques", &b->techniques, &b->n_techniques, err));
    if (!b->event_time)
        b->event_time = c->now;
    return take_mappings(c->arena, props, b, err);
}

/* --- the table that hunters query --- */

static enum rc log_row(struct incident_change_set *c, const struct incident_bookmark *b, bool deleted,
                       struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_ROW), tags = STRBUF_INIT(MAX_RESULT);
    struct json_w w = json_w_make(&text);

    for (size_t i = 0; i < b->n_labels; i++) {
        strbuf_addz(&tags, i ? ", " : "");
        strbuf_add(&tags, b->labels[i]);
    }
    json_w_object(&w);
    json_w_ktime(&w, S("TimeGenerated"), c->now);
    json_w_kstr(&w, S("BookmarkId"), b->name);
    json_w_kstr(&w, S("BookmarkName"), b->title);
    json_w_kstr(&w, S("BookmarkType"), S("Hunting"));
    json_w_ktime_known(&w, S("CreatedTime"), b->created ? b->created : c->now);
    json_w_kstr(&w, S("CreatedBy"), b->creator.name.n ? b->creator.name : c->who);
    json_w_kstr(&w, S("UpdatedBy"), c->who);
    json_w_ktime(&w, S("LastUpdatedTime"), c->now);
    json_w_ktime(&w, S("EventTime"), b->event_time);
    json_w_kstr(&w, S("Notes"), b->notes);
    json_w_kstr(&w, S("Tags"), strbuf_view(&tags));
    json_w_kstr(&w, S("QueryText"), b->query);
    json_w_ktime_known(&w, S("QueryStartTime"), b->query_from);
    json_w_ktime_known(&w, S("QueryEndTime"), b->query_to);
    json_w_kstr(&w, S("QueryResultRow"), b->query_result);
    json_w_kstr(&w, S("Entities"), b->entities);
    json_w_kbool(&w, S("SoftDeleted"), deleted);
    json_w_kstr(&w, S("SourceSystem"), S("Vedette"));
    json_w_end(&w);
    TRY(strbuf_ok(&text, "a row of HuntingBookmark", err));
    return detect_outbox_put(c->tx, S("HuntingBookmark"), strbuf_view(&text), err);
}

/* --- changing --- */

static enum rc store(struct incident_change_set *c, const struct putting *p, struct err *err)
{
    const struct incident_bookmark *b = &p->b;
    const struct incident_person   *who = &p->put->by.who;

    return state_stmt_run(
        c->tx,
        "INSERT INTO bookmarks (name, version, title, query, query_result, event_time, query_from, query_to, "
        "notes, labels, tactics, techniques, mappings, entities, created, modified, creator_id, creator, "
        "changer_id, changer) VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, "
        "?15, ?16, ?15, ?16) ON CONFLICT (name) DO UPDATE SET version = version + 1, title = ?2, query = ?3, "
        "query_result = ?4, event_time = ?5, query_from = ?6, query_to = ?7, notes = ?8, labels = ?9, "
        "tactics = ?10, techniques = ?11, mappings = ?12, entities = ?13, modified = ?14, changer_id = ?15, "
        "changer = ?16, deleted = 0",
        STATE_ARGS(STATE_S(p->put->name), STATE_S(b->title), STATE_S(b->query), STATE_S(b->query_result),
                   STATE_I(b->event_time), STATE_I(b->query_from), STATE_I(b->query_to), STATE_S(b->notes),
                   STATE_S(json_texts(c->arena, b->labels, b->n_labels)),
                   STATE_S(json_texts(c->arena, b->tactics, b->n_tactics)),
                   STATE_S(json_texts(c->arena, b->techniques, b->n_techniques)),
                   STATE_S(b->mappings.n ? b->mappings : S("[]")),
                   STATE_S(b->entities.n ? b->entities : S("[]")), STATE_I(c->now), STATE_S(who->object_id),
                   STATE_S(c->who)),
        err);
}

static enum rc put_one(struct incident_change_set *c, void *arg, struct err *err)
{
    struct putting *p = arg;
    struct err      why = { 0 };
    str             want = p->put->if_match;

    if (!p->put->name.n || p->put->name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "a bookmark's name has 1 to %d bytes", MAX_NAME);
    enum rc rc = find(c->tx, p->put->name, c->arena, &p->b, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    p->created = rc == RC_NOT_FOUND;
    if (want.n && !str_eq(want, S("*")) && (p->created || !str_eq(want, p->b.etag)))
        return err_set(err, RC_STALE, "the bookmark was changed meanwhile");
    TRY(take_body(c, p->put->properties, &p->b, err));
    TRY(store(c, p, err));
    TRY(find(c->tx, p->put->name, c->arena, &p->b, err));
    return log_row(c, &p->b, false, err);
}

enum rc incident_bookmark_put(struct incident_store *s, const struct incident_bookmark_put *put,
                              struct arena *a, struct incident_bookmark *out, bool *created, struct err *err)
{
    struct putting p = { .put = put };

    TRY(incident_change_run(s, &put->by, a, put_one, &p, err));
    *out = p.b;
    *created = p.created;
    return RC_OK;
}

/* Takes the bookmark out of the incident that holds it. */
static enum rc let_go(struct incident_change_set *c, const struct incident_bookmark *b,
                      const struct incident_change_set *leader, const struct incident_by *by, struct err *err)
{
    struct incident_act_thing thing;

    TRY(incident_row_load(c->tx, b->incident, c->arena, &c->row, err));
    TRY(leader ? incident_act_join(c, leader, err) : incident_act_begin(c, S("remove a bookmark"), by, err));
    TRY(incident_act_before(c, "bookmark", b->name, &thing, err));
    TRY(state_stmt_run(c->tx, "UPDATE bookmarks SET incident = NULL, version = version + 1 WHERE name = ?",
                       STATE_ARGS(STATE_S(b->name)), err));
    TRY(incident_act_after(c, &thing, err));
    c->row.i.n_bookmarks--;
    TRY(incident_change_note(c, S("bookmark"), b->title, S(""), err));
    return incident_change_store(c, err);
}

static enum rc take_in(struct incident_change_set *c, const struct incident_bookmark *b,
                       const struct incident_bookmark_hold *h, struct err *err)
{
    struct incident_change_set other;
    struct incident_act_thing  thing;

    TRY(incident_row_find(c->tx, h->incident, c->arena, &c->row, err));
    if (b->incident == c->row.i.number)
        return RC_OK;
    if (c->row.i.n_bookmarks >= INCIDENT_MAX_BOOKMARKS)
        return err_set(err, RC_LIMIT, "an incident has at most %d bookmarks", INCIDENT_MAX_BOOKMARKS);
    TRY(c->act ? incident_act_join(c, c, err) : incident_act_begin(c, S("add a bookmark"), &h->by, err));
    if (b->incident) {
        incident_change_begin(&other, c->store, c->tx, c->arena, c->who);
        TRY(let_go(&other, b, c, &h->by, err));
    }
    TRY(incident_act_before(c, "bookmark", b->name, &thing, err));
    TRY(state_stmt_run(c->tx, "UPDATE bookmarks SET incident = ?, version = version + 1 WHERE name = ?",
                       STATE_ARGS(STATE_I(c->row.i.number), STATE_S(b->name)), err));
    TRY(incident_act_after(c, &thing, err));
    c->row.i.n_bookmarks++;
    TRY(incident_change_note(c, S("bookmark"), S(""), b->title, err));
    return incident_change_store(c, err);
}

static enum rc hold_one(struct incident_change_set *c, void *arg, struct err *err)
{
    const struct incident_bookmark_hold *h = arg;
    struct incident_bookmark             b;

    TRY(find(c->tx, h->bookmark, c->arena, &b, err));
    if (h->hold)
        return take_in(c, &b, h, err);
    TRY(incident_row_find(c->tx, h->incident, c->arena, &c->row, err));
    if (b.incident != c->row.i.number)
        return err_set(err, RC_NOT_FOUND, "incident %lld does not hold bookmark '" STR_FMT "'",
                       (long long)c->row.i.number, STR_ARG(b.name));
    return let_go(c, &b, NULL, &h->by, err);
}

enum rc incident_bookmark_hold(struct incident_store *s, const struct incident_bookmark_hold *h,
                               struct arena *a, struct err *err)
{
    struct incident_bookmark_hold copy = *h;

    return incident_change_run(s, &h->by, a, hold_one, &copy, err);
}

/* --- several at once --- */

struct promoting {
    const struct incident_bookmark_promote *p;
    struct incident                         out;
};

static enum rc promote_all(struct incident_change_set *c, const struct incident_bookmark_promote *p,
                           struct err *err)
{
    struct incident_bookmark b;
    struct err               why = { 0 };
    enum rc                  rc = incident_row_find(c->tx, p->incident->name, c->arena, &c->row, &why);

    if (rc == RC_NOT_FOUND)
        TRY(incident_write_apply(c, p->incident, err));
    else if (rc != RC_OK)
        return err_set(err, rc, "%s", why.text);
    for (size_t i = 0; i < p->n; i++) {
        const struct incident_bookmark_hold h = { .incident = p->incident->name, .by = p->incident->by };
        TRY(find(c->tx, p->bookmarks[i], c->arena, &b, err));
        c->is_new = false;
        TRY(take_in(c, &b, &h, err));
    }
    return RC_OK;
}

static enum rc promote_one(struct incident_change_set *c, void *arg, struct err *err)
{
    struct promoting *p = arg;
    int64_t           act;

    TRY(incident_act_of_request(c->tx, &p->p->incident->by, &act, err));
    if (!act)
        TRY(promote_all(c, p->p, err));
    TRY(incident_row_find(c->tx, p->p->incident->name, c->arena, &c->row, err));
    p->out = c->row.i;
    return RC_OK;
}

enum rc incident_bookmark_promote(struct incident_store *s, const struct incident_bookmark_promote *p,
                                  struct arena *a, struct incident *out, struct err *err)
{
    struct promoting job = { .p = p };

    if (!p->n)
        return err_set(err, RC_INVALID, "no bookmark is named");
    TRY(incident_change_run(s, &p->incident->by, a, promote_one, &job, err));
    *out = job.out;
    return RC_OK;
}

struct removal {
    str                       name;
    const struct incident_by *by;
};

static enum rc remove_one(struct incident_change_set *c, void *arg, struct err *err)
{
    const struct removal    *r = arg;
    struct incident_bookmark b;

    TRY(find(c->tx, r->name, c->arena, &b, err));
    if (b.incident)
        TRY(let_go(c, &b, NULL, r->by, err));
    TRY(state_stmt_run(c->tx, "UPDATE bookmarks SET deleted = 1, version = version + 1 WHERE name = ?",
                       STATE_ARGS(STATE_S(r->name)), err));
    return log_row(c, &b, true, err);
}

enum rc incident_bookmark_delete(struct incident_store *s, str name, const struct incident_by *by,
                                 struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    struct removal r = { name, by };

    return incident_change_run(s, by, a, remove_one, &r, err);
}
