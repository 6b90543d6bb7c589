/* SPDX-License-Identifier: Apache-2.0 */
/* content/content_explore: queries that people ask about a thing, or hunt with, as YAML files.
 *
 * An expansion leads from one thing to others (its entityMappings say to what), an insight shows a table
 * about it, a hunting query stands for itself. The query of the first two finds the thing in variables that
 * are put in front of it: v_Names (all its names, dynamic) and v_<identifier> (text, empty when it is not
 * known) for each identifier of its type. A file that cannot be used stops loading: they are ours.
 *
 * Ownership: a set owns all its texts. Threads: read-only. */
#ifndef CONTENT_CONTENT_EXPLORE_H
#define CONTENT_CONTENT_EXPLORE_H

#include "content/content_rule.h"

enum { CONTENT_EXPLORE_MAX = 500 };

enum content_explore_kind { CONTENT_EXPANSION, CONTENT_INSIGHT, CONTENT_HUNTING, CONTENT_EXPLORE_COUNT_ };

struct content_explore {
    str                       id; /* guid */
    enum content_explore_kind kind;
    str                       type; /* of the entity: "Host"; empty for hunting */
    str                       title, description, query, file;
    const str                *tactics, *techniques;
    size_t                    n_tactics, n_techniques;
    struct content_mapping    mappings[CONTENT_RULE_MAX_MAPPINGS];
    size_t                    n_mappings;
};

struct content_explore_set;

/* Reads every .yaml of the folders; a folder that is not there is empty. */
must_check enum rc          content_explore_load(const char *const *folders, size_t n_folders,
                                                 struct content_explore_set **out, struct err *err);
struct content_explore_set *content_explore_free(struct content_explore_set *s);
DEFINE_AUTO_TYPE(content_explore_set, struct content_explore_set *, content_explore_free)

size_t                        content_explore_count(const struct content_explore_set *s);
const struct content_explore *content_explore_at(const struct content_explore_set *s, size_t i); /* by file */
const struct content_explore *content_explore_find(const struct content_explore_set *s, str id); /* NULL */

str content_explore_kind_name(enum content_explore_kind k); /* "Expansion" */

#endif
