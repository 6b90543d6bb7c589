/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.SecurityInsights/watchlists, their items, and what our own provider adds: versions, looking
 * first. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "content/content_store.h"
#include "hunt/hunt_watchlist.h"

DEFINE_AUTO_TYPE(held_set, struct snapshot *, snapshot_unref)

static struct hunt *desk(const struct api_call *c)
{
    return c->api->opts.hunt;
}

static str id_of(const struct api_call *c, str alias)
{
    return arena_printf(c->arena, STR_FMT "/providers/Microsoft.SecurityInsights/watchlists/" STR_FMT,
                        STR_ARG(c->api->opts.scopes->workspace_arm), STR_ARG(alias));
}

/* --- lists --- */

/* Rules whose query names the list. */
static void write_users(struct json_w *w, const struct api_call *c, str alias)
{
    AUTO(held_set) held = content_store_get(c->api->opts.content);
    const struct content_set *set = held ? content_store_set(held) : NULL;

    json_w_key(w, S("usedBy"));
    json_w_array(w);
    for (size_t i = 0; set && i < set->n_rules; i++) {
        const struct content_rule *r = &set->rules[i];
        if (!str_contains(r->query, S("_GetWatchlist")) || !str_contains_ci(r->query, alias))
            continue;
        json_w_object(w);
        json_w_kstr(w, S("id"), r->id);
        json_w_kstr(w, S("name"), r->name);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_properties(struct json_w *w, const struct api_call *c, const struct hunt_watchlist *l)
{
    json_w_object(w);
    json_w_kstr(w, S("watchlistId"), l->id);
    json_w_kstr(w, S("watchlistAlias"), l->alias);
    json_w_kstr(w, S("displayName"), l->name);
    json_w_kstr(w, S("provider"), l->provider);
    json_w_kstr(w, S("source"), l->source);
    json_w_kstr(w, S("sourceType"), l->source_type);
    json_w_kstr(w, S("description"), l->description);
    json_w_kstr(w, S("watchlistType"), S("watchlist"));
    json_w_kstr(w, S("itemsSearchKey"), l->search_key);
    json_w_kstr(w, S("contentType"), S("text/csv"));
    if (l->default_duration.n)
        json_w_kstr(w, S("defaultDuration"), l->default_duration);
    json_w_kstrs(w, S("labels"), l->labels, l->n_labels);
    json_w_kbool(w, S("isDeleted"), l->deleted);
    json_w_kstr(w, S("tenantId"), c->api->opts.scopes->tenant_id);
    json_w_kstr(w, S("uploadStatus"), S("Complete"));
    json_w_ktime(w, S("created"), l->created);
    json_w_ktime(w, S("updated"), l->modified);
    incident_json_person(w, S("createdBy"), &l->creator);
    incident_json_person(w, S("updatedBy"), &l->changer);
    json_w_ki64(w, S("version"), l->version);
    json_w_ki64(w, S("itemsCount"), l->n_items);
    json_w_kstrs(w, S("columns"), l->columns, l->n_columns);
    write_users(w, c, l->alias);
    json_w_end(w);
}

static void write_list(struct json_w *w, const struct api_call *c, const struct hunt_watchlist *l)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), id_of(c, l->alias));
    json_w_kstr(w, S("name"), l->alias);
    json_w_kstr(w, S("type"), S("Microsoft.SecurityInsights/watchlists"));
    json_w_kstr(w, S("etag"), l->etag);
    json_w_key(w, S("properties"));
    write_properties(w, c, l);
    json_w_end(w);
}

static enum rc answer_list(struct api_call *c, int status, const struct hunt_watchlist *l, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_list(&w, c, l);
    api_call_etag(c, l->etag);
    return api_call_done(c, status, err);
}

enum rc api_watchlists_list(struct api_call *c, struct err *err)
{
    struct hunt_watchlist *list;
    size_t                 n;

