/* SPDX-License-Identifier: Apache-2.0 */
/* content/content_entity: the kinds of things that alerts name, as Sentinel has them.
 *
 * Rules, alerts, incidents and the API all read this one table. Threads: constant data. */
#ifndef CONTENT_CONTENT_ENTITY_H
#define CONTENT_CONTENT_ENTITY_H

#include "base/str.h"

struct content_entity_field {
    str name; /* identifier in entityMappings and property in SecurityAlert.Entities */
    str arm;  /* property in ARM's entities; empty: it has none */
};

struct content_entity {
    str                                name;   /* in entityMappings: "Account" */
    str                                type;   /* in SecurityAlert.Entities: "account" */
    str                                kind;   /* in ARM: "Account" */
    bool                               joins;  /* two alerts that share one may belong to one incident */
    const struct content_entity_field *fields; /* ended by an empty name; the telling ones first */
    str                                doc, example;
};

extern const struct content_entity CONTENT_ENTITY_TYPES[]; /* ended by an empty name */

const struct content_entity       *content_entity_find(str name);    /* any case; NULL */
const struct content_entity       *content_entity_of_type(str type); /* by SecurityAlert's Type; NULL */
const struct content_entity_field *content_entity_field(const struct content_entity *e, str name); /* NULL */

#endif
