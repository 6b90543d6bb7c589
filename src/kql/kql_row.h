/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_row: queries evaluated on one row at a time in C, for rules over streams and for transforms.
 *
 * The bound tree of kql_compile becomes a program: where, extend, project and their kin, parse and
 * parse-where over one table. What rows one by one cannot do (summarize, join, sort) and what is not built
 * here is refused by name. A column is computed when somebody first wants it, and once a row.
 *
 * Bounded: memory of a row by the arena given, texts by SCALAR_MAX_TEXT, regexes by their match limit.
 * Ownership: the arena of the compile. Threads: a program is only read; a run needs an arena of its own. */
#ifndef KQL_KQL_ROW_H
#define KQL_KQL_ROW_H

#include "kql/kql.h"
#include "kql/kql_value.h"
#include "scalar/scalar.h"

struct kql_row;

must_check enum rc kql_row_compile(const struct kql_catalog *catalog, str query, const struct kql_opts *opts,
                                   struct arena *arena, struct kql_row **out, struct kql_diags *diags,
                                   struct err *err);

struct kql_row_columns {
    const struct kql_column *p;
    size_t                   n;
};

/* The columns of the table that the program reads, and those that it gives. */
struct kql_row_columns kql_row_inputs(const struct kql_row *row);
struct kql_row_columns kql_row_outputs(const struct kql_row *row);
str                    kql_row_table(const struct kql_row *row); /* empty: print, one row from nothing */

/* False: a `where` keeps the row back. `in` has a value for each input and `out` gets one for each output;
 * guids are their text. Texts are views into `in`, constants of the program or the arena. RC_LIMIT: the arena
 * is full. */
must_check enum rc kql_row_run(const struct kql_row *row, const struct scalar_value *in,
                               struct scalar_value *out, struct arena *scratch, bool *kept, struct err *err);

/* A constant as a value of a row. */
struct scalar_value kql_row_value(const struct kql_value *v);
/* What a run gave as a JSON array, in the way of kql_result_row. */
void kql_row_json(const struct kql_row *row, const struct scalar_value *values, struct strbuf *out);

#endif
