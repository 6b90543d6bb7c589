/* SPDX-License-Identifier: Apache-2.0 */
/* Single items of a list. */
#include "hunt/hunt_watchlist_priv.h"

enum { MAX_VALUE = 10240 };

#define COLUMNS "id, item, version, created, modified, creator_id, creator, changer_id, changer, seq"

static enum rc read_item(const struct state_stmt *st, const struct hunt_watchlist *l, struct arena *a,
                         struct hunt_watchlist_item *out, struct err *err)
{
    struct hunt_watchlist_item i = {
        .id = state_stmt_str_in(st, 0, a),
        .created = state_stmt_i64(st, 3),
        .modified = state_stmt_i64(st, 4),
        .creator = { .object_id = state_stmt_str_in(st, 5, a), .name = state_stmt_str_in(st, 6, a) },
        .changer = { .object_id = state_stmt_str_in(st, 7, a), .name = state_stmt_str_in(st, 8, a) },
    };
    const str *cells;
    size_t     n;

    TRY(json_texts_read(a, state_stmt_str(st, 1), &cells, &n, err));
    str *values = ARENA_ARRAY(a, str, l->n_columns + 1);
    for (size_t k = 0; k < l->n_columns; k++)
        values[k] = k < n ? cells[k] : STR_NONE;
    i.values = values;
    i.etag = hunt_etag(a, i.id, state_stmt_i64(st, 2));
    *out = i;
    return RC_OK;
}

enum rc hunt_watchlist_items(struct hunt *h, str alias, str search, str skip, struct arena *a,
                             struct hunt_watchlist_page *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct hunt_watchlist_item) list = { 0 };
    int64_t after = 0;
    bool    more;

    if (skip.n && !str_to_i64(skip, &after))
        return err_set(err, RC_INVALID, "$skipToken is not one of ours");
    *out = (struct hunt_watchlist_page) { 0 };
    TRY(state_tx_read(h->state, &tx, err));
    TRY(hunt_watchlist_find(tx, alias, false, a, &out->list, err));
    TRY(state_stmt_open(
        tx,
        "SELECT " COLUMNS " FROM watchlist_items WHERE watchlist = ?1 AND seq > ?2 AND (?3 = "
        "'' OR instr(lower(item), lower(?3)) > 0) ORDER BY seq LIMIT ?4",
        STATE_ARGS(STATE_S(out->list.id), STATE_I(after), STATE_S(search), STATE_I(HUNT_WATCHLIST_PAGE + 1)),
        &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        if (list.n == HUNT_WATCHLIST_PAGE) {
            out->next = arena_printf(a, "%lld", (long long)after);
            break;
        }
        after = state_stmt_i64(st, 9);
        TRY(read_item(st, &out->list, a, vec_push_in(a, &list), err));
    }
    out->items = list.p;
    out->n = list.n;
    return RC_OK;
}

static enum rc find_item(struct state_tx *tx, const struct hunt_watchlist *l, str id, struct arena *a,
                         struct hunt_watchlist_item *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM watchlist_items WHERE watchlist = ? AND id = ?",
                        STATE_ARGS(STATE_S(l->id), STATE_S(id)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "watchlist '" STR_FMT "' has no item '" STR_FMT "'",
                       STR_ARG(l->alias), STR_ARG(str_slice(id, 0, 64)));
    return read_item(st, l, a, out, err);
}

static enum rc page_of_one(struct state_tx *tx, str alias, str id, struct arena *a,
                           struct hunt_watchlist_page *out, struct err *err)
{
    *out = (struct hunt_watchlist_page) { .items = ARENA_NEW(a, struct hunt_watchlist_item), .n = 1 };
    TRY(hunt_watchlist_find(tx, alias, false, a, &out->list, err));
    return find_item(tx, &out->list, id, a, out->items, err);
}

enum rc hunt_watchlist_item_get(struct hunt *h, str alias, str id, struct arena *a,
                                struct hunt_watchlist_page *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(h->state, &tx, err));
    return page_of_one(tx, alias, id, a, out, err);
}

/* {"column": text, …} as a JSON array in the order of the columns; what is not named stays as it was. */
static enum rc take_values(const struct hunt_watchlist_edit *e, const struct json *values, const str *was,
                           str *out, struct err *err)
{
    str *cells = ARENA_ARRAY(e->arena, str, e->list.n_columns + 1);

    if (values->kind != JSON_OBJECT || !values->n)
        return err_set(err, RC_INVALID, "properties.itemsKeyValue: an object of the item's columns");
    for (size_t i = 0; i < e->list.n_columns; i++)
        cells[i] = was ? was[i] : STR_NONE;
    for (size_t i = 0; i < values->n; i++) {
        const struct json *v = &values->members[i].value;
        size_t             at = hunt_watchlist_column(&e->list, values->members[i].key);
        AUTO_STRBUF        text = STRBUF_INIT(MAX_VALUE);
        if (at == STR_NPOS)
            return err_set(err, RC_INVALID, "properties.itemsKeyValue: there is no column '" STR_FMT "'",
                           STR_ARG(str_slice(values->members[i].key, 0, 64)));
        if (v->kind == JSON_STRING)
            strbuf_add(&text, v->s);
        else if (v->kind != JSON_NULL)
            json_print(&text, v, 0);
        TRY(strbuf_ok(&text, "properties.itemsKeyValue", err));
        cells[at] = arena_str(e->arena, strbuf_view(&text));
    }
    *out = json_texts(e->arena, cells, e->list.n_columns);
    return RC_OK;
}

static enum rc edit_item(struct hunt_watchlist_edit *e, const struct hunt_watchlist_item_put *put,
                         struct err *err)
{
    struct hunt_watchlist_item item = { 0 };
    struct hunt_watchlist_step step = { .id = put->id };
    struct err                 why = { 0 };
    enum rc                    rc = find_item(e->tx, &e->list, put->id, e->arena, &item, &why);

    e->is_new = rc == RC_NOT_FOUND;
    if ((rc != RC_OK && rc != RC_NOT_FOUND) || (e->is_new && !put->values))
        return err_set(err, rc, "%s", why.text);
    TRY(hunt_may_change(put->if_match, item.etag, err));
    if (!e->is_new)
        step.was = json_texts(e->arena, item.values, e->list.n_columns);
    if (put->values)
        TRY(take_values(e, put->values, item.values, &step.became, err));
    e->what = !put->values ? "item removed" : e->is_new ? "item added" : "item changed";
    if (str_eq(step.was, step.became))
        return RC_OK;
    *vec_push_in(e->arena, &e->steps) = step;
    return hunt_watchlist_apply(e, err);
}

enum rc hunt_watchlist_item_put(struct hunt *h, const struct hunt_watchlist_item_put *put, struct arena *a,
                                struct hunt_watchlist_page *out, bool *created, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct hunt_watchlist_edit e = { .hunt = h, .arena = a, .now = env_now(h->env), .by = &put->by };

    if (!put->id.n || put->id.n > 64)
        return err_set(err, RC_INVALID, "an item's id has 1 to 64 bytes");
    TRY(state_tx_write(h->state, &tx, err));
    e.tx = tx;
    TRY(hunt_watchlist_find(tx, put->alias, false, a, &e.list, err));
    bool again = put->by.request.n && str_eq(put->by.request, e.list.request);
    if (!again)
        TRY(edit_item(&e, put, err));
    if (put->values)
        TRY(page_of_one(tx, put->alias, put->id, a, out, err));
    *created = e.is_new || (again && put->values && out->items->created == out->items->modified);
    return state_tx_commit(tx, err);
}
