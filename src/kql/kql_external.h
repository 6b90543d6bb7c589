/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_external: the text of a file that externaldata names, as rows of constants. Formats: csv, tsv, psv,
 * scsv, sohsv, txt, raw, json, multijson, singlejson. Ownership: the arena. Threads: no state. */
#ifndef KQL_KQL_EXTERNAL_H
#define KQL_KQL_EXTERNAL_H

#include "base/vec.h"
#include "kql/kql_value.h"

enum { KQL_EXTERNAL_CELLS = 200000 };

typedef VEC(struct kql_value) kql_external_cells;

struct kql_external_shape {
    str                  format; /* "csv"; empty: by the end of the path, else csv */
    bool                 skip_first;
    const str           *names;
    const enum kql_type *types;
    size_t               n_columns;
};

/* https://host/a/b.csv?token as host/a/b.csv, decoded. RC_INVALID for what is no such address, or would leave
 * its folder. */
must_check enum rc kql_external_path(struct arena *a, str uri, str *path, struct err *err);
/* Adds the rows to `out`, cell by cell. A cell that is no value of its column's type is null. */
must_check enum rc kql_external_rows(struct arena *a, const struct kql_external_shape *shape, str path,
                                     str text, kql_external_cells *out, struct err *err);

#endif
