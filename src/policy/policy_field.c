/* SPDX-License-Identifier: Apache-2.0 */
/* Fields: from their names to places in a document. Declared in policy_rule.h and policy_eval_priv.h. */
#include "policy/policy_eval_priv.h"
#include "policy/policy_value.h"

static enum rc compile_variant(struct arena *a, const struct policy_alias *alias, struct policy_variant *out,
                               struct err *err)
{
    struct policy_path *versions = ARENA_TRY_ARRAY(a, struct policy_path, alias->n_versions);
    if (!versions)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    *out = (struct policy_variant) { .alias = alias, .versions = versions };
    for (size_t i = 0; i < alias->n_versions; i++)
        TRY(policy_path_parse(a, alias->versions[i].path, &versions[i], err));
    return policy_path_parse(a, alias->path, &out->path, err);
}

static enum rc compile_variants(struct arena *a, const struct policy_alias *first, struct policy_field *out,
                                struct err *err)
{
    size_t n = 0;
    for (const struct policy_alias *alias = first; alias; alias = alias->next)
        n++;
    struct policy_variant *variants = ARENA_TRY_ARRAY(a, struct policy_variant, n);
    if (!variants)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    for (const struct policy_alias *alias = first; alias; alias = alias->next)
        TRY(compile_variant(a, alias, &variants[out->n_variants++], err));
    out->variants = variants;
    return RC_OK;
}

/* A name that no table knows for the type at hand: what follows its last slash. */
static enum rc compile_guess(struct arena *a, str text, struct policy_field *out, struct err *err)
{
    size_t slash = str_rfind_byte(str_slice(text, 0, str_find_byte(text, '[')), '/');
    str    rest = str_from(text, slash + 1);
    str    below = arena_printf(a, "properties." STR_FMT, STR_ARG(rest));
    if (rest.n == 0)
        return err_set(err, RC_SYNTAX, "the field '" STR_FMT "' ends in a slash", STR_ARG(text));
    if (!below.p)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    TRY(policy_path_parse(a, below, &out->guess, err));
    return policy_path_parse(a, rest, &out->guess_at_top, err);
}

/* fullName is the name with the names of its parents, which documents carry in `name` already. */
static str built_in(str text)
{
    return str_eq_ci(text, S("fullName")) ? S("name") : text;
}

enum rc policy_field_compile(struct arena *a, const struct policy_aliases *aliases, str text,
                             struct policy_field *out, struct err *err)
{
    const struct policy_alias *alias = policy_aliases_find(aliases, text);
    size_t                     slash = str_find_byte(text, '/');
    *out = (struct policy_field) { .text = text };
    if (text.n == 0)
        return err_set(err, RC_SYNTAX, "a field has an empty name");
    if (alias)
        TRY(compile_variants(a, alias, out, err));
    TRY(policy_path_parse(a, built_in(text), &out->path, err));
    if (slash != STR_NPOS && slash < str_find_byte(text, '['))
        return compile_guess(a, text, out, err);
    return RC_OK;
}

static const struct policy_path *versioned(const struct policy_variant *v, str api_version)
{
    for (size_t i = 0; api_version.n && i < v->alias->n_versions; i++)
        if (str_eq_ci(v->alias->versions[i].api_version, api_version))
            return &v->versions[i];
    return &v->path;
}

/* A document that does not say its type is taken for one of the type that the alias was made for. */
static const struct policy_variant *variant_of(const struct policy_field *f, const struct json *type)
{
    if (f->n_variants == 0)
        return NULL;
    if (f->variants[0].alias->type.n == 0 && f->n_variants == 1)
        return &f->variants[0];
    for (size_t i = 0; type && type->kind == JSON_STRING && i < f->n_variants; i++)
        if (str_eq_ci(f->variants[i].alias->type, type->s))
            return &f->variants[i];
    return !type || f->variants[0].alias->type.n == 0 ? &f->variants[0] : NULL;
}

/* The guess that the document bears out, or NULL. */
static const struct policy_path *borne_out(const struct policy_field *f, const struct json *resource)
{
    str first = f->guess_at_top.steps[0].key;
    if (json_get_ci(json_get_ci(resource, S("properties")), first))
        return &f->guess;
    return json_get_ci(resource, first) ? &f->guess_at_top : NULL;
}