    TRY(hunt_watchlist_list(desk(c), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_list(&w, c, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_watchlists_get(struct api_call *c, struct err *err)
{
    struct hunt_watchlist l;

    TRY(hunt_watchlist_get(desk(c), api_call_param(c, "watchlist"), c->arena, &l, err));
    return answer_list(c, 200, &l, err);
}

static enum rc take_put(struct api_call *c, struct hunt_watchlist_put *put, struct err *err)
{
    const struct json *body;

    TRY(api_call_object(c, &body, err));
    *put = (struct hunt_watchlist_put) { .alias = api_call_param(c, "watchlist"),
                                         .properties = json_get(body, S("properties")),
                                         .if_match = api_call_if_match(c),
                                         .by = api_by_of(c) };
    return RC_OK;
}

enum rc api_watchlists_put(struct api_call *c, struct err *err)
{
    struct hunt_watchlist_put put;
    struct hunt_watchlist     l;
    bool                      created;

    TRY(take_put(c, &put, err));
    TRY(hunt_watchlist_put(desk(c), &put, c->arena, &l, &created, err));
    return answer_list(c, created ? 201 : 200, &l, err);
}

enum rc api_watchlists_delete(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);

    return api_call_deleted(c, hunt_watchlist_delete(desk(c), api_call_param(c, "watchlist"), &by, err));
}

/* --- items --- */

static void write_values(struct json_w *w, str key, const str *columns, const str *values, size_t n)
{
    json_w_key(w, key);
    if (!values) {
        json_w_null(w);
        return;
    }
    json_w_object(w);
    for (size_t i = 0; i < n; i++)
        json_w_kstr(w, columns[i], values[i]);
    json_w_end(w);
}

static void write_item(struct json_w *w, const struct api_call *c, const struct hunt_watchlist *l,
                       const struct hunt_watchlist_item *i)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena, STR_FMT "/watchlistItems/" STR_FMT, STR_ARG(id_of(c, l->alias)),
                             STR_ARG(i->id)));
    json_w_kstr(w, S("name"), i->id);
    json_w_kstr(w, S("type"), S("Microsoft.SecurityInsights/watchlists/watchlistItems"));
    json_w_kstr(w, S("etag"), i->etag);
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("watchlistItemType"), S("watchlist-item"));
    json_w_kstr(w, S("watchlistItemId"), i->id);
    json_w_kstr(w, S("tenantId"), c->api->opts.scopes->tenant_id);
    json_w_kbool(w, S("isDeleted"), false);
    json_w_ktime(w, S("created"), i->created);
    json_w_ktime(w, S("updated"), i->modified);
    incident_json_person(w, S("createdBy"), &i->creator);
    incident_json_person(w, S("updatedBy"), &i->changer);
    write_values(w, S("itemsKeyValue"), l->columns, i->values, l->n_columns);
    json_w_key(w, S("entityMapping"));
    json_w_raw(w, S("{}"));
    json_w_end(w);
    json_w_end(w);
}

enum rc api_watchlists_items(struct api_call *c, struct err *err)
{
    struct hunt_watchlist_page page;

    TRY(hunt_watchlist_items(desk(c), api_call_param(c, "watchlist"), api_call_query(c, "search"),
                             api_call_query(c, "$skipToken"), c->arena, &page, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < page.n; i++)
        write_item(&w, c, &page.list, &page.items[i]);
    return api_call_list_end(c, &w, page.next, err);
}

static enum rc answer_item(struct api_call *c, int status, const struct hunt_watchlist_page *p,
                           struct err *err)
{
    struct json_w w = api_call_json(c);

    write_item(&w, c, &p->list, p->items);
    api_call_etag(c, p->items->etag);
    return api_call_done(c, status, err);
}

enum rc api_watchlists_item_get(struct api_call *c, struct err *err)
{
    struct hunt_watchlist_page page;

    TRY(hunt_watchlist_item_get(desk(c), api_call_param(c, "watchlist"), api_call_param(c, "item"), c->arena,
                                &page, err));
    return answer_item(c, 200, &page, err);
}

enum rc api_watchlists_item_put(struct api_call *c, struct err *err)
{
    const struct json         *body;
    struct hunt_watchlist_page page;
    bool                       created;

