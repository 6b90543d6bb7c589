/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_patch.h"

#include "policy/policy_path.h"

/* Puts `value` at the steps of the path from `at` on, below `node`; NULL takes the place away. */
static const struct json *with(struct arena *a, const struct json *node, const struct policy_path *p,
                               size_t at, const struct json *value);

static const struct json *made(struct arena *a, struct json j)
{
    struct json *out = ARENA_NEW(a, struct json);
    *out = j;
    return out;
}

static const struct json *with_member(struct arena *a, const struct json *node, const struct policy_path *p,
                                      size_t at, const struct json *value)
{
    uint32_t            n = node && node->kind == JSON_OBJECT ? node->n : 0, k = 0;
    struct json_member *m = ARENA_ARRAY(a, struct json_member, n + 1);
    str                 key = p->steps[at].key;
    const struct json  *old = NULL;

    for (uint32_t i = 0; i < n; i++) {
        if (str_eq_ci(node->members[i].key, key)) {
            old = &node->members[i].value;
            key = node->members[i].key;
        } else {
            m[k++] = node->members[i];
        }
    }
    const struct json *now = with(a, old, p, at + 1, value);
    if (now)
        m[k++] = (struct json_member) { key, *now };
    return made(a, (struct json) { .kind = JSON_OBJECT, .n = k, .members = m });
}

static const struct json *with_items(struct arena *a, const struct json *node, const struct policy_path *p,
                                     size_t at, const struct json *value)
{
    const struct policy_step *step = &p->steps[at];
    uint32_t                  n = node && node->kind == JSON_ARRAY ? node->n : 0, k = 0;
    struct json              *items = ARENA_ARRAY(a, struct json, n + 1);

    for (uint32_t i = 0; i < n; i++) {
        bool               wanted = step->kind == POLICY_STEP_EACH || step->index == i;
        const struct json *now = wanted ? with(a, &node->items[i], p, at + 1, value) : &node->items[i];
        if (now)
            items[k++] = *now;
    }
    return made(a, (struct json) { .kind = JSON_ARRAY, .n = k, .items = items });
}

static const struct json *with(struct arena *a, const struct json *node, const struct policy_path *p,
                               size_t at, const struct json *value)
{
    if (at == p->n)
        return value;
    return p->steps[at].kind == POLICY_STEP_KEY ? with_member(a, node, p, at, value)
                                                : with_items(a, node, p, at, value);
}

enum rc posture_patch_set(struct arena *a, const struct json *document, const struct json *set,
                          const struct json **out, struct err *err)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(set, i)); i++) {
        const struct json *value = json_get(one, S("value"));
        struct policy_path path;
        TRY(policy_path_parse(a, json_str(one, S("path"), STR_NONE), &path, err));
        if (!path.n)
            return err_set(err, RC_INVALID, "change %zu of the fix names no path", i + 1);
        document = with(a, document, &path, 0, value && value->kind != JSON_NULL ? value : NULL);
    }
    *out = document;
    return RC_OK;
}

/* Where a field of a policy stands in the document. */
static str path_of(const struct policy_aliases *aliases, const struct json *document, str field,
                   struct arena *a)
{
    const struct policy_alias *alias = policy_aliases_find(aliases, field);
    str                        type = json_str(document, S("type"), STR_NONE);

    for (const struct policy_alias *one = alias; one; one = one->next)
        if (!one->type.n || str_eq_ci(one->type, type))
            return one->path;
    size_t slash = str_rfind_byte(field, '/');
    if (slash != STR_NPOS)
        return arena_printf(a, "properties." STR_FMT, STR_ARG(str_from(field, slash + 1)));
    return field;
}

static enum rc apply_operation(struct arena *a, const struct json *op, const struct policy_aliases *aliases,
                               const struct json **document, struct err *err)
{
    const struct json *value = json_get_ci(op, S("value"));
    str                what = json_str(op, S("operation"), STR_NONE);
    str                field = json_str(op, S("field"), STR_NONE);
    struct policy_path path;

    TRY(policy_path_parse(a, path_of(aliases, *document, field, a), &path, err));
    if (!path.n)
        return err_set(err, RC_INVALID, "an operation of modify names no field");
    if (str_eq_ci(what, S("remove")))
        *document = with(a, *document, &path, 0, NULL);
    else if (str_eq_ci(what, S("addOrReplace")) ||
             (str_eq_ci(what, S("add")) && !policy_path_get(&path, 0, *document)))
        *document = with(a, *document, &path, 0, value);
    else if (!str_eq_ci(what, S("add")))
        return err_set(err, RC_UNSUPPORTED, "modify knows add, addOrReplace and remove, not '" STR_FMT "'",
                       STR_ARG(str_slice(what, 0, 60)));
    return RC_OK;
}

enum rc posture_patch_modify(struct arena *a, const struct json *document, const struct json *operations,
                             const struct policy_aliases *aliases, const struct json **out, struct err *err)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(operations, i)); i++)
        TRY(apply_operation(a, one, aliases, &document, err));
    *out = document;
    return RC_OK;
}
