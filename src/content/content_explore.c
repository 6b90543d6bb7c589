/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_explore.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/guid.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/yaml.h"
#include "content/content_entity.h"
#include "content/content_read.h"

enum { SET_BYTES = 64 << 20, MAX_TITLE = 120, MAX_TEXT = 2000 };

struct content_explore_set {
    struct arena *arena;
    VEC(struct content_explore) list;
};

static const char *const KINDS[CONTENT_EXPLORE_COUNT_] = { "Expansion", "Insight", "Hunting" };

str content_explore_kind_name(enum content_explore_kind k)
{
    return k < CONTENT_EXPLORE_COUNT_ ? str_of(KINDS[k]) : S("Expansion");
}

/* --- one file --- */

static enum rc read_kind(const struct content_reader *r, const struct json *v, struct content_explore *x,
                         struct err *err)
{
    for (int i = 0; i < CONTENT_EXPLORE_COUNT_; i++) {
        if (v->kind == JSON_STRING && str_eq(v->s, str_of(KINDS[i]))) {
            x->kind = (enum content_explore_kind)i;
            return RC_OK;
        }
    }
    return content_read_refuse(r, err, "Expansion, Insight or Hunting");
}

static enum rc read_id(const struct content_reader *r, const struct json *v, struct content_explore *x,
                       struct err *err)
{
    guid id;

    TRY(content_read_text(r, v, GUID_TEXT_SIZE, &x->id, err));
    return guid_parse(x->id, &id) ? RC_OK : content_read_refuse(r, err, "an id is a GUID");
}

static enum rc read_type(const struct content_reader *r, const struct json *v, struct content_explore *x,
                         struct err *err)
{
    str                          name;
    const struct content_entity *e;

    TRY(content_read_text(r, v, MAX_TITLE, &name, err));
    e = content_entity_find(name);
    if (!e)
        return content_read_refuse(r, err, "'" STR_FMT "' is no entity type", STR_ARG(name));
    x->type = e->name;
    return RC_OK;
}

static enum rc read_mapping(const struct content_reader *r, const struct json *v, struct content_mapping *m,
                            struct err *err)
{
    const struct content_entity *e = content_entity_find(json_str(v, S("entityType"), S("")));
    const struct json           *fields = json_get(v, S("fieldMappings"));

    if (!e || !fields || fields->kind != JSON_ARRAY || fields->n > CONTENT_RULE_MAX_IDENTIFIERS)
        return content_read_refuse(r, err, "a mapping has an entityType and 1 to %d fieldMappings",
                                   CONTENT_RULE_MAX_IDENTIFIERS);
    m->type = e->name;
    for (size_t i = 0; i < fields->n; i++) {
        const struct content_entity_field *f =
            content_entity_field(e, json_str(json_at(fields, i), S("identifier"), S("")));
        str column = json_str(json_at(fields, i), S("columnName"), S(""));
        if (!f || !column.n)
            return content_read_refuse(r, err,
                                       "a field mapping has an identifier of " STR_FMT " and a columnName",
                                       STR_ARG(e->name));
        m->ids[m->n_ids++] = (struct content_identifier) { f->name, arena_str(r->arena, column) };
    }
    return RC_OK;
}

static enum rc read_mappings(const struct content_reader *r, const struct json *v, struct content_explore *x,
                             struct err *err)
{
    if (v->kind != JSON_ARRAY || v->n > CONTENT_RULE_MAX_MAPPINGS)
        return content_read_refuse(r, err, "a list of at most %d", CONTENT_RULE_MAX_MAPPINGS);
    for (; x->n_mappings < v->n; x->n_mappings++)
        TRY(read_mapping(r, json_at(v, x->n_mappings), &x->mappings[x->n_mappings], err));
    return RC_OK;
}

static enum rc read_field(struct content_reader *r, const struct json_member *m, struct content_explore *x,
                          struct err *err)
{
    const struct json *v = &m->value;

    r->field = m->key;
    if (str_eq(m->key, S("id")))
        return read_id(r, v, x, err);
    if (str_eq(m->key, S("kind")))
        return read_kind(r, v, x, err);
    if (str_eq(m->key, S("entityType")))
        return read_type(r, v, x, err);
    if (str_eq(m->key, S("title")) || str_eq(m->key, S("name")))
        return content_read_text(r, v, MAX_TITLE, &x->title, err);
    if (str_eq(m->key, S("description")))
        return content_read_text(r, v, MAX_TEXT, &x->description, err);
    if (str_eq(m->key, S("query")))
        return content_read_text(r, v, CONTENT_RULE_MAX_QUERY, &x->query, err);
    if (str_eq(m->key, S("tactics")))
        return content_read_texts(r, v, &x->tactics, &x->n_tactics, err);
    if (str_eq(m->key, S("techniques")))
        return content_read_texts(r, v, &x->techniques, &x->n_techniques, err);
    if (str_eq(m->key, S("entityMappings")))
        return read_mappings(r, v, x, err);
    return content_read_refuse(r, err, "no such field");
}

