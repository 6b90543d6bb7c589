/* SPDX-License-Identifier: Apache-2.0 */
/* tables/tables_infer: the columns of a table that is made on arrival, from its first rows.
 *
 * A field that is true or false in all rows is bool, whole numbers are long, other numbers real, texts
 * datetime or guid when all of them read as one, else string; objects and arrays are dynamic, and so is what
 * is now this, now that. Names are taken as they come; one that differs from another by case alone, or is not
 * a name for a column, stays in AdditionalFields, as does everything beyond TABLES_INFER_MAX_COLUMNS.
 * Threads: no state. */
#ifndef TABLES_TABLES_INFER_H
#define TABLES_TABLES_INFER_H

#include "base/json.h"
#include "tables/tables.h"

enum { TABLES_INFER_MAX_COLUMNS = 500, TABLES_INFER_DAYS = 90 };

/* Everything in `out` lives in the arena. */
void tables_infer(struct arena *a, str name, const struct json *const *rows, size_t n,
                  struct tables_schema *out);

#endif
