/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_xml: the little XML that Windows events are made of.
 *
 * Reads elements, attributes and text of one well-formed document without DTD, namespaces resolved or
 * processing instructions obeyed; entities are the five of XML and numeric ones. Writes EventData.
 * Depth is bounded; memory is the arena's. Threads: any. */
#ifndef INGEST_INGEST_XML_H
#define INGEST_INGEST_XML_H

#include "base/arena.h"
#include "base/json.h"

enum { INGEST_XML_MAX_DEPTH = 16, INGEST_XML_MAX_ATTRIBUTES = 16 };

struct ingest_xml_element {
    str name; /* without a prefix */
    str text; /* of the element itself, decoded; children's text is theirs */
    struct {
        str name, value;
    } attributes[INGEST_XML_MAX_ATTRIBUTES];
    int n_attributes;
    int depth; /* 0 is the root */
};

str ingest_xml_attribute(const struct ingest_xml_element *e, str name); /* STR_NONE when absent */

/* Calls `each` at the end of every element, with the names of those around it in `path` (root first). */
must_check enum rc ingest_xml_read(struct arena *a, str text,
                                   enum rc (*each)(void *ctx, const struct ingest_xml_element *e,
                                                   const str *path, struct err *err),
                                   void *ctx, struct err *err);

/* <EventData xmlns="…"><Data Name="key">value</Data>…</EventData> of the members, in order; STR_NONE over the
 * arena's maximum. */
str ingest_xml_event_data(struct arena *a, const struct json_member *fields, size_t n);

/* <Param>value</Param>… of the members, in order. */
str ingest_xml_params(struct arena *a, const struct json_member *fields, size_t n);

#endif
