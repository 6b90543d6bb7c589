/* SPDX-License-Identifier: Apache-2.0 */
/* content/content_store: the rules in force, as one immutable set that is swapped whole.
 *
 * Rules come from folders of YAML files (subfolders are walked), the first ones ours, the last one the users'
 * own: a later file with the id of an earlier one takes its place. A file that cannot be used never stops the
 * others; it stands in the set as a problem with its reason.
 *
 * Threads: safe from any. A set is read-only and lives until its last reader lets go of the snapshot. */
#ifndef CONTENT_CONTENT_STORE_H
#define CONTENT_CONTENT_STORE_H

#include "base/snapshot.h"
#include "content/content_rule.h"
#include "kql/kql.h"

enum { CONTENT_STORE_MAX_RULES = 5000 };

struct content_problem {
    str file; /* relative to its folder */
    str rule; /* the id, where it could be read */
    str reason;
};

struct content_set {
    struct arena                 *arena;
    const struct content_rule    *rules; /* sorted by id */
    size_t                        n_rules;
    const struct content_rule    *templates; /* those of the folders, whatever took their place; by id */
    size_t                        n_templates;
    const struct content_problem *problems;
    size_t                        n_problems;
    str                           hash; /* of all files together, hex: same files, same hash */
};

struct content_store;

struct content_store *content_store_new(void);
struct content_store *content_store_free(struct content_store *s);
DEFINE_AUTO(content_store, content_store_free)

/* Reads the folders (a missing one is empty) and publishes the set. `catalog` may be NULL: then queries are
 * not compiled. RC_LIMIT above CONTENT_STORE_MAX_RULES; the set in force stays then. */
must_check enum rc content_store_load(struct content_store *s, const char *const *folders, size_t n_folders,
                                      const struct kql_catalog *catalog, struct err *err);

/* Loads the same folders again when a file in them was added, changed or taken away since. */
must_check enum rc content_store_refresh(struct content_store *s, bool *changed, struct err *err);

/* Rules that are kept elsewhere than in files: each takes the place of one from the folders with its id, or
 * takes it away. Replaces what was given before, and publishes the set at once. The texts are copied. */
struct content_store_own {
    str id;
    str text; /* as in a file; empty: there is no such rule */
};
must_check enum rc content_store_overlay(struct content_store *s, const struct content_store_own *list,
                                         size_t n, struct err *err);

/* The set in force, held until snapshot_unref; NULL before the first load. */
struct snapshot           *content_store_get(struct content_store *s);
const struct content_set  *content_store_set(const struct snapshot *held);
const struct content_rule *content_store_find(const struct content_set *set, str rule_id);

/* Writes the set as a folder named by its hash below `dir` (rules.json), for the intake. Whole or not at all;
 * writing the same set again changes nothing. */
must_check enum rc content_store_publish(const struct content_set *set, const char *dir, struct err *err);

#endif
