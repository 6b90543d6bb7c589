/* SPDX-License-Identifier: Apache-2.0 */
/* query/query_catalog: the log tables as kql sees them.
 *
 * A table that has a schema and no rows yet is made, empty, when a query names it: reading it is no error.
 * Tables are translated once and kept. Threads: safe. */
#ifndef QUERY_QUERY_CATALOG_H
#define QUERY_QUERY_CATALOG_H

#include "query/query.h"
#include "tables/tables.h"

struct query_catalog;

struct query_catalog *query_catalog_new(const struct query_opts *opts);
struct query_catalog *query_catalog_free(struct query_catalog *c);
DEFINE_AUTO(query_catalog, query_catalog_free)

const struct kql_catalog *query_catalog_kql(struct query_catalog *c);

#endif
