/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_tree.h"

#include "base/map.h"
#include "base/vec.h"
#include "posture/posture_id.h"
#include "state/state_stmt.h"

enum { MAX_DEPTH = 16, TREE_BYTES = 512 << 20 };

struct posture_tree {
    struct arena        *arena;
    struct map          *by_id; /* id → struct posture_node */
    struct posture_node *nodes;
    size_t               n;
    str                  root;
};

static str parent_of(const struct posture_tree *t, const struct posture_node *n)
{
    str given = json_str(json_get(n->document, S("properties")), S("parent"), STR_NONE);

    if (str_eq_ci(n->type, S(POSTURE_TYPE_GROUP)))
        return posture_id_subscription(n->id);
    return given.n && !str_eq_ci(given, n->id) ? given : t->root;
}

static void link_parents(struct posture_tree *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!str_eq_ci(t->nodes[i].id, t->root))
            t->nodes[i].parent = map_find(t->by_id, parent_of(t, &t->nodes[i]));
}

static enum rc read_node(struct state_stmt *st, struct arena *a, struct posture_node *out, struct err *err)
{
    const struct json *properties;

    *out = (struct posture_node) { .key = state_stmt_i64(st, 0),
                                   .id = state_stmt_str_in(st, 1, a),
                                   .name = state_stmt_str_in(st, 2, a),
                                   .type = state_stmt_str_in(st, 3, a) };
    TRY(json_parse(a, state_stmt_str(st, 4), &out->document, err));
    properties = json_get(out->document, S("properties"));
    out->display_name = json_str(properties, S("displayName"), out->name);
    return RC_OK;
}

static enum rc read_nodes(struct state_tx *tx, struct posture_tree *t, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(struct posture_node) nodes = { 0 };
    bool row;

    TRY(state_stmt_open(tx,
                        "SELECT key, id, name, type, document FROM resources WHERE gone = 0 AND type IN"
                        " ('" POSTURE_TYPE_MANAGEMENT_GROUP "', '" POSTURE_TYPE_SUBSCRIPTION
                        "', '" POSTURE_TYPE_GROUP "') ORDER BY id",
                        STATE_NO_ARGS, &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        TRY(read_node(st, t->arena, vec_push_in(t->arena, &nodes), err));
    }
    t->nodes = nodes.p;
    t->n = nodes.n;
    return RC_OK;
}

enum rc posture_tree_load(struct state_tx *tx, str root, struct posture_tree **out, struct err *err)
{
    struct arena *a = arena_new(TREE_BYTES);
    AUTO(posture_tree) t = ARENA_NEW(a, struct posture_tree);

    *t = (struct posture_tree) { .arena = a, .by_id = map_new_in(a, MAP_NOCASE), .root = arena_str(a, root) };
    TRY(read_nodes(tx, t, err));
    for (size_t i = 0; i < t->n; i++)
        map_put(t->by_id, t->nodes[i].id, &t->nodes[i]);
    link_parents(t);
    *out = TAKE(t);
    return RC_OK;
}

struct posture_tree *posture_tree_free(struct posture_tree *t)
{
    if (t)
        arena_free(t->arena);
    return NULL;
}

const struct posture_node *posture_tree_find(const struct posture_tree *t, str id)
{
    return map_find(t->by_id, posture_id_trim(id));
}

const struct posture_node *posture_tree_root(const struct posture_tree *t)
{
    return map_find(t->by_id, t->root);
}

size_t posture_tree_count(const struct posture_tree *t)
{
    return t->n;
}

const struct posture_node *posture_tree_at(const struct posture_tree *t, size_t i)
{
    return &t->nodes[i];
}

const struct posture_node *posture_tree_of(const struct posture_tree *t, str id)
{
    str                        group = posture_id_group(id);
    const struct posture_node *own = posture_tree_find(t, id),
                              *n = group.n ? posture_tree_find(t, group) : NULL;

    if (own)
        return own;
    return n ? n : posture_tree_find(t, posture_id_subscription(id));
}

bool posture_tree_covers(const struct posture_tree *t, str scope, str id)
{
    const struct posture_node *n;
    int                        depth = 0;

    scope = posture_id_trim(scope);
    if (!scope.n || posture_id_within(scope, id))
        return true;
    if (str_eq_ci(scope, t->root))
        return str_starts(id, S("/"));
    if (!str_starts_ci(scope, S("/providers/Microsoft.Management/managementGroups/")))
        return false;
    for (n = posture_tree_of(t, id); n && depth < MAX_DEPTH; n = n->parent, depth++)
        if (str_eq_ci(n->id, scope))
            return true;
    return false;
}
