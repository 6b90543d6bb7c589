/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_priv.h"

enum { MAX_TEXTS = 1 << 20 };

static enum rc read_labels(struct arena *a, str json, struct incident *i, struct err *err)
{
    const struct json *doc;

    if (str_eq(json, S("[]")))
        return RC_OK;
    TRY(json_parse(a, json, &doc, err));
    struct incident_label *list = ARENA_ARRAY(a, struct incident_label, doc->n + 1);
    for (size_t k = 0; k < doc->n; k++)
        list[k] = (struct incident_label) { json_str(json_at(doc, k), S("name"), S("")),
                                            json_bool(json_at(doc, k), S("automatic"), false) };
    i->labels = list;
    i->n_labels = doc->n;
    return RC_OK;
}

static str labels_text(struct arena *a, const struct incident *i)
{
    AUTO_STRBUF   out = STRBUF_INIT(MAX_TEXTS);
    struct json_w w = json_w_make(&out);

    json_w_array(&w);
    for (size_t k = 0; k < i->n_labels; k++) {
        json_w_object(&w);
        json_w_kstr(&w, S("name"), i->labels[k].name);
        if (i->labels[k].automatic)
            json_w_kbool(&w, S("automatic"), true);
        json_w_end(&w);
    }
    json_w_end(&w);
    return arena_str(a, strbuf_view(&out));
}

str incident_row_etag(struct arena *a, const struct incident_row *row)
{
    return arena_printf(a, "\"" STR_FMT "-%llx\"", STR_ARG(str_slice(row->i.name, 0, 8)),
                        (unsigned long long)row->version);
}

enum rc incident_row_read(const struct state_stmt *st, struct arena *a, struct incident_row *out,
                          struct err *err)
{
    struct incident_row r = {
        .i = {
            .number = state_stmt_i64(st, 0),
            .name = state_stmt_str_in(st, 1, a),
            .title = state_stmt_str_in(st, 3, a),
            .description = state_stmt_str_in(st, 4, a),
            .severity = (enum content_severity)state_stmt_i64(st, 5),
            .status = (enum incident_status)state_stmt_i64(st, 6),
            .classification = state_stmt_str_in(st, 7, a),
            .classification_reason = state_stmt_str_in(st, 8, a),
            .classification_comment = state_stmt_str_in(st, 9, a),
            .owner = { .object_id = state_stmt_str_in(st, 10, a),
                       .name = state_stmt_str_in(st, 11, a),
                       .email = state_stmt_str_in(st, 12, a),
                       .upn = state_stmt_str_in(st, 13, a),
                       .type = state_stmt_str_in(st, 14, a) },
            .created = state_stmt_i64(st, 16),
            .modified = state_stmt_i64(st, 17),
            .modified_by = state_stmt_str_in(st, 18, a),
            .first_activity = state_stmt_i64(st, 20),
            .last_activity = state_stmt_i64(st, 21),
            .closed = state_stmt_i64(st, 22),
            .entities = state_stmt_str_in(st, 27, a),
            .n_alerts = state_stmt_i64(st, 28),
            .n_comments = state_stmt_i64(st, 29),
            .merged_into = state_stmt_i64(st, 32),
            .n_bookmarks = state_stmt_i64(st, 33),
            .n_tasks = state_stmt_i64(st, 34),
            .n_tasks_done = state_stmt_i64(st, 35),
        },
        .version = state_stmt_i64(st, 2),
        .first_modified = state_stmt_i64(st, 19),
        .named_by_hand = state_stmt_i64(st, 30) != 0,
        .rated_by_hand = state_stmt_i64(st, 31) != 0,
    };

    r.i.etag = incident_row_etag(a, &r);
    TRY(read_labels(a, state_stmt_str(st, 15), &r.i, err));
    TRY(json_texts_read(a, state_stmt_str(st, 23), &r.i.tactics, &r.i.n_tactics, err));
    TRY(json_texts_read(a, state_stmt_str(st, 24), &r.i.techniques, &r.i.n_techniques, err));
    TRY(json_texts_read(a, state_stmt_str(st, 25), &r.i.products, &r.i.n_products, err));
    TRY(json_texts_read(a, state_stmt_str(st, 26), &r.i.rule_ids, &r.i.n_rule_ids, err));
    *out = r;
    return RC_OK;
}

enum rc incident_row_find(struct state_tx *tx, str name, struct arena *a, struct incident_row *out,
                          struct err *err)
{
    AUTO(state_stmt) st = NULL;
    int64_t number;
    guid    id;
    bool    found;
    char    text[GUID_TEXT_SIZE];

