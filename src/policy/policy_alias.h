/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_alias: the names under which policies know properties of resource types, and where these are.
 *
 * Microsoft.Storage/storageAccounts/networkAcls.ipRules[*].value → properties.networkAcls.ipRules[*].value,
 * for some api-versions elsewhere. Threads: read-only once loaded. */
#ifndef POLICY_POLICY_ALIAS_H
#define POLICY_POLICY_ALIAS_H

#include "base/json.h"

struct policy_alias_version {
    str api_version;
    str path;
};

/* Types may share a name and differ in the path: one row a type, the one that was loaded first in front. */
struct policy_alias {
    str                        name;
    str                        type; /* of the resources that it is for; empty: any that the name fits */
    str                        path; /* where no version of its own is named */
    const struct policy_alias *next; /* the same name for another type, or NULL */
    const struct policy_alias_version *versions;
    size_t                             n_versions;
    enum { POLICY_ALIAS_UNKNOWN, POLICY_ALIAS_FIXED, POLICY_ALIAS_MODIFIABLE } modifiable;
};

struct policy_aliases;

struct policy_aliases *policy_aliases_new(void);
struct policy_aliases *policy_aliases_free(struct policy_aliases *t);
DEFINE_AUTO(policy_aliases, policy_aliases_free)

/* Lines "alias<TAB>path". */
must_check enum rc policy_aliases_add_tsv(struct policy_aliases *t, str text, struct err *err);
/* The form of the providers API: [{namespace, resourceTypes: [{resourceType, aliases: [{name, defaultPath,
 * defaultMetadata, paths: [{path, apiVersions}]}]}]}]. */
must_check enum rc policy_aliases_add_json(struct policy_aliases *t, str text, struct err *err);

size_t                     policy_aliases_count(const struct policy_aliases *t);
const struct policy_alias *policy_aliases_find(const struct policy_aliases *t,
                                               str                          name); /* any case, or NULL */

#endif