const struct policy_path *policy_field_path(const struct policy_scope *s, const struct policy_field *f)
{
    const struct policy_variant *v = variant_of(f, json_get_ci(s->resource, S("type")));
    if (v)
        return versioned(v, s->in->api_version);
    if (f->guess.n == 0 || json_get_ci(s->resource, f->path.steps[0].key))
        return &f->path;
    const struct policy_path *guess = borne_out(f, s->resource);
    if (guess)
        return guess;
    return f->n_variants ? versioned(&f->variants[0], s->in->api_version) : &f->guess;
}

/* The innermost count whose array the field lies in. */
static const struct policy_binding *binding_for(const struct policy_scope *s, const struct policy_path *path)
{
    for (const struct policy_binding *b = s->bindings; b; b = b->outer)
        if (b->path && policy_path_starts(path, b->path))
            return b;
    return NULL;
}

/* Where a walk begins: in the element of a count, at the top of the document, or, for a plain name that
 * stands only there, in its properties. */
static const struct json *start_of(const struct policy_scope *s, const struct policy_field *f,
                                   const struct policy_path *path, const struct json *resource, size_t *from)
{
    const struct policy_binding *b = binding_for(s, path);
    *from = b ? b->path->n : 0;
    if (b)
        return b->element;
    str first = path->steps[0].key;
    if (path != &f->path || json_get_ci(resource, first))
        return resource;
    const struct json *properties = json_get_ci(resource, S("properties"));
    return json_get_ci(properties, first) ? properties : resource;
}

/* apiVersion is of the request, not of the document. */
static bool asks_api_version(const struct policy_scope *s, const struct policy_field *f)
{
    return s->in->api_version.n && str_eq_ci(f->text, S("apiVersion"));
}

bool policy_field_each(struct policy_scope *s, const struct policy_field        *field,
                       bool (*visit)(void *ctx, const struct json *found), void *ctx)
{
    const struct policy_path *path = policy_field_path(s, field);
    size_t                    from;
    if (asks_api_version(s, field))
        return visit(ctx, policy_value_str(s->a, s->in->api_version));
    const struct json *start = start_of(s, field, path, s->resource, &from);
    return policy_path_walk(path, from, start, visit, ctx);
}

const struct policy_field *policy_field_named(struct policy_scope *s, const struct policy_field *field,
                                              struct policy_field *room)
{
    if (!field->expr)
        return field;
    const struct json *name = policy_expr_eval(s, field->expr);
    bool               known = name && name->kind == JSON_STRING &&
                 policy_field_compile(s->a, s->def->aliases, name->s, room, NULL) == RC_OK;
    return known ? room : NULL;
}

struct collected {
    struct arena *a;
    struct json  *items;
    size_t        n, cap;
};

static bool collect(void *ctx, const struct json *found)
{
    struct collected *c = ctx;
    if (!found)
        return true;
    if (c->n == c->cap) {
        size_t       cap = c->cap ? c->cap * 2 : 8;
        struct json *wider = ARENA_TRY_ARRAY(c->a, struct json, cap);
        if (!wider)
            return false;
        if (c->n)
            memcpy(wider, c->items, c->n * sizeof *wider);
        c->items = wider;
        c->cap = cap;
    }
    c->items[c->n++] = *found;
    return true;
}

/* field() is about the resource under judgement, also where conditions look at a related one. */
const struct json *policy_field_value(struct policy_scope *s, str text)
{
    struct policy_field f;
    size_t              from;
    if (policy_field_compile(s->a, s->def->aliases, text, &f, NULL) != RC_OK)
        return NULL;
    if (asks_api_version(s, &f))
        return policy_value_str(s->a, s->in->api_version);
    const struct policy_path *path = policy_field_path(s, &f);
    const struct json        *start = start_of(s, &f, path, s->in->resource, &from);
    if (!policy_path_has_each(path))
        return policy_path_get(path, from, start);

    struct collected c = { .a = s->a };
    if (!policy_path_walk(path, from, start, collect, &c))
        return NULL;
    return policy_value_array(s->a, c.items, c.n);
}
