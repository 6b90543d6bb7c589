/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_schema: which tables and columns there are, for decoders that must tell a column from a mere field.
 *
 * Names are found whatever the case of their letters. Built once at the start, read-only afterwards.
 * Threads: readers together. */
#ifndef INGEST_INGEST_SCHEMA_H
#define INGEST_INGEST_SCHEMA_H

#include "base/auto.h"
#include "base/str.h"

struct ingest_schema;
struct ingest_table;

struct ingest_schema *ingest_schema_new(void);
struct ingest_schema *ingest_schema_free(struct ingest_schema *s);
DEFINE_AUTO(ingest_schema, ingest_schema_free)

/* Adds the table when it is new. */
struct ingest_table *ingest_schema_add(struct ingest_schema *s, str table);
void                 ingest_schema_table_add(struct ingest_table *t, str column);

const struct ingest_table *ingest_schema_find(const struct ingest_schema *s,
                                              str                         table); /* NULL when unknown */
str                        ingest_schema_table_name(const struct ingest_table *t);
/* The column as the table spells it, or STR_NONE. */
str ingest_schema_column(const struct ingest_table *t, str field);

#endif
