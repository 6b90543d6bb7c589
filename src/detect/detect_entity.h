/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_entity: the things that an alert's rows name, in SecurityAlert's form.
 *
 * Names are taken apart (CONTOSO\alice, alice@contoso.example, an ARN, host.domain.example, a path, a
 * registry key), a column that holds a list names each of its elements, empty and "-" are nothing, and
 * built-in names (SYSTEM, root, …) are dropped when there is nothing but the name. At most ALERT_MAX_ENTITIES
 * and ALERT_MAX_ENTITY_BYTES.
 *
 * Ownership: the arena's. Threads: one run each. */
#ifndef DETECT_DETECT_ENTITY_H
#define DETECT_DETECT_ENTITY_H

#include "content/content_entity.h"
#include "detect/detect_row.h"

enum { DETECT_ENTITY_FIELDS = 16 };

struct detect_entity {
    const struct content_entity *type;
    struct detect_entity_value {
        str name, value;
    } values[DETECT_ENTITY_FIELDS];
    size_t n_values;
};

struct detect_entities {
    struct arena         *arena;
    struct detect_entity *p;
    size_t                n, cap;
    size_t                bytes;
};

/* Adds what the rule's mappings find in a row, each thing once. */
void detect_entity_add_row(struct detect_entities *list, const struct detect_rows *rows,
                           const struct detect_row *row);
/* Adds one thing given by identifiers; false when nothing telling is left of it or the list is full. */
bool detect_entity_add(struct detect_entities *list, const struct detect_entity *raw);

str detect_entity_value(const struct detect_entity *e, str name); /* empty when it has none */
/* [{"$id":"1","HostName":"web-03","Type":"host"},…] */
str detect_entity_json(const struct detect_entities *list);
/* How people call it: "CONTOSO\alice", "web-03", "185.220.101.7". */
str detect_entity_label(struct arena *a, const struct detect_entity *e);
/* The host, else the account, that suffered; empty when there is neither. */
str detect_entity_compromised(const struct detect_entities *list);

/* Reads SecurityAlert's form back. What has an unknown Type is left out. */
must_check enum rc detect_entity_parse(struct detect_entities *list, str json, struct err *err);

#endif
