/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_result: the engine's rows as cells of KQL.
 *
 * Reads one line of JSONCompactEachRow (made under KQL_SETTINGS) and writes it as a JSON array whose cells
 * are what the columns' KQL types say: timespans as text, NaN and Infinity as words, an empty dynamic as
 * null. Numbers pass through as text, so that no digit is lost. Threads: no state. */
#ifndef KQL_KQL_RESULT_H
#define KQL_KQL_RESULT_H

#include "kql/kql.h"

enum kql_result_dynamic {
    KQL_RESULT_DYNAMIC_VALUE, /* the JSON value itself */
    KQL_RESULT_DYNAMIC_TEXT,  /* the value as a JSON string, as the query API has it */
};

/* RC_CORRUPT when the line is no array of as many cells as there are columns. */
must_check enum rc kql_result_row(const struct kql_column *columns, size_t n_columns, str line,
                                  enum kql_result_dynamic dynamic, struct strbuf *out, struct err *err);

/* `[{"name":…,"type":…}]`, as results are kept beside their rows. */
void kql_result_columns(const struct kql_column *columns, size_t n_columns, struct strbuf *out);

#endif
