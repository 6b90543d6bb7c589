/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_refused.h"

#define CURSORS "tables have no cursors: what came since a time is asked by ingestion_time()"
#define EXTENTS "tables have no extents"
#define CLUSTER "there is no cluster: a query sees one workspace"
#define INTERNAL "it is internal to Kusto"

static const struct {
    const char *name, *why;
} REFUSED[] = {
    { "__cast", INTERNAL },
    { "__geo_length_to_s2cell_level", INTERNAL },
    { "__geo_line_s2cell_covering_level", INTERNAL },
    { "__geo_line_validate", INTERNAL },
    { "__geo_polygon_s2cell_covering_level", INTERNAL },
    { "__geo_polygon_validate", INTERNAL },
    { "__hash_crc32", INTERNAL },
    { "__hash_djb2", INTERNAL },
    { "__hash_many_crc32", INTERNAL },
    { "__hash_xxh64", INTERNAL },
    { "__hll_normalize", INTERNAL },
    { "__invoke", INTERNAL },
    { "__ipv6_lookup_ranges", INTERNAL },
    { "__lz4_compress_dynamic_array_to_base64_string", INTERNAL },
    { "current_cluster_endpoint", CLUSTER },
    { "current_cursor", CURSORS },
    { "current_node_id", CLUSTER },
    { "current_principal_details", "a query does not know who runs it" },
    { "current_principal_is_member_of", "a query does not know who runs it" },
    { "cursor_after", CURSORS },
    { "cursor_before_or_at", CURSORS },
    { "cursor_current", CURSORS },
    { "entity_group", "a group stands behind let, in brackets, and serves macro-expand" },
    { "extent_id", EXTENTS },
    { "extent_tags", EXTENTS },
    { "extentid", EXTENTS },
    { "external_table", "tables of others are read by externaldata" },
    { "iscolumnexists", "column_ifexists() takes another value where a column is missing" },
    { "materialized_view", "there are no materialized views" },
    { "passthrough", INTERNAL },
    { "row_id", INTERNAL },
    { "rowstore_ordinal_range", INTERNAL },
    { "stored_query_result", "results are not stored" },
};

const char *kql_refused_why(str name)
{
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
        if (str_eq(name, str_of(REFUSED[i].name)))
            return REFUSED[i].why;
    return NULL;
}