static enum rc check_whole(struct content_reader *r, const struct content_explore *x, struct err *err)
{
    r->field = STR_NONE;
    if (!x->id.n || !x->title.n || !x->query.n)
        return content_read_refuse(r, err, "id, title and query are required");
    if ((x->kind == CONTENT_HUNTING) == (x->type.n != 0))
        return content_read_refuse(r, err,
                                   "an expansion or insight has an entityType, a hunting query has none");
    /* A column SystemAlertId leads to alerts. */
    if (x->kind == CONTENT_EXPANSION && !x->n_mappings && !str_contains(x->query, S("SystemAlertId")))
        return content_read_refuse(r, err, "an expansion leads somewhere: it has entityMappings");
    return RC_OK;
}

static enum rc read_file(struct content_explore_set *s, str file, str yaml, struct err *err)
{
    struct content_reader  r = { .arena = s->arena, .file = file, .text = yaml };
    struct content_explore x = { .file = file };
    const struct json     *doc;

    if (yaml_parse(s->arena, yaml, &doc, err) != RC_OK)
        return err_wrap(err, STR_FMT, STR_ARG(file));
    if (doc->kind != JSON_OBJECT)
        return content_read_refuse(&r, err, "a mapping of fields is expected");
    for (size_t i = 0; i < doc->n; i++)
        TRY(read_field(&r, &doc->members[i], &x, err));
    TRY(check_whole(&r, &x, err));
    if (content_explore_find(s, x.id))
        return content_read_refuse(&r, err, "the id stands in " STR_FMT " as well",
                                   STR_ARG(content_explore_find(s, x.id)->file));
    if (s->list.n >= CONTENT_EXPLORE_MAX)
        return err_set(err, RC_LIMIT, "at most %d queries", CONTENT_EXPLORE_MAX);
    *vec_push(&s->list) = x;
    return RC_OK;
}

/* --- a folder --- */

struct walk {
    struct content_explore_set *set;
    const char                 *folder;
};

static enum rc take(void *ctx, const char *name, struct err *err)
{
    struct walk *w = ctx;
    str          yaml;

    if (name[0] == '.' || !str_ends(str_of(name), S(".yaml")))
        return RC_OK;
    str path = arena_printf(w->set->arena, "%s/%s", w->folder, name);
    TRY(file_read(w->set->arena, path.p, CONTENT_RULE_MAX_BYTES, &yaml, err));
    return read_file(w->set, arena_str(w->set->arena, str_of(name)), yaml, err);
}

static int by_file(const void *a, const void *b)
{
    return str_cmp(((const struct content_explore *)a)->file, ((const struct content_explore *)b)->file);
}

enum rc content_explore_load(const char *const *folders, size_t n_folders, struct content_explore_set **out,
                             struct err *err)
{
    AUTO(content_explore_set) s = MEM_NEW(struct content_explore_set);

    s->arena = arena_new(SET_BYTES);
    for (size_t i = 0; i < n_folders; i++) {
        struct walk w = { s, folders[i] };
        if (file_exists(folders[i]))
            TRY(file_list(folders[i], take, &w, err));
    }
    if (s->list.n)
        qsort(s->list.p, s->list.n, sizeof *s->list.p, by_file);
    *out = TAKE(s);
    return RC_OK;
}

struct content_explore_set *content_explore_free(struct content_explore_set *s)
{
    if (!s)
        return NULL;
    vec_done(&s->list);
    arena_free(s->arena);
    return mem_free(s);
}

size_t content_explore_count(const struct content_explore_set *s)
{
    return s->list.n;
}

const struct content_explore *content_explore_at(const struct content_explore_set *s, size_t i)
{
    return &s->list.p[i];
}

const struct content_explore *content_explore_find(const struct content_explore_set *s, str id)
{
    for (size_t i = 0; i < s->list.n; i++)
        if (str_eq_ci(s->list.p[i].id, id))
            return &s->list.p[i];
    return NULL;
}
