/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_graph.h"

#include "detect/detect_entity.h"
#include "incident/incident_entity.h"
#include "incident/incident_priv.h"

enum { MAX_NAME = 128, MAX_TITLE = 200 };

/* --- the graph --- */

/* Does a cell of the row hold the value, alone or as part of a path or a list? */
static bool row_holds(const struct json *row, str value)
{
    for (size_t i = 0; row && row->kind == JSON_ARRAY && i < row->n; i++) {
        const struct json *v = json_at(row, i);
        if (v->kind == JSON_STRING && str_contains_ci(v->s, value))
            return true;
        for (size_t k = 0; v->kind == JSON_ARRAY && k < v->n; k++)
            if (json_at(v, k)->kind == JSON_STRING && str_contains_ci(json_at(v, k)->s, value))
                return true;
    }
    return false;
}

/* The value that a row would hold: the first identifier that the thing has. */
static str telling_value(const struct detect_entity *e)
{
    static const char *const order[] = { "HostName",   "Name",        "Address",    "Sid", "Url",  "Value",
                                         "ResourceId", "CommandLine", "DomainName", "Key", "AppId" };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (detect_entity_value(e, str_of(order[i])).n)
            return detect_entity_value(e, str_of(order[i]));
    return e->n_values ? e->values[0].value : STR_NONE;
}

struct building {
    struct state_tx *tx;
    struct arena    *arena;
    VEC(struct incident_graph_edge) edges;
};

static enum rc root_name(struct building *b, int64_t leaf, str *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(
        b->tx,
        "WITH RECURSIVE up(name, root) AS (SELECT name, root FROM entities WHERE id = ?1 UNION "
        "SELECT e.name, e.root FROM entities e JOIN up ON e.id = up.root) SELECT name FROM up "
        "WHERE root IS NULL",
        STATE_ARGS(STATE_I(leaf)), &st, err));
    *out = state_stmt_str_in(st, 0, b->arena);
    return RC_OK;
}

static struct incident_graph_edge *edge_of(struct building *b, str alert, str entity)
{
    for (size_t i = b->edges.n; i > 0 && str_eq(b->edges.p[i - 1].alert, alert); i--)
        if (str_eq(b->edges.p[i - 1].entity, entity))
            return &b->edges.p[i - 1];
    struct incident_graph_edge *e = vec_push_in(b->arena, &b->edges);
    e->alert = alert;
    e->entity = entity;
    return e;
}

static void note_rows(struct incident_graph_edge *e, const struct json *rows, str value)
{
    for (size_t i = 0; value.n && i < rows->n && e->n_rows < INCIDENT_GRAPH_MAX_ROWS; i++) {
        bool known = false;
        for (size_t k = 0; k < e->n_rows; k++)
            known |= e->rows[k] == i;
        if (!known && row_holds(json_at(rows, i), value))
            e->rows[e->n_rows++] = i;
    }
}

static enum rc add_edges(struct building *b, const struct incident_alert_row *alert, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    const struct json *rows;
    bool               more;

    TRY(json_parse(b->arena, alert->kept, &rows, err));
    TRY(state_stmt_open(b->tx,
                        "SELECT x.entity, e.said FROM alert_entities x JOIN entities e ON e.id = x.entity "
                        "WHERE x.alert = ? ORDER BY x.entity",
                        STATE_ARGS(STATE_S(alert->a.alert.id)), &st, err));
    while (true) {
        struct detect_entities said = { .arena = b->arena };
        str                    name;
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        TRY(root_name(b, state_stmt_i64(st, 0), &name, err));
        TRY(detect_entity_parse(&said, state_stmt_str_in(st, 1, b->arena), err));
        struct incident_graph_edge *e = edge_of(b, alert->a.alert.id, name);
        if (said.n)
            note_rows(e, rows, telling_value(&said.p[0]));
    }
}

enum rc incident_graph_get(struct incident_store *s, str incident, struct arena *a,
                           struct incident_graph *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row        row;
    struct incident_alert_row *alerts;
    struct building            b = { .arena = a };
    struct incident_graph      g = { .n_alerts = 0 };

    TRY(state_tx_read(s->state, &tx, err));
    b.tx = tx;
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(incident_alert_list(tx, row.i.number, a, &alerts, &g.n_alerts, err));
    TRY(incident_entity_of(tx, row.i.number, a, &g.entities, &g.n_entities, err));
    g.alerts = ARENA_ARRAY(a, struct incident_alert, g.n_alerts + 1);
    for (size_t i = 0; i < g.n_alerts; i++) {
        incident_alert_settle(&alerts[i], &row);
        g.alerts[i] = alerts[i].a;
        TRY(add_edges(&b, &alerts[i], err));
    }
    g.edges = b.edges.p;
    g.n_edges = b.edges.n;
    *out = g;
    return RC_OK;
}

