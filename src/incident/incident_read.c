/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_entity.h"
#include "incident/incident_priv.h"

enum { MAX_PROPERTIES = 64 * 1024 };

/* The space of entities' names: the same thing has the same name in every incident. */
static const guid SPACE = { { 0x4c, 0x2d, 0xaa, 0x18, 0x93, 0x6e, 0x4d, 0x51, 0xb4, 0x0c, 0x17, 0x88, 0xe2,
                              0x5f, 0x09, 0x3b } };

enum rc incident_get(struct incident_store *s, str name, struct arena *a, struct incident *out,
                     struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row row;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, name, a, &row, err));
    TRY(incident_row_alert_ids(tx, a, &row, err));
    *out = row.i;
    return RC_OK;
}

static enum rc alerts_of(struct incident_store *s, str name, struct arena *a, struct incident_row *row,
                         struct incident_alert_row **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, name, a, row, err));
    return incident_alert_list(tx, row->i.number, a, out, n, err);
}

enum rc incident_alerts(struct incident_store *s, str name, struct arena *a, struct incident_alert **out,
                        size_t *n, struct err *err)
{
    static const char *const   status[] = { "New", "InProgress", "Resolved" };
    struct incident_alert_row *rows;
    struct incident_row        row;

    TRY(alerts_of(s, name, a, &row, &rows, n, err));
    struct incident_alert *list = ARENA_ARRAY(a, struct incident_alert, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        list[i] = rows[i].a;
        list[i].incident = row.i.name;
        list[i].status = str_of(status[row.i.status]);
    }
    *out = list;
    return RC_OK;
}

static str friendly_id(struct arena *a, const struct detect_entity *e)
{
    AUTO_STRBUF key = STRBUF_INIT(MAX_PROPERTIES);
    char        text[GUID_TEXT_SIZE];

    strbuf_add(&key, e->type->name);
    for (const struct content_entity_field *f = e->type->fields; f->name.n; f++) {
        strbuf_addc(&key, '\x1f');
        strbuf_add(&key, detect_entity_value(e, f->name));
    }
    return arena_str(a, guid_text(guid_of(SPACE, strbuf_view(&key)), text));
}

static enum rc properties_of(struct arena *a, const struct detect_entity *e, str name,
                             const struct json **out, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_PROPERTIES);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    json_w_kstr(&w, S("friendlyName"), name);
    for (const struct content_entity_field *f = e->type->fields; f->name.n; f++) {
        str v = detect_entity_value(e, f->name);
        if (f->arm.n && v.n)
            json_w_kstr(&w, f->arm, v);
    }
    json_w_end(&w);
    TRY(strbuf_ok(&text, "an entity", err));
    return json_parse(a, strbuf_view(&text), out, err);
}

struct gathering {
    struct arena *arena;
    VEC(struct incident_entity) list;
};

static enum rc gather(struct gathering *g, const struct detect_entity *e, struct err *err)
{
    str id = friendly_id(g->arena, e);

    for (size_t i = 0; i < g->list.n; i++) {
        if (str_eq(g->list.p[i].id, id)) {
            g->list.p[i].n_alerts++;
            return RC_OK;
        }
    }
    struct incident_entity *one = vec_push_in(g->arena, &g->list);
    one->id = id;
    one->kind = e->type->kind;
    one->name = detect_entity_label(g->arena, e);
    one->n_alerts = 1;
    return properties_of(g->arena, e, one->name, &one->properties, err);
}

enum rc incident_entities(struct incident_store *s, str name, struct arena *a, struct incident_entity **out,
                          size_t *n, struct err *err)
{
    struct incident_alert_row *rows;
    struct incident_row        row;
    struct gathering           g = { .arena = a };
    size_t                     n_alerts;

    TRY(alerts_of(s, name, a, &row, &rows, &n_alerts, err));
    for (size_t i = 0; i < n_alerts; i++) {
        struct detect_entities list = { .arena = a };
        TRY(detect_entity_parse(&list, rows[i].a.alert.entities, err));
        for (size_t k = 0; k < list.n; k++)
            TRY(gather(&g, &list.p[k], err));
    }
    *out = g.list.p;
    *n = g.list.n;
    return RC_OK;
}

enum rc incident_rows(struct incident_store *s, str name, str alert_id, struct arena *a,
                      struct incident_rows *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row       row;
    struct incident_alert_row alert;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, name, a, &row, err));
    TRY(incident_alert_find(tx, alert_id, a, &alert, err));
    if (alert.incident_number != row.i.number)
        return err_set(err, RC_NOT_FOUND, "alert '" STR_FMT "' is not in incident %lld", STR_ARG(alert_id),
                       (long long)row.i.number);
    *out = (struct incident_rows) {
        .table = alert.a.alert.rows.table,
        .columns = alert.a.alert.rows.columns,
        .rows = alert.kept,
        .query = alert.a.alert.query,
        .window_from = alert.a.alert.window_from,
        .window_to = alert.a.alert.window_to,
        .counted = alert.a.n_rows,
    };
    return RC_OK;
}

enum rc incident_history(struct incident_store *s, str name, struct arena *a, struct incident_history **out,
                         size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_row row;
    VEC(struct incident_history) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, name, a, &row, err));
    TRY(state_stmt_open(tx,
                        "SELECT h.time, h.who, h.what, h.was, h.became, h.why, h.act, coalesce(a.undone, 0) "
                        "FROM incident_history h "
                        "LEFT JOIN incident_acts a ON a.id = h.act WHERE h.incident = ? ORDER BY h.seq",
                        STATE_ARGS(STATE_I(row.i.number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = (struct incident_history) {
            .time = state_stmt_i64(st, 0),
            .who = state_stmt_str_in(st, 1, a),
            .what = state_stmt_str_in(st, 2, a),
            .from = state_stmt_str_in(st, 3, a),
            .to = state_stmt_str_in(st, 4, a),
            .why = state_stmt_str_in(st, 5, a),
            .act = state_stmt_i64(st, 6),
            .undone = state_stmt_i64(st, 7) != 0,
        };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}
