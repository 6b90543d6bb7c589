/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_priv.h"

#define COLUMNS                                                                                              \
    "id, incident, rule_id, rule_name, rule_version, display_name, description, severity, tactics, "         \
    "techniques, "                                                                                           \
    "start, end, generated, updated, entities, compromised, details, properties, query, window_from, "       \
    "window_to, ingested_to, table_name, columns, rows, row_ids, product, component, vendor, provider"

/* What people say of it; an alert that is raised again does not touch these. */
#define COLUMNS_OF_PEOPLE ", status, classification, determination, assigned, suppressed_by"

/* The same without what is long: for whom goes through all alerts of an incident at each one that joins. */
#define COLUMNS_SHORT                                                                                        \
    "id, incident, rule_id, rule_name, rule_version, display_name, description, severity, tactics, "         \
    "techniques, start, end, generated, updated, '[]', compromised, '{}', '{}', '', window_from, "           \
    "window_to, ingested_to, table_name, '[]', '[]', x'', product, component, vendor, provider"

static enum rc read_row(const struct state_stmt *st, struct arena *a, struct incident_alert_row *out,
                        struct err *err)
{
    struct incident_alert_row r = {
        .incident_number = state_stmt_i64(st, 1),
        .updated = state_stmt_i64(st, 13),
        .kept = state_stmt_str_in(st, 24, a),
        .marks = state_stmt_str_in(st, 25, a),
        .a.status = state_stmt_str_in(st, 30, a),
        .a.classification = state_stmt_str_in(st, 31, a),
        .a.determination = state_stmt_str_in(st, 32, a),
        .a.assigned = state_stmt_str_in(st, 33, a),
        .a.suppressed_by = state_stmt_str_in(st, 34, a),
        .a.updated = state_stmt_i64(st, 13),
        .a.incident_number = state_stmt_i64(st, 1),
        .a.alert = {
            .id = state_stmt_str_in(st, 0, a),
            .rule_id = state_stmt_str_in(st, 2, a),
            .rule_name = state_stmt_str_in(st, 3, a),
            .rule_version = state_stmt_str_in(st, 4, a),
            .display_name = state_stmt_str_in(st, 5, a),
            .description = state_stmt_str_in(st, 6, a),
            .severity = (enum content_severity)state_stmt_i64(st, 7),
            .start = state_stmt_i64(st, 10),
            .end = state_stmt_i64(st, 11),
            .generated = state_stmt_i64(st, 12),
            .entities = state_stmt_str_in(st, 14, a),
            .compromised = state_stmt_str_in(st, 15, a),
            .details = state_stmt_str_in(st, 16, a),
            .properties = state_stmt_str_in(st, 17, a),
            .query = state_stmt_str_in(st, 18, a),
            .window_from = state_stmt_i64(st, 19),
            .window_to = state_stmt_i64(st, 20),
            .ingested_to = state_stmt_i64(st, 21),
            .rows = { .table = state_stmt_str_in(st, 22, a), .columns = state_stmt_str_in(st, 23, a) },
            .product = state_stmt_str_in(st, 26, a),
            .component = state_stmt_str_in(st, 27, a),
            .vendor = state_stmt_str_in(st, 28, a),
            .provider = state_stmt_str_in(st, 29, a),
        },
    };

    r.a.n_rows = (int64_t)(r.marks.n / sizeof(struct alert_mark));
    TRY(json_texts_read(a, state_stmt_str(st, 8), &r.a.alert.tactics, &r.a.alert.n_tactics, err));
    TRY(json_texts_read(a, state_stmt_str(st, 9), &r.a.alert.techniques, &r.a.alert.n_techniques, err));
    *out = r;
    return RC_OK;
}

str incident_alert_status(enum incident_status s)
{
    static const char *const status[INCIDENT_STATUS_COUNT_] = { "New", "InProgress", "Resolved" };
    return str_of(status[s < INCIDENT_STATUS_COUNT_ ? s : INCIDENT_NEW]);
}

void incident_alert_settle(struct incident_alert_row *row, const struct incident_row *in)
{
    row->a.incident = in->i.name;
    if (!row->a.status.n)
        row->a.status = incident_alert_status(row->incident_number ? in->i.status : INCIDENT_NEW);
}

