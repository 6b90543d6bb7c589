/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_entity.h"
#include "incident/incident_priv.h"

enum { MAX_JSON = 1 << 20, MAX_ROW_IDS = 20000, ID_BYTES = sizeof(uint64_t) };

#define COLUMNS                                                                                              \
    "id, incident, rule_id, rule_name, rule_version, display_name, description, severity, tactics, "         \
    "techniques, "                                                                                           \
    "start, end, generated, updated, entities, compromised, details, properties, query, window_from, "       \
    "window_to, ingested_to, table_name, columns, rows, row_ids, product, component, vendor, provider"

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
        .row_ids = state_stmt_str_in(st, 25, a),
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

    r.a.n_rows = (int64_t)(r.row_ids.n / ID_BYTES);
    TRY(incident_row_texts_read(a, state_stmt_str(st, 8), &r.a.alert.tactics, &r.a.alert.n_tactics, err));
    TRY(incident_row_texts_read(a, state_stmt_str(st, 9), &r.a.alert.techniques, &r.a.alert.n_techniques,
                                err));
    *out = r;
    return RC_OK;
}

enum rc incident_alert_find(struct state_tx *tx, str id, struct arena *a, struct incident_alert_row *out,
                            struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM alerts WHERE id = ?", STATE_ARGS(STATE_S(id)), &st,
                        err));
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
        "INSERT OR REPLACE INTO alerts (" COLUMNS
        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_S(r->id), row->incident_number ? STATE_I(row->incident_number) : STATE_NULL,
                   STATE_S(r->rule_id), STATE_S(r->rule_name), STATE_S(r->rule_version),
                   STATE_S(r->display_name), STATE_S(r->description), STATE_I(r->severity),
                   STATE_S(incident_row_texts(a, r->tactics, r->n_tactics)),
                   STATE_S(incident_row_texts(a, r->techniques, r->n_techniques)), STATE_I(r->start),
                   STATE_I(r->end), STATE_I(r->generated), STATE_I(row->updated), STATE_S(r->entities),
                   STATE_S(r->compromised), STATE_S(r->details), STATE_S(r->properties), STATE_S(r->query),
                   STATE_I(r->window_from), STATE_I(r->window_to), STATE_I(r->ingested_to),
                   STATE_S(r->rows.table), STATE_S(r->rows.columns), STATE_S(row->kept),
                   STATE_B(row->row_ids), STATE_S(r->product), STATE_S(r->component), STATE_S(r->vendor),
                   STATE_S(r->provider)),
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

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM alerts WHERE incident = ? ORDER BY start, id",
                        STATE_ARGS(STATE_I(incident_number)), &st, err));
    return read_list(st, a, out, n, err);
}

enum rc incident_alert_list_short(struct state_tx *tx, int64_t incident_number, struct arena *a,
                                  struct incident_alert_row **out, size_t *n, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS_SHORT " FROM alerts WHERE incident = ? ORDER BY start, id",
                        STATE_ARGS(STATE_I(incident_number)), &st, err));
    return read_list(st, a, out, n, err);
}

static str ids_bytes(struct arena *a, const uint64_t *ids, size_t n)
{
    return arena_str(a, str_make((const char *)ids, (n < MAX_ROW_IDS ? n : MAX_ROW_IDS) * ID_BYTES));
}

struct incident_alert_row incident_alert_of(struct arena *a, const struct alert *raised)
{
    return (struct incident_alert_row) {
        .a.alert = *raised,
        .a.n_rows = (int64_t)raised->rows.n_ids,
        .updated = raised->generated,
        .row_ids = ids_bytes(a, raised->rows.ids, raised->rows.n_ids),
        .kept = raised->rows.rows,
    };
}

