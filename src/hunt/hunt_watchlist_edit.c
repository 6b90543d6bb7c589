/* SPDX-License-Identifier: Apache-2.0 */
/* Making a version: the steps that lead from one to the next, and writing them down. */
#include "base/map.h"
#include "detect/detect_outbox.h"
#include "hunt/hunt_watchlist_priv.h"
#include "incident/incident_json.h"

enum { MAX_ROW = 1 << 20 };

/* --- comparing --- */

/* Rows by a text, several of one text in their order: first[text] → index + 1, next[index] → index + 1. */
struct chains {
    struct map *first;
    size_t     *next;
};

static void chain(struct chains *c, str text, size_t i)
{
    c->next[i] = (size_t)(uintptr_t)map_find(c->first, text);
    map_put(c->first, text, (void *)(uintptr_t)(i + 1));
}

/* The first row of that text that is not taken yet, which is taken; STR_NPOS: none. */
static size_t take(struct chains *c, str text, bool *taken)
{
    size_t at = (size_t)(uintptr_t)map_find(c->first, text);

    while (at && taken[at - 1])
        at = c->next[at - 1];
    if (!at)
        return STR_NPOS;
    map_put(c->first, text, (void *)(uintptr_t)c->next[at - 1]);
    taken[at - 1] = true;
    return at - 1;
}

static str key_of(struct arena *a, str item, size_t column)
{
    struct err ignored;
    str        key = STR_NONE;

    return hunt_watchlist_cell(a, item, column, &key, &ignored) == RC_OK ? key : STR_NONE;
}

void hunt_watchlist_compare(struct hunt *h, struct arena *a, const hunt_watchlist_rows *is,
                            const hunt_watchlist_rows *want, size_t key, hunt_watchlist_steps *out)
{
    struct chains same = { map_new_in(a, MAP_CASE), ARENA_ARRAY(a, size_t, is->n + 1) };
    struct chains keyed = { map_new_in(a, MAP_CASE), ARENA_ARRAY(a, size_t, is->n + 1) };
    bool         *taken = ARENA_ARRAY(a, bool, is->n + 1), *found = ARENA_ARRAY(a, bool, want->n + 1);
    char          id[GUID_TEXT_SIZE];

    for (size_t i = is->n; i-- > 0;) {
        taken[i] = false;
        chain(&same, is->p[i].item, i);
        chain(&keyed, key_of(a, is->p[i].item, key), i);
    }
    for (size_t i = 0; i < want->n; i++)
        found[i] = take(&same, want->p[i].item, taken) != STR_NPOS;
    for (size_t i = 0; i < want->n; i++) {
        if (found[i])
            continue;
        size_t at = take(&keyed, key_of(a, want->p[i].item, key), taken);
        bool   known = at != STR_NPOS;
        *vec_push_in(a, out) = (struct hunt_watchlist_step) {
            .id = known ? is->p[at].id : arena_str(a, guid_text(env_guid(h->env), id)),
            .was = known ? is->p[at].item : STR_NONE,
            .became = want->p[i].item,
        };
    }
    for (size_t i = 0; i < is->n; i++)
        if (!taken[i])
            *vec_push_in(a, out) = (struct hunt_watchlist_step) { is->p[i].id, is->p[i].item, STR_NONE };
}

/* --- writing --- */

static enum rc write_item(struct hunt_watchlist_edit *e, const struct hunt_watchlist_step *s, struct err *err)
{
    const struct incident_person *who = &e->by->who;

    if (!s->became.n)
        return state_stmt_run(e->tx, "DELETE FROM watchlist_items WHERE watchlist = ? AND id = ?",
                              STATE_ARGS(STATE_S(e->list.id), STATE_S(s->id)), err);
    return state_stmt_run(
        e->tx,
        "INSERT INTO watchlist_items (watchlist, id, seq, item, version, created, modified, creator_id, "
        "creator, changer_id, changer) VALUES (?1, ?2, (SELECT coalesce(max(seq), 0) + 1 FROM "
        "watchlist_items WHERE watchlist = ?1), ?3, ?4, ?5, ?5, ?6, ?7, ?6, ?7) ON CONFLICT (watchlist, id) "
        "DO UPDATE SET item = ?3, version = ?4, modified = ?5, changer_id = ?6, changer = ?7",
        STATE_ARGS(STATE_S(e->list.id), STATE_S(s->id), STATE_S(s->became), STATE_I(e->list.version),
                   STATE_I(e->now), STATE_S(who->object_id), STATE_S(who->name)),
        err);
}

