/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_tree: the tree of scopes: tenant, management groups, subscriptions, resource groups. An
 * immutable value, read from state. Threads: read-only once loaded. */
#ifndef POSTURE_POSTURE_TREE_H
#define POSTURE_POSTURE_TREE_H

#include "base/arena.h"
#include "base/json.h"
#include "state/state_tx.h"

struct posture_tree;

struct posture_node {
    str                        id, name, display_name;
    str                        type;     /* one of POSTURE_TYPE_… */
    const struct posture_node *parent;   /* NULL: the root management group, or lost */
    const struct json         *document; /* of the container as a resource */
    int64_t                    key;      /* in resources */
};

/* `root` is the id of the root management group: what names no parent stands below it. */
must_check enum rc   posture_tree_load(struct state_tx *tx, str root, struct posture_tree **out,
                                       struct err *err);
struct posture_tree *posture_tree_free(struct posture_tree *t);
DEFINE_AUTO(posture_tree, posture_tree_free)
const struct posture_node *posture_tree_find(const struct posture_tree *t, str id); /* NULL when none */
const struct posture_node *posture_tree_root(const struct posture_tree *t);
size_t                     posture_tree_count(const struct posture_tree *t);
const struct posture_node *posture_tree_at(const struct posture_tree *t, size_t i); /* in order of id */
/* The group or subscription that holds a resource, or the container itself; NULL when it is not known. */
const struct posture_node *posture_tree_of(const struct posture_tree *t, str id);
/* Is `id` at or below `scope`, management groups considered? */
bool posture_tree_covers(const struct posture_tree *t, str scope, str id);

#endif
