/* SPDX-License-Identifier: Apache-2.0 */
/* Fields: from their names to places in a document. Declared in policy_rule.h and policy_eval_priv.h. */
#include "policy/policy_eval_priv.h"
#include "policy/policy_value.h"

static enum rc compile_versions(struct arena *a, struct policy_field *out, struct err *err)
{
    const struct policy_alias *alias = out->alias;
    struct policy_path        *paths = ARENA_TRY_ARRAY(a, struct policy_path, alias->n_versions);
    if (!paths)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    for (size_t i = 0; i < alias->n_versions; i++)
        TRY(policy_path_parse(a, alias->versions[i].path, &paths[i], err));
    out->versions = paths;
    return RC_OK;
}

/* An alias that no table knows: what follows the resource type, below "properties" or at the top. */
static enum rc compile_guess(struct arena *a, str text, struct policy_field *out, struct err *err)
{
    size_t bracket = str_find_byte(text, '['), slash = str_rfind_byte(str_slice(text, 0, bracket), '/');
    str    rest = str_from(text, slash + 1);
    str    below = arena_printf(a, "properties." STR_FMT, STR_ARG(rest));
    if (rest.n == 0)
        return err_set(err, RC_SYNTAX, "the field '" STR_FMT "' ends in a slash", STR_ARG(text));
    if (!below.p)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    TRY(policy_path_parse(a, below, &out->plain, err));
    return policy_path_parse(a, rest, &out->plain_root, err);
}

/* fullName is the name with the names of its parents, which documents carry in `name` already. */
static str built_in(str text)
{
    return str_eq_ci(text, S("fullName")) ? S("name") : text;
}

enum rc policy_field_compile(struct arena *a, const struct policy_aliases *aliases, str text,
                             struct policy_field *out, struct err *err)
{
    *out = (struct policy_field) { .text = text, .alias = policy_aliases_find(aliases, text) };
    if (text.n == 0)
        return err_set(err, RC_SYNTAX, "a field has an empty name");
    if (out->alias) {
        TRY(policy_path_parse(a, out->alias->path, &out->path, err));
        return compile_versions(a, out, err);
    }
    TRY(policy_path_parse(a, built_in(text), &out->path, err));
    size_t slash = str_find_byte(text, '/'), bracket = str_find_byte(text, '[');
    if (slash != STR_NPOS && slash < bracket)
        return compile_guess(a, text, out, err);
    return RC_OK;
}

static const struct policy_path *path_for(const struct policy_scope *s, const struct policy_field *f,
                                          const struct json *resource)
{
    str version = s->in->api_version;
    for (size_t i = 0; f->alias && version.n && i < f->alias->n_versions; i++)
        if (str_eq_ci(f->alias->versions[i].api_version, version))
            return &f->versions[i];
    if (f->alias || f->plain.n == 0 || json_get_ci(resource, f->path.steps[0].key))
        return &f->path;
    const struct json *properties = json_get_ci(resource, S("properties"));
    bool               at_top = !json_get_ci(properties, f->plain_root.steps[0].key) &&
                  json_get_ci(resource, f->plain_root.steps[0].key);
    return at_top ? &f->plain_root : &f->plain;
}

/* The innermost count whose array the field lies in. */
static const struct policy_binding *binding_for(const struct policy_scope *s, const struct policy_path *path)
{
    for (const struct policy_binding *b = s->bindings; b; b = b->outer)
        if (b->path && policy_path_starts(path, b->path))
            return b;
    return NULL;
}

bool policy_field_each(struct policy_scope *s, const struct policy_field        *field,
                       bool (*visit)(void *ctx, const struct json *found), void *ctx)
{
    const struct policy_path    *path = path_for(s, field, s->resource);
    const struct policy_binding *b = binding_for(s, path);
    if (b)
        return policy_path_walk(path, b->path->n, b->element, visit, ctx);
    return policy_path_walk(path, 0, s->resource, visit, ctx);
}

const struct policy_path *policy_field_path(const struct policy_scope *s, const struct policy_field *field)
{
    return path_for(s, field, s->resource);
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

const struct json *policy_field_value(struct policy_scope *s, str text)
{
    struct policy_field f;
    if (policy_field_compile(s->a, s->def->aliases, text, &f, NULL) != RC_OK)
        return NULL;
    const struct policy_path    *path = path_for(s, &f, s->resource);
    const struct policy_binding *b = binding_for(s, path);
    if (!policy_path_has_each(path))
        return policy_path_get(path, b ? b->path->n : 0, b ? b->element : s->resource);

    struct collected c = { .a = s->a };
    if (!policy_field_each(s, &f, collect, &c))
        return NULL;
    return policy_value_array(s->a, c.items, c.n);
}
