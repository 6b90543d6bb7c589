/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_row: one result row of a rule: its cells, its identity, its times.
 *
 * Ownership: everything lives in the arena of the run. Threads: one run each. */
#ifndef DETECT_DETECT_ROW_H
#define DETECT_DETECT_ROW_H

#include "base/arena.h"
#include "base/json.h"
#include "base/ts.h"
#include "content/content_rule.h"
#include "detect/detect_window.h"
#include "kql/kql.h"

struct detect_row {
    const struct json *cells; /* an array, one cell a column */
    str                text;  /* the same as JSON text */
    uint64_t           id;    /* of all cells: the same row again */
    uint64_t           key;   /* of the mapped entities, or of all cells but times: the same matter again */
    ts                 start, end;
};

/* What the rows of one query have in common. */
struct detect_rows {
    const struct content_rule *rule;
    const struct kql_column   *columns;
    size_t                     n_columns;
    struct detect_span         window;
    struct arena              *arena;
    struct detect_row         *p;
    size_t                     n, cap;
};

/* Reads a row from its JSON text (kql_result_row). RC_LIMIT when the arena is full. */
must_check enum rc detect_row_add(struct detect_rows *rows, str text, struct err *err);

/* The index of a column, or -1. */
int detect_row_column(const struct detect_rows *rows, str name);
/* A cell as text: texts as they are, null as nothing, everything else as JSON. */
str detect_row_text(const struct detect_rows *rows, const struct detect_row *row, str column);
/* The cell itself; NULL when there is no such column. */
const struct json *detect_row_cell(const struct detect_rows *rows, const struct detect_row *row, str column);
/* A format with {{Column}} filled in, at most `max` bytes. */
str detect_row_format(const struct detect_rows *rows, const struct detect_row *row, str format, size_t max);

#endif
