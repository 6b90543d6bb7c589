/* SPDX-License-Identifier: Apache-2.0 */
/* Resources in ARM's own form: one, an array, a page of a list ({"value"}), a result of Resource Graph
 * ({"data"}, as objects or as columns and rows). They are taken as they are. */
#include "inventory/inventory_priv.h"

static bool is_resource(const struct json *j)
{
    return json_str(j, S("id"), STR_NONE).n && json_str(j, S("type"), STR_NONE).n;
}

static const struct json *list_of(const struct json *document)
{
    if (document->kind == JSON_ARRAY)
        return document;
    const struct json *list = json_get(document, S("value"));
    return list ? list : json_get(document, S("data"));
}

/* {"columns": [{"name"}], "rows": [[…]]} */
static bool is_table(const struct json *list)
{
    return json_get(list, S("columns")) && json_get(list, S("rows"));
}

bool inventory_arm_fits(const struct json *document)
{
    const struct json *list = list_of(document);
    if (is_resource(document))
        return true;
    if (is_table(list))
        return true;
    return list && list->kind == JSON_ARRAY && (list->n == 0 || is_resource(json_at(list, 0)));
}

static enum rc take(struct arena *a, const struct json *resource, struct inventory *out, struct err *err)
{
    if (is_resource(resource))
        return inventory_add(a, out, resource, err);
    out->skipped++;
    return RC_OK;
}

static enum rc take_row(struct arena *a, const struct json *columns, const struct json *row,
                        struct inventory *out, struct err *err)
{
    struct json        *object = arena_try_alloc(a, sizeof *object);
    struct json_member *members = ARENA_TRY_ARRAY(a, struct json_member, columns->n);
    if (!object || !members)
        return err_set(err, RC_LIMIT, "the resources need more memory than they may use");
    uint32_t n = 0;
    for (size_t i = 0; json_at(columns, i) && json_at(row, i); i++)
        members[n++] = (struct json_member) { .key = json_str(json_at(columns, i), S("name"), STR_NONE),
                                              .value = *json_at(row, i) };
    *object = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    return take(a, object, out, err);
}

enum rc inventory_arm_read(struct arena *a, const struct json *document, const struct inventory_opts *opts,
                           struct inventory *out, struct err *err)
{
    const struct json *list = list_of(document);
    (void)opts;
    if (is_resource(document))
        return inventory_add(a, out, document, err);
    if (is_table(list)) {
        const struct json *rows = json_get(list, S("rows"));
        for (size_t i = 0; json_at(rows, i); i++)
            TRY(take_row(a, json_get(list, S("columns")), json_at(rows, i), out, err));
        return RC_OK;
    }
    for (size_t i = 0; json_at(list, i); i++)
        TRY(take(a, json_at(list, i), out, err));
    return RC_OK;
}