static int by_value(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

/* The ids of `raised` that are not in `have`, behind it. Sorted copies, since an alert may count thousands.
 */
static str merge_ids(struct arena *a, str have, const struct alert_rows *raised, size_t *added)
{
    size_t    n = have.n / ID_BYTES;
    uint64_t *all = ARENA_ARRAY(a, uint64_t, n + raised->n_ids + 1),
             *sorted = ARENA_ARRAY(a, uint64_t, n + 1);

    memcpy(all, have.n ? have.p : "", have.n);
    memcpy(sorted, all, n * ID_BYTES);
    qsort(sorted, n, ID_BYTES, by_value);
    *added = 0;
    for (size_t i = 0; i < raised->n_ids; i++)
        if (!bsearch(&raised->ids[i], sorted, n, ID_BYTES, by_value))
            all[n + (*added)++] = raised->ids[i];
    return ids_bytes(a, all, n + *added);
}

/* Rows of the later raise behind those of the earlier, within the limits. Those that are there already are
 * few, and detect raises a row once, so texts are compared. */
static enum rc merge_rows(struct arena *a, str have, str more, str *out, struct err *err)
{
    const struct json *old, *fresh;
    AUTO_STRBUF        text = STRBUF_INIT(ALERT_MAX_ROW_BYTES + 64);

    TRY(json_parse(a, have, &old, err));
    TRY(json_parse(a, more, &fresh, err));
    strbuf_add(&text, str_slice(have, 0, have.n - 1));
    for (size_t i = 0, n = old->n; i < fresh->n && n < ALERT_MAX_ROWS; i++) {
        AUTO_STRBUF one = STRBUF_INIT(ALERT_MAX_ROW_BYTES);
        bool        there = false;
        for (size_t k = 0; k < old->n; k++)
            there |= json_eq(json_at(old, k), json_at(fresh, i));
        json_print(&one, json_at(fresh, i), 0);
        if (there || one.overflow || text.n + one.n + 2 > ALERT_MAX_ROW_BYTES)
            continue;
        if (n++)
            strbuf_addc(&text, ',');
        strbuf_add(&text, strbuf_view(&one));
    }
    strbuf_addc(&text, ']');
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

static enum rc merge_entities(struct arena *a, str have, str more, str *out, struct err *err)
{
    struct detect_entities list = { .arena = a };

    TRY(detect_entity_parse(&list, have, err));
    TRY(detect_entity_parse(&list, more, err));
    *out = detect_entity_json(&list);
    return RC_OK;
}

static bool text_in(const struct json *list, str s)
{
    for (size_t i = 0; list && list->kind == JSON_ARRAY && i < list->n; i++)
        if (json_at(list, i)->kind == JSON_STRING && str_eq(json_at(list, i)->s, s))
            return true;
    return false;
}

/* Each key's values of both, each value once. */
static enum rc merge_details(struct arena *a, str have, str more, str *out, struct err *err)
{
    const struct json *old, *fresh;
    AUTO_STRBUF        text = STRBUF_INIT(MAX_JSON);
    struct json_w      w = json_w_make(&text);

    TRY(json_parse(a, have, &old, err));
    TRY(json_parse(a, more, &fresh, err));
    json_w_object(&w);
    for (size_t k = 0; k < fresh->n; k++) {
        const struct json *was = json_get(old, fresh->members[k].key), *is = &fresh->members[k].value;
        json_w_key(&w, fresh->members[k].key);
        json_w_array(&w);
        for (size_t i = 0; was && i < was->n; i++)
            json_w_tree(&w, json_at(was, i));
        for (size_t i = 0, n = was ? was->n : 0; i < is->n && n < 50; i++)
            if (json_at(is, i)->kind == JSON_STRING && !text_in(was, json_at(is, i)->s)) {
                json_w_tree(&w, json_at(is, i));
                n++;
            }
        json_w_end(&w);
    }
    json_w_end(&w);
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

enum rc incident_alert_merge(struct arena *a, const struct alert *raised, struct incident_alert_row *into,
                             bool *changed, struct err *err)
{
    struct alert *r = &into->a.alert;
    size_t        added;
    str           ids = merge_ids(a, into->row_ids, &raised->rows, &added);

    *changed = added > 0;
    if (!added)
        return RC_OK;
    TRY(merge_rows(a, into->kept, raised->rows.rows, &into->kept, err));
    TRY(merge_entities(a, r->entities, raised->entities, &r->entities, err));
    TRY(merge_details(a, r->details, raised->details, &r->details, err));
    into->row_ids = ids;
    into->a.n_rows = (int64_t)(ids.n / ID_BYTES);
    into->updated = raised->generated;
    r->start = raised->start < r->start ? raised->start : r->start;
    r->end = raised->end > r->end ? raised->end : r->end;
    r->severity = raised->severity > r->severity ? raised->severity : r->severity;
    r->window_from = raised->window_from < r->window_from ? raised->window_from : r->window_from;
    r->window_to = raised->window_to > r->window_to ? raised->window_to : r->window_to;
    r->ingested_to = raised->ingested_to > r->ingested_to ? raised->ingested_to : r->ingested_to;
    if (!r->compromised.n)
        r->compromised = raised->compromised;
    return RC_OK;
}
