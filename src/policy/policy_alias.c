/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_alias.h"

#include "base/map.h"
#include "base/mem.h"

enum { MAX_BYTES = 512 << 20 };

struct policy_aliases {
    struct arena *a;
    struct map   *by_name;
};

struct policy_aliases *policy_aliases_new(void)
{
    struct policy_aliases *t = MEM_NEW(struct policy_aliases);
    t->a = arena_new(MAX_BYTES);
    t->by_name = map_new(MAP_NOCASE);
    return t;
}

struct policy_aliases *policy_aliases_free(struct policy_aliases *t)
{
    if (!t)
        return NULL;
    map_free(t->by_name);
    arena_free(t->a);
    return mem_free(t);
}

static enum rc add(struct policy_aliases *t, struct policy_alias alias, struct err *err)
{
    struct policy_alias *kept = arena_try_alloc(t->a, sizeof *kept);
    if (!kept)
        return err_set(err, RC_LIMIT, "the aliases need more than %d MB", MAX_BYTES >> 20);
    *kept = alias;
    struct policy_alias *first = map_find(t->by_name, alias.name);
    if (!first) {
        map_put(t->by_name, alias.name, kept);
        return RC_OK;
    }
    kept->next = first->next;
    first->next = kept;
    return RC_OK;
}

/* The image of a scale set stands a level deeper than that of a machine, under the same names. */
static enum rc add_scale_set_twin(struct policy_aliases *t, struct policy_alias alias, struct err *err)
{
    if (!str_starts_ci(alias.name, S("microsoft.compute/image")) ||
        str_find_byte(str_from(alias.name, 18), '/') != STR_NPOS)
        return RC_OK;
    str below = str_from(alias.path, sizeof "properties." - 1);
    alias.path = arena_printf(t->a, "properties.virtualMachineProfile." STR_FMT, STR_ARG(below));
    alias.type = S("Microsoft.Compute/virtualMachineScaleSets");
    return add(t, alias, err);
}

enum rc policy_aliases_add_tsv(struct policy_aliases *t, str text, struct err *err)
{
    str all = arena_str(t->a, text), line;
    if (!all.p)
        return err_set(err, RC_LIMIT, "the aliases need more than %d MB", MAX_BYTES >> 20);
    for (size_t number = 1; str_split(&all, '\n', &line); number++) {
        str name, path = line;
        if (str_trim(line).n == 0)
            continue;
        if (!str_split(&path, '\t', &name) || !path.p || name.n == 0 || path.n == 0)
            return err_set(err, RC_SYNTAX, "line %zu of the aliases is not 'alias<TAB>path'", number);
        struct policy_alias alias = { .name = name, .path = str_trim(path) };
        TRY(add(t, alias, err));
        TRY(add_scale_set_twin(t, alias, err));
    }
    return RC_OK;
}

/* One row for each api-version that has a path of its own. */
static enum rc load_versions(struct policy_aliases *t, const struct json *paths, struct policy_alias *alias,
                             struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; json_at(paths, i); i++) {
        const struct json *versions = json_get(json_at(paths, i), S("apiVersions"));
        n += versions && versions->kind == JSON_ARRAY ? versions->n : 0;
    }
    struct policy_alias_version *rows = ARENA_TRY_ARRAY(t->a, struct policy_alias_version, n);
    if (!rows)
        return err_set(err, RC_LIMIT, "the aliases need more than %d MB", MAX_BYTES >> 20);

    for (size_t i = 0; json_at(paths, i); i++) {
        const struct json *versions = json_get(json_at(paths, i), S("apiVersions"));
        str                path = json_str(json_at(paths, i), S("path"), STR_NONE);
        for (size_t v = 0; json_at(versions, v); v++)
            if (json_at(versions, v)->kind == JSON_STRING && path.n)
                rows[alias->n_versions++] =
                    (struct policy_alias_version) { .api_version = json_at(versions, v)->s, .path = path };
    }
    alias->versions = rows;
    return RC_OK;
}

static enum rc load_alias(struct policy_aliases *t, str type, const struct json *j, struct err *err)
{
    struct policy_alias alias = { .type = type,
                                  .name = json_str(j, S("name"), STR_NONE),
                                  .path = json_str(j, S("defaultPath"), STR_NONE) };
    const struct json  *attributes = json_path(j, S("defaultMetadata.attributes"));
    if (alias.name.n == 0)
        return err_set(err, RC_INVALID, "an alias has no name");
    TRY(load_versions(t, json_get(j, S("paths")), &alias, err));
    if (alias.path.n == 0 && alias.n_versions)
        alias.path = alias.versions[0].path;
    if (alias.path.n == 0)
        return err_set(err, RC_INVALID, "alias " STR_FMT " has no path", STR_ARG(alias.name));
    if (attributes && attributes->kind == JSON_STRING)
        alias.modifiable =
            str_eq_ci(attributes->s, S("Modifiable")) ? POLICY_ALIAS_MODIFIABLE : POLICY_ALIAS_FIXED;
    return add(t, alias, err);
}

static enum rc load_type(struct policy_aliases *t, str provider, const struct json *j, struct err *err)
{
    const struct json *aliases = json_get(j, S("aliases"));
    str                name = json_str(j, S("resourceType"), STR_NONE);
    str                type = arena_printf(t->a, STR_FMT "/" STR_FMT, STR_ARG(provider), STR_ARG(name));
    if (!type.p)
        return err_set(err, RC_LIMIT, "the aliases need more than %d MB", MAX_BYTES >> 20);
    for (size_t k = 0; json_at(aliases, k); k++)
        TRY(load_alias(t, type, json_at(aliases, k), err));
    return RC_OK;
}

enum rc policy_aliases_add_json(struct policy_aliases *t, str text, struct err *err)
{
    const struct json *providers;
    if (json_parse(t->a, text, &providers, err) != RC_OK)
        return err_wrap(err, "aliases");
    for (size_t p = 0; json_at(providers, p); p++) {
        const struct json *types = json_get(json_at(providers, p), S("resourceTypes"));
        str                provider = json_str(json_at(providers, p), S("namespace"), STR_NONE);
        for (size_t i = 0; json_at(types, i); i++)
            TRY(load_type(t, provider, json_at(types, i), err));
    }
    return RC_OK;
}

size_t policy_aliases_count(const struct policy_aliases *t)
{
    return map_count(t->by_name);
}

const struct policy_alias *policy_aliases_find(const struct policy_aliases *t, str name)
{
    return t ? map_find(t->by_name, name) : NULL;
}