static enum rc log_item(struct hunt_watchlist_edit *e, const struct hunt_watchlist_step *s, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_ROW);
    struct json_w w = json_w_make(&text);
    const str    *cells;
    size_t        n, key = hunt_watchlist_column(&e->list, e->list.search_key);

    TRY(json_texts_read(e->arena, s->became.n ? s->became : s->was, &cells, &n, err));
    json_w_object(&w);
    json_w_ktime(&w, S("TimeGenerated"), e->now);
    json_w_ktime(&w, S("LastUpdatedTimeUTC"), e->now);
    json_w_kstr(&w, S("WatchlistAlias"), e->list.alias);
    json_w_kstr(&w, S("WatchlistId"), e->list.id);
    json_w_kstr(&w, S("WatchlistName"), e->list.name);
    json_w_kstr(&w, S("WatchlistItemId"), s->id);
    json_w_kstr(&w, S("SearchKey"), key < n ? cells[key] : STR_NONE);
    json_w_key(&w, S("WatchlistItem"));
    json_w_object(&w);
    for (size_t i = 0; i < n && i < e->list.n_columns; i++)
        json_w_kstr(&w, e->list.columns[i], cells[i]);
    json_w_end(&w);
    incident_json_person(&w, S("UpdatedBy"), &e->by->who);
    json_w_kstr(&w, S("Provider"), e->list.provider);
    json_w_kstr(&w, S("Source"), e->list.source);
    json_w_kstr(&w, S("Notes"), !s->became.n ? S("deleted") : s->was.n ? S("changed") : S("added"));
    json_w_kstr(&w, S("SourceSystem"), S("Vedette"));
    json_w_end(&w);
    TRY(strbuf_ok(&text, "a row of Watchlist", err));
    return detect_outbox_put(e->tx, S("Watchlist"), strbuf_view(&text), err);
}

static enum rc write_list(struct hunt_watchlist_edit *e, struct err *err)
{
    struct hunt_watchlist        *l = &e->list;
    const struct incident_person *who = &e->by->who;

    return state_stmt_run(
        e->tx,
        "INSERT INTO watchlists (alias, id, version, name, provider, source, source_type, description, "
        "labels, default_duration, search_key, columns, n_items, created, modified, creator_id, creator, "
        "changer_id, changer, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
        "?14, ?15, ?16, ?15, ?16, ?17) ON CONFLICT (alias) DO UPDATE SET version = ?3, name = ?4, provider = "
        "?5, source = ?6, source_type = ?7, description = ?8, labels = ?9, default_duration = ?10, "
        "search_key = ?11, columns = ?12, n_items = ?13, modified = ?14, changer_id = ?15, changer = ?16, "
        "request = ?17, deleted = 0",
        STATE_ARGS(STATE_S(l->alias), STATE_S(l->id), STATE_I(l->version), STATE_S(l->name),
                   STATE_S(l->provider), STATE_S(l->source), STATE_S(l->source_type), STATE_S(l->description),
                   STATE_S(json_texts(e->arena, l->labels, l->n_labels)), STATE_S(l->default_duration),
                   STATE_S(l->search_key), STATE_S(json_texts(e->arena, l->columns, l->n_columns)),
                   STATE_I(l->n_items), STATE_I(e->now), STATE_S(who->object_id), STATE_S(who->name),
                   STATE_S(e->by->request)),
        err);
}

struct counts {
    int64_t added, changed, removed;
};

static enum rc write_version(struct hunt_watchlist_edit *e, const struct counts *c, struct err *err)
{
    const struct hunt_watchlist *l = &e->list;

    TRY(state_stmt_run(
        e->tx,
        "INSERT INTO watchlist_versions (watchlist, version, time, who_id, who, what, why, search_key, "
        "columns, n_items, added, changed, removed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_S(l->id), STATE_I(l->version), STATE_I(e->now), STATE_S(e->by->who.object_id),
                   STATE_S(e->by->who.name), STATE_S(str_of(e->what)), STATE_S(e->by->why),
                   STATE_S(l->search_key), STATE_S(json_texts(e->arena, l->columns, l->n_columns)),
                   STATE_I(l->n_items), STATE_I(c->added), STATE_I(c->changed), STATE_I(c->removed)),
        err));
    int64_t oldest = l->version - HUNT_WATCHLIST_VERSIONS;
    TRY(state_stmt_run(e->tx, "DELETE FROM watchlist_versions WHERE watchlist = ? AND version <= ?",
                       STATE_ARGS(STATE_S(l->id), STATE_I(oldest)), err));
    return state_stmt_run(e->tx, "DELETE FROM watchlist_changes WHERE watchlist = ? AND version <= ?",
                          STATE_ARGS(STATE_S(l->id), STATE_I(oldest)), err);
}

enum rc hunt_watchlist_apply(struct hunt_watchlist_edit *e, struct err *err)
{
    struct counts c = { 0 };

    e->list.version++;
    for (size_t i = 0; i < e->steps.n; i++) {
        const struct hunt_watchlist_step *s = &e->steps.p[i];
        c.added += !s->was.n;
        c.removed += !s->became.n;
        c.changed += s->was.n && s->became.n;
        TRY(write_item(e, s, err));
        TRY(state_stmt_run(e->tx,
                           "INSERT INTO watchlist_changes (watchlist, version, item, was, became) VALUES (?, "
                           "?, ?, ?, ?)",
                           STATE_ARGS(STATE_S(e->list.id), STATE_I(e->list.version), STATE_S(s->id),
                                      STATE_SN(s->was), STATE_SN(s->became)),
                           err));
        TRY(log_item(e, s, err));
    }
    e->list.n_items += c.added - c.removed;
    if (e->list.n_items > HUNT_CSV_MAX_ROWS)
        return err_set(err, RC_LIMIT, "a watchlist has at most %d items", HUNT_CSV_MAX_ROWS);
    TRY(write_list(e, err));
    return write_version(e, &c, err);
}
