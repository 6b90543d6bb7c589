/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_entity.h"
#include "incident/incident_priv.h"

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
    struct incident_alert_row *rows;
    struct incident_row        row;

    TRY(alerts_of(s, name, a, &row, &rows, n, err));
    struct incident_alert *list = ARENA_ARRAY(a, struct incident_alert, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        incident_alert_settle(&rows[i], &row);
        list[i] = rows[i].a;
    }
    *out = list;
    return RC_OK;
}

enum rc incident_entities(struct incident_store *s, str name, struct arena *a, struct incident_entity **out,
                          size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row row;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, name, a, &row, err));
    return incident_entity_of(tx, row.i.number, a, out, n, err);
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
