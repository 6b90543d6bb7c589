/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_role: the built-in roles, with Azure's names and ids, as a table of actions. Threads:
 * constant. */
#ifndef ACCESS_ACCESS_ROLE_H
#define ACCESS_ACCESS_ROLE_H

#include "base/str.h"

enum { ACCESS_ROLE_MAX_ACTIONS = 20 };

struct access_role {
    str name, id, doc, example;
    str actions[ACCESS_ROLE_MAX_ACTIONS]; /* '*' stands for any text; ended by an empty one */
    str not_actions[4];
};

/* Sorted by name; ended by an empty name. */
extern const struct access_role ACCESS_ROLES[];

const struct access_role *access_role_find(str name_or_id); /* case ignored; a full ARM id is fine */
bool                      access_role_allows(const struct access_role *role, str action);
/* Does what is held at `held` reach `scope`? "/" reaches all; otherwise by whole segments, case ignored. */
bool access_role_scope_covers(str held, str scope);

#endif