/* --- saved states --- */

static struct incident_graph_saved read_saved(const struct state_stmt *st, struct arena *a)
{
    return (struct incident_graph_saved) {
        .name = state_stmt_str_in(st, 0, a),
        .version = state_stmt_i64(st, 1),
        .title = state_stmt_str_in(st, 2, a),
        .created = state_stmt_i64(st, 3),
        .who = { .object_id = state_stmt_str_in(st, 4, a), .name = state_stmt_str_in(st, 5, a) },
        .graph = state_stmt_str_in(st, 6, a),
    };
}

enum rc incident_graph_list(struct incident_store *s, str incident, struct arena *a,
                            struct incident_graph_saved **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_row row;
    VEC(struct incident_graph_saved) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(state_stmt_open(
        tx,
        "SELECT name, max(version), title, created, who_id, who, '' FROM incident_graphs WHERE "
        "incident = ? GROUP BY name ORDER BY created DESC",
        STATE_ARGS(STATE_I(row.i.number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = read_saved(st, a);
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

static enum rc load(struct state_tx *tx, int64_t number, str name, int64_t version, struct arena *a,
                    struct incident_graph_saved *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(
        tx,
        "SELECT name, version, title, created, who_id, who, graph FROM incident_graphs WHERE "
        "incident = ?1 AND name = ?2 AND (?3 = 0 OR version = ?3) ORDER BY version DESC LIMIT 1",
        STATE_ARGS(STATE_I(number), STATE_S(name), STATE_I(version)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no saved graph '" STR_FMT "'",
                       STR_ARG(str_slice(name, 0, 64)));
    *out = read_saved(st, a);
    return RC_OK;
}

enum rc incident_graph_load(struct incident_store *s, str incident, str name, int64_t version,
                            struct arena *a, struct incident_graph_saved *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row row;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    return load(tx, row.i.number, name, version, a, out, err);
}

struct saving {
    const struct incident_graph_save *save;
    struct incident_graph_saved       out;
};

static enum rc save_one(struct incident_change_set *c, void *arg, struct err *err)
{
    struct saving                    *v = arg;
    const struct incident_graph_save *w = v->save;
    AUTO(state_stmt) st = NULL;

    TRY(incident_row_find(c->tx, w->incident, c->arena, &c->row, err));
    TRY(state_stmt_one(
        c->tx, "SELECT coalesce(max(version), 0) FROM incident_graphs WHERE incident = ? AND name = ?",
        STATE_ARGS(STATE_I(c->row.i.number), STATE_S(w->name)), &st, err));
    int64_t newest = state_stmt_i64(st, 0);
    if (newest != w->after)
        return err_set(err, RC_STALE, "the graph was saved meanwhile: version %lld is there",
                       (long long)newest);
    if (newest >= INCIDENT_GRAPH_MAX_VERSIONS)
        return err_set(err, RC_LIMIT, "a graph has at most %d versions: save it under another name",
                       INCIDENT_GRAPH_MAX_VERSIONS);
    TRY(state_stmt_run(c->tx,
                       "INSERT INTO incident_graphs (incident, name, version, title, graph, created, who_id, "
                       "who) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       STATE_ARGS(STATE_I(c->row.i.number), STATE_S(w->name), STATE_I(newest + 1),
                                  STATE_S(w->title), STATE_S(w->graph), STATE_I(c->now),
                                  STATE_S(w->by.who.object_id), STATE_S(c->who)),
                       err));
    return load(c->tx, c->row.i.number, w->name, newest + 1, c->arena, &v->out, err);
}

enum rc incident_graph_save(struct incident_store *s, const struct incident_graph_save *save, struct arena *a,
                            struct incident_graph_saved *out, struct err *err)
{
    struct saving v = { .save = save };

    if (!save->name.n || save->name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "a graph's name has 1 to %d bytes", MAX_NAME);
    if (!str_trim(save->title).n || save->title.n > MAX_TITLE)
        return err_set(err, RC_INVALID, "properties.title: 1 to %d bytes", MAX_TITLE);
    if (save->graph.n > INCIDENT_GRAPH_MAX_BYTES)
        return err_set(err, RC_LIMIT, "a graph has at most %d bytes", INCIDENT_GRAPH_MAX_BYTES);
    TRY(incident_change_run(s, &save->by, a, save_one, &v, err));
    *out = v.out;
    return RC_OK;
}