    TRY(api_call_object(c, &body, err));
    const struct json *values = json_path(body, S("properties.itemsKeyValue"));
    if (!values)
        return err_set(err, RC_INVALID, "properties.itemsKeyValue: an object of the item's columns");
    const struct hunt_watchlist_item_put put = { .alias = api_call_param(c, "watchlist"),
                                                 .id = api_call_param(c, "item"),
                                                 .values = values,
                                                 .if_match = api_call_if_match(c),
                                                 .by = api_by_of(c) };
    TRY(hunt_watchlist_item_put(desk(c), &put, c->arena, &page, &created, err));
    return answer_item(c, created ? 201 : 200, &page, err);
}

enum rc api_watchlists_item_delete(struct api_call *c, struct err *err)
{
    struct hunt_watchlist_page           page;
    bool                                 created;
    const struct hunt_watchlist_item_put put = { .alias = api_call_param(c, "watchlist"),
                                                 .id = api_call_param(c, "item"),
                                                 .if_match = api_call_if_match(c),
                                                 .by = api_by_of(c) };

    return api_call_deleted(c, hunt_watchlist_item_put(desk(c), &put, c->arena, &page, &created, err));
}

/* --- versions --- */

enum rc api_watchlists_versions(struct api_call *c, struct err *err)
{
    struct hunt_watchlist_version *list;
    size_t                         n;

    TRY(hunt_watchlist_versions(desk(c), api_call_param(c, "watchlist"), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_ki64(&w, S("version"), list[i].version);
        json_w_ktime(&w, S("time"), list[i].time);
        incident_json_person(&w, S("who"), &list[i].who);
        json_w_kstr(&w, S("what"), list[i].what);
        json_w_kstr(&w, S("why"), list[i].why);
        json_w_ki64(&w, S("itemsCount"), list[i].n_items);
        json_w_ki64(&w, S("added"), list[i].added);
        json_w_ki64(&w, S("changed"), list[i].changed);
        json_w_ki64(&w, S("removed"), list[i].removed);
        json_w_end(&w);
    }
    return api_call_list_end(c, &w, S(""), err);
}

static enum rc version_of(struct api_call *c, int64_t *out, struct err *err)
{
    return str_to_i64(api_call_param(c, "version"), out)
               ? RC_OK
               : err_set(err, RC_INVALID, "a version of a watchlist is a number");
}

static enum rc answer_diff(struct api_call *c, const struct hunt_watchlist_diff *d, struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    json_w_kstrs(&w, S("columns"), d->columns, d->n_columns);
    json_w_ki64(&w, S("added"), (int64_t)d->added);
    json_w_ki64(&w, S("changed"), (int64_t)d->changed);
    json_w_ki64(&w, S("removed"), (int64_t)d->removed);
    json_w_ki64(&w, S("same"), (int64_t)d->same);
    json_w_key(&w, S("changes"));
    json_w_array(&w);
    for (size_t i = 0; i < d->n; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("id"), d->changes[i].id);
        json_w_key(&w, S("was"));
        d->changes[i].was ? json_w_raw(&w, json_texts(c->arena, d->changes[i].was, d->n_columns))
                          : json_w_null(&w);
        json_w_key(&w, S("became"));
        d->changes[i].became ? json_w_raw(&w, json_texts(c->arena, d->changes[i].became, d->n_columns))
                             : json_w_null(&w);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_key(&w, S("badLines"));
    json_w_array(&w);
    for (size_t i = 0; i < d->n_bad; i++) {
        json_w_object(&w);
        json_w_ki64(&w, S("line"), (int64_t)d->bad[i].line);
        json_w_kstr(&w, S("reason"), d->bad[i].reason);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_watchlists_version(struct api_call *c, struct err *err)
{
    struct hunt_watchlist_diff d;
    int64_t                    version;

    TRY(version_of(c, &version, err));
    TRY(hunt_watchlist_changes(desk(c), api_call_param(c, "watchlist"), version, c->arena, &d, err));
    return answer_diff(c, &d, err);
}

enum rc api_watchlists_preview(struct api_call *c, struct err *err)
{
    struct hunt_watchlist_put  put;
    struct hunt_watchlist_diff d;

    TRY(take_put(c, &put, err));
    TRY(hunt_watchlist_preview(desk(c), &put, c->arena, &d, err));
    return answer_diff(c, &d, err);
}

enum rc api_watchlists_restore(struct api_call *c, struct err *err)
{
    struct incident_by    by = api_by_of(c);
    struct hunt_watchlist l;
    int64_t               version;

    TRY(version_of(c, &version, err));
    TRY(hunt_watchlist_restore(desk(c), api_call_param(c, "watchlist"), version, &by, c->arena, &l, err));
    return answer_list(c, 200, &l, err);
}
