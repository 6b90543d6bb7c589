/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_search.h"

#include "base/vec.h"
#include "content/content_explore.h"
#include "kql/kql.h"

enum { MAX_TITLE = 260, MAX_TAGS = 20, MAX_VALUE = 4000 };

/* --- keeping --- */

static enum rc need(const struct json *props, const char *name, size_t max, struct err *err)
{
    str v = json_str(props, str_of(name), S(""));

    return str_trim(v).n && v.n <= max
               ? RC_OK
               : err_set(err, RC_INVALID, "properties.%s: a text of 1 to %zu bytes", name, max);
}

static enum rc check_tags(const struct json *tags, struct err *err)
{
    if (!tags || tags->kind == JSON_NULL)
        return RC_OK;
    if (tags->kind != JSON_ARRAY || tags->n > MAX_TAGS)
        return err_set(err, RC_INVALID, "properties.tags: a list of at most %d", MAX_TAGS);
    for (size_t i = 0; i < tags->n; i++) {
        str name = json_str(json_at(tags, i), S("name"), S("")),
            value = json_str(json_at(tags, i), S("value"), S(""));
        if (!name.n || name.n > 100 || value.n > MAX_VALUE)
            return err_set(err, RC_INVALID,
                           "properties.tags: a tag has a name and a value of at most %d bytes", MAX_VALUE);
    }
    return RC_OK;
}

static enum rc check_query(str query, struct err *err)
{
    AUTO(arena) a = arena_new(KQL_ARENA_BYTES);
    struct kql_diags diags = kql_diag_begin(a, query);
    str              ignored;
    enum rc          rc = kql_format(query, a, &ignored, &diags, err);

    if (rc != RC_OK && diags.list.n)
        return err_set(err, RC_INVALID, "properties.query: line %u, column %u: " STR_FMT,
                       diags.list.p[0].line, diags.list.p[0].column, STR_ARG(diags.list.p[0].message));
    return rc;
}

enum rc hunt_search_put(struct hunt *h, const struct hunt_object_put *put, const struct json *properties,
                        struct arena *a, struct hunt_object *out, bool *created, struct err *err)
{
    static const char *const KEPT[] = { "category",           "displayName", "query", "functionAlias",
                                        "functionParameters", "version",     "tags" };
    AUTO_STRBUF              text = STRBUF_INIT(HUNT_OBJECT_BYTES);
    struct json_w            w = json_w_make(&text);
    struct hunt_object_put   copy = *put;

    TRY(need(properties, "category", MAX_TITLE, err));
    TRY(need(properties, "displayName", MAX_TITLE, err));
    TRY(need(properties, "query", HUNT_SEARCH_QUERY, err));
    TRY(check_tags(json_get(properties, S("tags")), err));
    TRY(check_query(json_get(properties, S("query"))->s, err));
    json_w_object(&w);
    for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++) {
        const struct json *v = json_get(properties, str_of(KEPT[i]));
        if (!v || v->kind == JSON_NULL)
            continue;
        json_w_key(&w, str_of(KEPT[i]));
        json_w_tree(&w, v);
    }
    json_w_end(&w);
    TRY(strbuf_ok(&text, "a saved search", err));
    copy.body = strbuf_view(&text);
    copy.max = HUNT_SEARCH_MAX;
    return hunt_object_put(h, &copy, a, out, created, err);
}

/* --- hunting --- */

static str tag_of(const struct json *body, str name)
{
    const struct json *tags = json_get(body, S("tags"));

    for (size_t i = 0; tags && tags->kind == JSON_ARRAY && i < tags->n; i++)
        if (str_eq_ci(json_str(json_at(tags, i), S("name"), S("")), name))
            return json_str(json_at(tags, i), S("value"), S(""));
    return STR_NONE;
}

static const str *split(struct arena *a, str text, size_t *n)
{
    VEC(str) list = { 0 };
    str part;

    while (str_split(&text, ',', &part))
        if (str_trim(part).n)
            *vec_push_in(a, &list) = str_trim(part);
    *n = list.n;
    return list.p;
}

static struct hunt_query of_object(struct arena *a, const struct hunt_object *o)
{
    struct hunt_query q = { .id = o->name,
                            .title = json_str(o->body, S("displayName"), S("")),
                            .description = tag_of(o->body, S("description")),
                            .query = json_str(o->body, S("query"), S("")),
                            .etag = o->etag,
                            .modified = o->modified };

    q.tactics = split(a, tag_of(o->body, S("tactics")), &q.n_tactics);
    q.techniques = split(a, tag_of(o->body, S("techniques")), &q.n_techniques);
    return q;
}

static struct hunt_query of_content(const struct content_explore *x)
{
    return (struct hunt_query) { .id = x->id,
                                 .title = x->title,
                                 .description = x->description,
                                 .query = x->query,
                                 .ships = true,
                                 .tactics = x->tactics,
                                 .n_tactics = x->n_tactics,
                                 .techniques = x->techniques,
                                 .n_techniques = x->n_techniques };
}

enum rc hunt_search_hunting(struct hunt *h, struct arena *a, struct hunt_query **out, size_t *n,
                            struct err *err)
{
    VEC(struct hunt_query) list = { 0 };
    struct hunt_object *objects;
    size_t              n_objects;

    for (size_t i = 0; h->explore && i < content_explore_count(h->explore); i++)
        if (content_explore_at(h->explore, i)->kind == CONTENT_HUNTING)
            *vec_push_in(a, &list) = of_content(content_explore_at(h->explore, i));
    TRY(hunt_object_list(h, HUNT_SEARCH_KIND, STR_NONE, a, &objects, &n_objects, err));
    for (size_t i = 0; i < n_objects; i++)
        if (str_eq_ci(json_str(objects[i].body, S("category"), S("")), S(HUNT_SEARCH_CATEGORY)))
            *vec_push_in(a, &list) = of_object(a, &objects[i]);
    *out = list.p;
    *n = list.n;
    return RC_OK;
}