enum rc incident_alert_get(struct incident_store *s, str id, struct arena *a, struct incident_alert *out,
                           struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_alert_row row;
    struct incident_row       in = { 0 };

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_alert_find(tx, id, a, &row, err));
    if (row.incident_number)
        TRY(incident_row_load(tx, row.incident_number, a, &in, err));
    incident_alert_settle(&row, &in);
    *out = row.a;
    return RC_OK;
}

enum rc incident_alert_find(struct state_tx *tx, str id, struct arena *a, struct incident_alert_row *out,
                            struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS COLUMNS_OF_PEOPLE " FROM alerts WHERE id = ?",
                        STATE_ARGS(STATE_S(id)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no alert '" STR_FMT "'", STR_ARG(str_slice(id, 0, 64)));
    return read_row(st, a, out, err);
}

enum rc incident_alert_put(struct state_tx *tx, const struct incident_alert_row *row, struct err *err)
{
    const struct alert *r = &row->a.alert;
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);

    return state_stmt_run(
        tx,
        "INSERT INTO alerts (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "incident = excluded.incident, rule_id = excluded.rule_id, rule_name = excluded.rule_name, "
        "rule_version = excluded.rule_version, display_name = excluded.display_name, description = "
        "excluded.description, severity = excluded.severity, tactics = excluded.tactics, techniques = "
        "excluded.techniques, start = excluded.start, end = excluded.end, generated = "
        "excluded.generated, updated = excluded.updated, entities = excluded.entities, compromised = "
        "excluded.compromised, details = excluded.details, properties = excluded.properties, query = "
        "excluded.query, window_from = excluded.window_from, window_to = excluded.window_to, "
        "ingested_to = excluded.ingested_to, table_name = excluded.table_name, columns = "
        "excluded.columns, rows = excluded.rows, row_ids = excluded.row_ids, product = "
        "excluded.product, component = excluded.component, vendor = excluded.vendor, provider = "
        "excluded.provider",
        STATE_ARGS(STATE_S(r->id), row->incident_number ? STATE_I(row->incident_number) : STATE_NULL,
                   STATE_S(r->rule_id), STATE_S(r->rule_name), STATE_S(r->rule_version),
                   STATE_S(r->display_name), STATE_S(r->description), STATE_I(r->severity),
                   STATE_S(json_texts(a, r->tactics, r->n_tactics)),
                   STATE_S(json_texts(a, r->techniques, r->n_techniques)), STATE_I(r->start), STATE_I(r->end),
                   STATE_I(r->generated), STATE_I(row->updated), STATE_S(r->entities),
                   STATE_S(r->compromised), STATE_S(r->details), STATE_S(r->properties), STATE_S(r->query),
                   STATE_I(r->window_from), STATE_I(r->window_to), STATE_I(r->ingested_to),
                   STATE_S(r->rows.table), STATE_S(r->rows.columns), STATE_S(row->kept), STATE_B(row->marks),
                   STATE_S(r->product), STATE_S(r->component), STATE_S(r->vendor), STATE_S(r->provider)),
        err);
}

static enum rc read_list(struct state_stmt *st, struct arena *a, struct incident_alert_row **out, size_t *n,
                         struct err *err)
{
    VEC(struct incident_alert_row) list = { 0 };
    bool more;

    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        TRY(read_row(st, a, vec_push_in(a, &list), err));
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc incident_alert_list(struct state_tx *tx, int64_t incident_number, struct arena *a,
                            struct incident_alert_row **out, size_t *n, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(
        tx, "SELECT " COLUMNS COLUMNS_OF_PEOPLE " FROM alerts WHERE incident = ? ORDER BY start, id",
        STATE_ARGS(STATE_I(incident_number)), &st, err));
    return read_list(st, a, out, n, err);
}

enum rc incident_alert_list_short(struct state_tx *tx, int64_t incident_number, struct arena *a,
                                  struct incident_alert_row **out, size_t *n, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(
        tx, "SELECT " COLUMNS_SHORT COLUMNS_OF_PEOPLE " FROM alerts WHERE incident = ? ORDER BY start, id",
        STATE_ARGS(STATE_I(incident_number)), &st, err));
    return read_list(st, a, out, n, err);
}
