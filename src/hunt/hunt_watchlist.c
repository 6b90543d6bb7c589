/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_watchlist_priv.h"

enum { FIXED = 3 }; /* _DTItemId, LastUpdatedTimeUTC, SearchKey */

#define COLUMNS                                                                                              \
    "alias, id, version, n_items, name, provider, source, source_type, description, default_duration, "      \
    "search_key, request, labels, columns, created, modified, creator_id, creator, changer_id, changer, "    \
    "deleted"

static enum rc read_list(const struct state_stmt *st, struct arena *a, struct hunt_watchlist *out,
                         struct err *err)
{
    struct hunt_watchlist l = {
        .alias = state_stmt_str_in(st, 0, a),
        .id = state_stmt_str_in(st, 1, a),
        .version = state_stmt_i64(st, 2),
        .n_items = state_stmt_i64(st, 3),
        .name = state_stmt_str_in(st, 4, a),
        .provider = state_stmt_str_in(st, 5, a),
        .source = state_stmt_str_in(st, 6, a),
        .source_type = state_stmt_str_in(st, 7, a),
        .description = state_stmt_str_in(st, 8, a),
        .default_duration = state_stmt_str_in(st, 9, a),
        .search_key = state_stmt_str_in(st, 10, a),
        .request = state_stmt_str_in(st, 11, a),
        .created = state_stmt_i64(st, 14),
        .modified = state_stmt_i64(st, 15),
        .creator = { .object_id = state_stmt_str_in(st, 16, a), .name = state_stmt_str_in(st, 17, a) },
        .changer = { .object_id = state_stmt_str_in(st, 18, a), .name = state_stmt_str_in(st, 19, a) },
        .deleted = state_stmt_i64(st, 20) != 0,
    };

    l.etag = hunt_etag(a, l.id, l.version);
    TRY(json_texts_read(a, state_stmt_str(st, 12), &l.labels, &l.n_labels, err));
    TRY(json_texts_read(a, state_stmt_str(st, 13), &l.columns, &l.n_columns, err));
    *out = l;
    return RC_OK;
}

enum rc hunt_watchlist_find(struct state_tx *tx, str alias, bool deleted, struct arena *a,
                            struct hunt_watchlist *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM watchlists WHERE alias = ? AND deleted <= ?",
                        STATE_ARGS(STATE_S(alias), STATE_I(deleted)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no watchlist '" STR_FMT "'",
                       STR_ARG(str_slice(alias, 0, 64)));
    return read_list(st, a, out, err);
}

enum rc hunt_watchlist_list(struct hunt *h, struct arena *a, struct hunt_watchlist **out, size_t *n,
                            struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct hunt_watchlist) list = { 0 };
    bool more;

    TRY(state_tx_read(h->state, &tx, err));
    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM watchlists WHERE deleted = 0 ORDER BY alias",
                        STATE_NO_ARGS, &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        TRY(read_list(st, a, vec_push_in(a, &list), err));
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc hunt_watchlist_get(struct hunt *h, str alias, struct arena *a, struct hunt_watchlist *out,
                           struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(h->state, &tx, err));
    return hunt_watchlist_find(tx, alias, false, a, out, err);
}

enum rc hunt_watchlist_rows_read(struct state_tx *tx, str list_id, struct arena *a, hunt_watchlist_rows *out,
                                 struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx, "SELECT id, item, modified FROM watchlist_items WHERE watchlist = ? ORDER BY seq",
                        STATE_ARGS(STATE_S(list_id)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        *vec_push_in(a, out) =
            (struct hunt_watchlist_row) { state_stmt_str_in(st, 0, a), state_stmt_str_in(st, 1, a),
                                          state_stmt_i64(st, 2) };
    }
}

size_t hunt_watchlist_column(const struct hunt_watchlist *list, str name)
{
    for (size_t i = 0; i < list->n_columns; i++)
        if (str_eq(list->columns[i], name))
            return i;
    return STR_NPOS;
}