    if (str_to_i64(name, &number))
        TRY(state_stmt_open(tx,
                            "SELECT " INCIDENT_ROW_COLUMNS " FROM incidents WHERE number = ? AND deleted = 0",
                            STATE_ARGS(STATE_I(number)), &st, err));
    else if (guid_parse(name, &id))
        TRY(state_stmt_open(tx,
                            "SELECT " INCIDENT_ROW_COLUMNS " FROM incidents WHERE name = ? AND deleted = 0",
                            STATE_ARGS(STATE_S(guid_text(id, text))), &st, err));
    else
        return err_set(err, RC_NOT_FOUND, "there is no incident '" STR_FMT "'",
                       STR_ARG(str_slice(name, 0, 64)));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no incident '" STR_FMT "'", STR_ARG(name));
    return incident_row_read(st, a, out, err);
}

enum rc incident_row_load(struct state_tx *tx, int64_t number, struct arena *a, struct incident_row *out,
                          struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " INCIDENT_ROW_COLUMNS " FROM incidents WHERE number = ?",
                        STATE_ARGS(STATE_I(number)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no incident %lld", (long long)number);
    return incident_row_read(st, a, out, err);
}

enum rc incident_row_insert(struct state_tx *tx, struct incident_row *row, struct err *err)
{
    const struct incident *i = &row->i;

    TRY(state_stmt_run(
        tx,
        "INSERT INTO incidents (name, version, title, description, severity, status, created, modified, "
        "modified_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_S(i->name), STATE_I(row->version), STATE_S(i->title), STATE_S(i->description),
                   STATE_I(i->severity), STATE_I(i->status), STATE_I(i->created), STATE_I(i->modified),
                   STATE_S(i->modified_by)),
        err));
    row->i.number = state_stmt_last_rowid(tx);
    return incident_row_update(tx, row, err);
}

enum rc incident_row_update(struct state_tx *tx, const struct incident_row *row, struct err *err)
{
    const struct incident *i = &row->i;
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);

    return state_stmt_run(
        tx,
        "UPDATE incidents SET version = ?2, title = ?3, description = ?4, severity = ?5, status = ?6, "
        "classification = ?7, classification_reason = ?8, classification_comment = ?9, owner_id = ?10, "
        "owner_name = ?11, owner_email = ?12, owner_upn = ?13, owner_type = ?14, labels = ?15, modified = "
        "?16, "
        "modified_by = ?17, first_modified = ?18, first_activity = ?19, last_activity = ?20, closed = ?21, "
        "tactics = ?22, techniques = ?23, products = ?24, rule_ids = ?25, entities = ?26, n_alerts = ?27, "
        "n_comments = ?28, named_by_hand = ?29, rated_by_hand = ?30, merged_into = ?31, n_bookmarks = ?32, "
        "n_tasks = ?33, n_tasks_done = ?34 WHERE number = ?1",
        STATE_ARGS(
            STATE_I(i->number), STATE_I(row->version), STATE_S(i->title), STATE_S(i->description),
            STATE_I(i->severity), STATE_I(i->status), STATE_S(i->classification),
            STATE_S(i->classification_reason), STATE_S(i->classification_comment),
            STATE_S(i->owner.object_id), STATE_S(i->owner.name), STATE_S(i->owner.email),
            STATE_S(i->owner.upn), STATE_S(i->owner.type), STATE_S(labels_text(a, i)), STATE_I(i->modified),
            STATE_S(i->modified_by), STATE_I(row->first_modified), STATE_I(i->first_activity),
            STATE_I(i->last_activity), STATE_I(i->closed), STATE_S(json_texts(a, i->tactics, i->n_tactics)),
            STATE_S(json_texts(a, i->techniques, i->n_techniques)),
            STATE_S(json_texts(a, i->products, i->n_products)),
            STATE_S(json_texts(a, i->rule_ids, i->n_rule_ids)),
            STATE_S(i->entities.n ? i->entities : S("[]")), STATE_I(i->n_alerts), STATE_I(i->n_comments),
            STATE_I(row->named_by_hand), STATE_I(row->rated_by_hand), STATE_I(i->merged_into),
            STATE_I(i->n_bookmarks), STATE_I(i->n_tasks), STATE_I(i->n_tasks_done)),
        err);
}

enum rc incident_row_alert_ids(struct state_tx *tx, struct arena *a, struct incident_row *row,
                               struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(str) ids = { 0 };
    bool more;

    TRY(state_stmt_open(tx, "SELECT id FROM alerts WHERE incident = ? ORDER BY start, id",
                        STATE_ARGS(STATE_I(row->i.number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &ids) = state_stmt_str_in(st, 0, a);
    }
    row->i.alert_ids = ids.p;
    row->i.n_alert_ids = ids.n;
    return RC_OK;
}
