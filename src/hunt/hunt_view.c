/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_view.h"

#include "base/vec.h"

#define KIND "view"
#define DEFAULT "defaultView"

enum { MAX_TITLE = 100, MAX_PAGE = 64, MAX_DEFAULTS = 100 };

static struct hunt_view of_object(const struct hunt_object *o)
{
    return (struct hunt_view) { .object = *o,
                                .title = json_str(o->body, S("displayName"), S("")),
                                .page = json_str(o->body, S("page"), S("")),
                                .definition = json_get(o->body, S("definition")),
                                .shared = !o->owner.n };
}

/* Which view `who` begins the page with: its name, empty when none. */
static enum rc default_of(struct state_tx *tx, str who, str page, struct arena *a, str *out, struct err *err)
{
    const struct hunt_object_key key = { .kind = DEFAULT, .owner = who, .name = page };
    struct hunt_object           o;
    struct err                   why = { 0 };
    enum rc                      rc = hunt_object_find(tx, &key, a, &o, &why);

    *out = rc == RC_OK ? json_str(o.body, S("view"), S("")) : STR_NONE;
    return rc == RC_OK || rc == RC_NOT_FOUND ? RC_OK : err_set(err, rc, "%s", why.text);
}

static enum rc mark_default(struct state_tx *tx, str who, struct arena *a, struct hunt_view *v,
                            struct err *err)
{
    str name;

    TRY(default_of(tx, who, v->page, a, &name, err));
    v->is_default = str_eq_ci(name, v->object.name);
    return RC_OK;
}

enum rc hunt_view_list(struct hunt *h, str who, str page, struct arena *a, struct hunt_view **out, size_t *n,
                       struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct hunt_object *objects;
    size_t              n_objects;
    VEC(struct hunt_view) list = { 0 };

    TRY(hunt_object_list(h, KIND, who, a, &objects, &n_objects, err));
    TRY(state_tx_read(h->state, &tx, err));
    for (size_t i = 0; i < n_objects; i++) {
        struct hunt_view v = of_object(&objects[i]);
        if (page.n && !str_eq_ci(page, v.page))
            continue;
        TRY(mark_default(tx, who, a, &v, err));
        *vec_push_in(a, &list) = v;
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

static enum rc find(struct state_tx *tx, str who, str name, struct arena *a, struct hunt_view *out,
                    struct err *err)
{
    const struct hunt_object_key own = { .kind = KIND, .owner = who, .name = name },
                                 shared = { .kind = KIND, .name = name };
    struct hunt_object o;

    if (hunt_object_find(tx, &own, a, &o, NULL) != RC_OK)
        TRY(hunt_object_find(tx, &shared, a, &o, err));
    *out = of_object(&o);
    return mark_default(tx, who, a, out, err);
}

enum rc hunt_view_get(struct hunt *h, str who, str name, struct arena *a, struct hunt_view *out,
                      struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(h->state, &tx, err));
    return find(tx, who, name, a, out, err);
}

static enum rc body_of(const struct hunt_view_put *put, struct arena *a, str *out, struct err *err)
{
    const struct json *p = put->properties, *definition = json_get(p, S("definition"));
    str                title = json_str(p, S("displayName"), S("")), page = json_str(p, S("page"), S(""));
    AUTO_STRBUF        text = STRBUF_INIT(HUNT_VIEW_BYTES);
    struct json_w      w = json_w_make(&text);

    if (!str_trim(title).n || title.n > MAX_TITLE)
        return err_set(err, RC_INVALID, "properties.displayName: 1 to %d bytes", MAX_TITLE);
    if (!page.n || page.n > MAX_PAGE)
        return err_set(err, RC_INVALID, "properties.page: the page's name, as in incidents");
    if (!definition || definition->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "properties.definition: an object");
    json_w_object(&w);
    json_w_kstr(&w, S("displayName"), str_trim(title));
    json_w_kstr(&w, S("page"), page);
    json_w_key(&w, S("definition"));
    json_w_tree(&w, definition);
    json_w_end(&w);
    TRY(strbuf_ok(&text, "a view", err));
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

static enum rc drop(struct state_tx *tx, str owner, str name, struct err *err)
{
    return state_stmt_run(tx, "DELETE FROM hunt_objects WHERE kind = ? AND owner = ? AND name = ?",
                          STATE_ARGS(STATE_S(S(KIND)), STATE_S(owner), STATE_S(name)), err);
}

enum rc hunt_view_put(struct hunt *h, const struct hunt_view_put *put, struct arena *a, struct hunt_view *out,
                      bool *created, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    bool                   shared = json_bool(put->properties, S("shared"), false);
    str                    who = put->by.who.object_id;
    struct hunt_object_put object = {
        .key = { .kind = KIND, .owner = shared ? STR_NONE : who, .name = put->name },
        .if_match = put->if_match,
        .by = put->by,
        .max = shared ? HUNT_VIEW_SHARED : HUNT_VIEW_OF_USER
    };
    struct hunt_view   was = { 0 };
    struct hunt_object o;

    TRY(body_of(put, a, &object.body, err));
    TRY(state_tx_write(h->state, &tx, err));
    bool moves = find(tx, who, put->name, a, &was, NULL) == RC_OK && was.shared != shared;
    if (moves) {
        TRY(hunt_may_change(put->if_match, was.object.etag, err));
        object.if_match = STR_NONE;
        TRY(drop(tx, was.shared ? STR_NONE : who, put->name, err));
    }
    TRY(hunt_object_store(h, tx, &object, a, &o, created, err));
    *created = *created && !moves;
    TRY(find(tx, who, put->name, a, out, err));
    return state_tx_commit(tx, err);
}

enum rc hunt_view_delete(struct hunt *h, str who, str name, bool shared, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(h->state, &tx, err));
    TRY(drop(tx, shared ? STR_NONE : who, name, err));
    if (!state_stmt_changed(tx))
        return err_set(err, RC_NOT_FOUND, "there is no view '" STR_FMT "'", STR_ARG(str_slice(name, 0, 64)));
    return state_tx_commit(tx, err);
}

enum rc hunt_view_default(struct hunt *h, const struct incident_by *by, str page, str name, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF      text = STRBUF_INIT(4096);
    struct json_w    w = json_w_make(&text);
    struct hunt_view v;

    TRY(state_tx_write(h->state, &tx, err));
    if (name.n) {
        TRY(find(tx, by->who.object_id, name, a, &v, err));
        if (!str_eq_ci(v.page, page))
            return err_set(err, RC_INVALID, "the view '" STR_FMT "' is of another page",
                           STR_ARG(str_slice(name, 0, 64)));
    }
    json_w_object(&w);
    json_w_kstr(&w, S("view"), name);
    json_w_end(&w);
    const struct hunt_object_put put = { .key = { .kind = DEFAULT, .owner = by->who.object_id, .name = page },
                                         .body = strbuf_view(&text),
                                         .by = { .who = by->who },
                                         .max = MAX_DEFAULTS };
    struct hunt_object           o;
    bool                         created;
    TRY(hunt_object_store(h, tx, &put, a, &o, &created, err));
    return state_tx_commit(tx, err);
}