enum rc hunt_watchlist_cell(struct arena *a, str item, size_t column, str *out, struct err *err)
{
    const str *cells;
    size_t     n;

    TRY(json_texts_read(a, item, &cells, &n, err));
    *out = column < n ? cells[column] : STR_NONE;
    return RC_OK;
}

/* --- for queries --- */

static enum rc all_aliases(struct state_tx *tx, struct arena *a, struct kql_list *out, struct err *err)
{
    static const struct kql_column COLUMN = { STR_INIT("WatchlistAlias"), KQL_STRING };
    AUTO(state_stmt) st = NULL;
    VEC(struct kql_value) cells = { 0 };
    bool more;

    TRY(state_stmt_open(tx, "SELECT alias FROM watchlists WHERE deleted = 0 ORDER BY alias", STATE_NO_ARGS,
                        &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &cells) = kql_value_string(state_stmt_str_in(st, 0, a));
    }
    *out = (struct kql_list) { &COLUMN, 1, cells.n, cells.p };
    return RC_OK;
}

/* A column of the list that is called as one of ours gives way. */
static void name_columns(const struct hunt_watchlist *l, struct arena *a, struct kql_column *out)
{
    out[0] = (struct kql_column) { S("_DTItemId"), KQL_STRING };
    out[1] = (struct kql_column) { S("LastUpdatedTimeUTC"), KQL_DATETIME };
    out[2] = (struct kql_column) { S("SearchKey"), KQL_STRING };
    for (size_t i = 0; i < l->n_columns; i++) {
        bool taken = false;
        for (size_t k = 0; k < FIXED && !taken; k++)
            taken = str_eq(out[k].name, l->columns[i]);
        str name = taken ? arena_printf(a, STR_FMT "_", STR_ARG(l->columns[i])) : l->columns[i];
        out[FIXED + i] = (struct kql_column) { name, KQL_STRING };
    }
}

static enum rc add_item(const struct hunt_watchlist *l, size_t key, const struct state_stmt *st,
                        struct arena *a, struct kql_value *row, struct err *err)
{
    const str *cells;
    size_t     n;

    TRY(json_texts_read(a, state_stmt_str(st, 1), &cells, &n, err));
    row[0] = kql_value_string(state_stmt_str_in(st, 0, a));
    row[1] = kql_value_int_of(KQL_DATETIME, state_stmt_i64(st, 2));
    row[2] = kql_value_string(key < n ? cells[key] : STR_NONE);
    for (size_t i = 0; i < l->n_columns; i++)
        row[FIXED + i] = kql_value_string(i < n ? cells[i] : STR_NONE);
    return RC_OK;
}

enum rc hunt_watchlist_kql(void *ctx, str alias, struct arena *a, struct kql_list *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct hunt_watchlist l;
    size_t                n = 0;
    bool                  more;

    TRY(state_tx_read(ctx, &tx, err));
    if (!alias.n)
        return all_aliases(tx, a, out, err);
    TRY(hunt_watchlist_find(tx, alias, false, a, &l, err));
    size_t             key = hunt_watchlist_column(&l, l.search_key), width = FIXED + l.n_columns;
    struct kql_column *columns = ARENA_ARRAY(a, struct kql_column, width);
    struct kql_value  *cells = ARENA_TRY_ARRAY(a, struct kql_value, width * (size_t)l.n_items + 1);
    if (!cells)
        return err_set(err, RC_LIMIT, "the watchlist is too large for a query");
    name_columns(&l, a, columns);
    TRY(state_stmt_open(tx, "SELECT id, item, modified FROM watchlist_items WHERE watchlist = ? ORDER BY seq",
                        STATE_ARGS(STATE_S(l.id)), &st, err));
    for (; n < (size_t)l.n_items; n++) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        TRY(add_item(&l, key, st, a, cells + n * width, err));
    }
    *out = (struct kql_list) { columns, width, n, cells };
    return RC_OK;
}
